/** Commands and ticked boxes: is the person allowed, is it too late, then the command itself. */

import { commandName, isAllowed, requiredFor } from './actor.ts';
import type { Command } from './command.ts';
import type { CommandEvent } from './event.ts';
import { abort } from './moves.ts';
import { onAdvance, onForce } from './on-advance.ts';
import { onResume } from './on-resume.ts';
import { onRetry, onRollback } from './on-rollback.ts';
import { pause, waitForPerson } from './pause.ts';
import { confirm, initiatorOf, reactTo, refuse, refuseAsImpossible, reply } from './reply.ts';
import { nextStage } from './road.ts';
import { isOver, isRunning } from './state.ts';
import { say, type Turn } from './turn.ts';

export function onCommand(turn: Turn, event: CommandEvent): Turn {
  return (
    denyWithoutRole(turn, event) ??
    refuseOtherBox(turn, event) ??
    refuseOutdated(turn, event) ??
    run(turn, event)
  );
}

function run(turn: Turn, event: CommandEvent): Turn {
  const { command } = event;
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
function denyWithoutRole(turn: Turn, event: CommandEvent): Turn | null {
  const { by, authority } = event;
  const command = commandName(event.command);
  const required = requiredFor(turn.config, command);
  if (isAllowed(required, authority)) return null;
  // What may be talk about a command is answered only where the command could have been meant.
  if (event.command.kind === 'unclear' && command !== 'help') return turn;
  if (event.outsider) return reactTo(turn, event, 'confused');
  const box = event.box !== undefined;
  const data = { command, required, actual: authority.role, by, box };
  return refuse(turn, event, { code: 'permission_denied', data });
}

/** Ticking the current stage (it is done) and ticking the next one (it may start) both ask to advance. */
function refuseOtherBox(turn: Turn, event: CommandEvent): Turn | null {
  if (event.box === undefined) return null;
  const { by, box } = event;
  const { label } = box;
  const next = nextStage(turn)?.label ?? null;
  const isAsked = label !== null && (label === next || label === turn.state.stage.label);
  return isAsked ? null : refuse(turn, event, { code: 'box_refused', data: { label, next, by } });
}

/** Commands for the stage or status at which they were posted. Those that stop a rollout or only ask are never late. */
const TIMED: readonly Command['kind'][] = ['advance', 'force', 'resume', 'retry'];

/** Milliseconds: GitHub's times of comments are whole seconds. */
const CLOCK_STEP = 1000;

/** Refuses a command from before the current stage or status: it was meant for another one. */
function refuseOutdated(turn: Turn, event: CommandEvent): Turn | null {
  const { stage, status } = turn.state;
  const since = 'since' in status ? Math.max(stage.enteredAt, status.since) : stage.enteredAt;
  const isInTime = event.at >= Math.floor(since / CLOCK_STEP) * CLOCK_STEP;
  if (isInTime || !TIMED.includes(event.command.kind)) return null;
  const data = { command: commandName(event.command), stage: stage.label };
  return refuse(turn, event, { code: 'command_outdated', data });
}

function onPause(turn: Turn, event: CommandEvent, words: string | null): Turn {
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
