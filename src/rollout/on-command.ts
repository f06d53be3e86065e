/** Commands and ticked boxes: is the person allowed, is it too late, then the command itself. */

import { isAllowed, requiredFor } from './actor.ts';
import type { Command } from './command.ts';
import type { EventOf } from './event.ts';
import { abort } from './moves.ts';
import { onAdvance, onForce } from './on-advance.ts';
import { onResume } from './on-resume.ts';
import { onRetry, onRollback } from './on-rollback.ts';
import { pause, waitForPerson } from './pause.ts';
import {
  type CommandOrTick,
  commandNameOf,
  confirm,
  initiatorOf,
  reactTo,
  refuse,
  refuseAsImpossible,
  reply,
} from './reply.ts';
import { nextStage } from './road.ts';
import { isOver, isRunning } from './state.ts';
import { say, type Turn } from './turn.ts';

export function onCommand(turn: Turn, event: EventOf<'command'>): Turn {
  const { command } = event;
  return denyWithoutRole(turn, event) ?? refuseOutdated(turn, event, command) ?? run(turn, event, command);
}

/** Ticking the current stage (it is done) and ticking the next one (it may start) both ask to advance. */
export function onBoxTicked(turn: Turn, event: EventOf<'box_ticked'>): Turn {
  const command = { kind: 'advance', to: null, dryRun: false } as const;
  return (
    denyWithoutRole(turn, event) ??
    refuseOtherBox(turn, event) ??
    refuseOutdated(turn, event, command) ??
    onAdvance(turn, event, command)
  );
}

function run(turn: Turn, event: EventOf<'command'>, command: Command): Turn {
  switch (command.kind) {
    case 'advance':
      return onAdvance(turn, event, command);
    case 'force':
      return onForce(turn, event, command);
    case 'rollback':
      return noteProblem(onRollback(turn, event, command), command);
    case 'retry':
      return onRetry(turn, event);
    case 'pause':
      return noteProblem(onPause(turn, event, command.reason), command);
    case 'resume':
      return onResume(turn, event);
    case 'abort':
      if (isOver(turn.state)) return refuseAsImpossible(turn, event, 'abort');
      return confirm(abort(turn, { ...initiatorOf(event), words: command.reason }), event);
    case 'status':
      return reply(turn, event, { code: 'status', data: {} });
    case 'help':
      return reply(turn, event, { code: 'help', data: {} });
    case 'start':
      return refuse(turn, event, { code: 'rollout_exists', data: { issue: turn.state.issue } });
    case 'unclear':
      return refuse(turn, event, { code: 'command_unclear', data: { problem: command.problem } });
  }
}

/** Reports the part of the command that was not understood, although the command was run. */
function noteProblem(turn: Turn, { kind, problem }: Extract<Command, { kind: 'rollback' | 'pause' }>): Turn {
  return problem === null ? turn : say(turn, { code: 'partly_understood', data: { command: kind, problem } });
}

/** Null where the person has the role. */
function denyWithoutRole(turn: Turn, event: CommandOrTick): Turn | null {
  const command = commandNameOf(event);
  const { by, authority } = event;
  const required = requiredFor(turn.config, command);
  if (isAllowed(required, authority)) return null;
  const box = event.kind === 'box_ticked';
  // What may be talk about a command is answered only where the command could have been meant.
  if (!box && event.command.kind === 'unclear' && command !== 'help') return turn;
  if (!box && event.outsider) return reactTo(turn, event, 'confused');
  const data = { command, required, actual: authority.role, by, box };
  return refuse(turn, event, { code: 'permission_denied', data });
}

function refuseOtherBox(turn: Turn, event: EventOf<'box_ticked'>): Turn | null {
  const { label, by } = event;
  const next = nextStage(turn)?.label ?? null;
  const isAsked = label !== null && (label === next || label === turn.state.stage.label);
  return isAsked ? null : refuse(turn, event, { code: 'box_refused', data: { label, next, by } });
}

/** Commands for the stage or status at which they were posted. Those that stop a rollout or only ask are never late. */
const TIMED: readonly Command['kind'][] = ['advance', 'force', 'resume', 'retry'];

/** Milliseconds: GitHub's times of comments are whole seconds. */
const CLOCK_STEP = 1000;

/** Refuses a command from before the current stage or status: it was meant for another one. */
function refuseOutdated(turn: Turn, event: CommandOrTick, { kind }: Command): Turn | null {
  const { stage, status } = turn.state;
  const since = 'since' in status ? Math.max(stage.enteredAt, status.since) : stage.enteredAt;
  const isInTime = event.at >= Math.floor(since / CLOCK_STEP) * CLOCK_STEP;
  if (isInTime || !TIMED.includes(kind)) return null;
  const data = { command: commandNameOf(event), stage: stage.label };
  return refuse(turn, event, { code: 'command_outdated', data });
}

function onPause(turn: Turn, event: EventOf<'command'>, words: string | null): Turn {
  const { status, stage } = turn.state;
  const about = { ...initiatorOf(event), words };
  if (isRunning(turn.state)) return confirm(pause(turn, 'by_person', about), event);
  if (status.kind !== 'paused') return refuseAsImpossible(turn, event, 'pause');
  const waiting = waitForPerson(turn, 'by_person', about);
  // An earlier pause is not attributed to the person who asks for one now.
  const data =
    waiting === turn
      ? { reason: status.reason, by: null, words: null }
      : { reason: 'by_person' as const, by: event.by, words };
  return reply(waiting, event, { code: 'paused', data: { stage: stage.label, ...data, gap: null } });
}
