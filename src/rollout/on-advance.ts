/** Somebody asks for the next stage: an advance when the gate is met, an approval where it needs some, or by force. */
import { findStage } from '../config/stages.ts';
import { actOnLook } from './act-on-look.ts';
import type { Actor } from './actor.ts';
import type { Command } from './command.ts';
import { currentLook, gapOf } from './current-look.ts';
import type { CommandEvent } from './event.ts';
import type { Look } from './look.ts';
import { forceForward, goForward } from './moves.ts';
import { PAUSES_BY_NUMBERS } from './reason.ts';
import { answerRegression } from './regression.ts';
import { confirm, initiatorOf, refuse, refuseAsImpossible, reply } from './reply.ts';
import { nextStage, stageOf } from './road.ts';
import { record, type Turn, withStage } from './turn.ts';
import { isRollingBack, isStarting } from './write-traffic.ts';

type Advance = Extract<Command, { kind: 'advance' }>;
type Force = Extract<Command, { kind: 'force' }>;

export function onAdvance(turn: Turn, event: CommandEvent, { to, dryRun }: Advance): Turn {
  const refused = refuseByStage(turn, event, 'advance', to);
  if (refused !== null) return refused;
  if (turn.state.status.kind !== 'progressing') return refuseAsImpossible(turn, event, 'advance');
  const approvals = approvalsWith(turn, event.by);
  const look = currentLook(turn, turn.now, { approvals });
  if (look === null) return refuseAsImpossible(turn, event, 'advance', 'stage_gone');
  if (dryRun) return answerDryRun({ ...turn, look }, event, look);
  const withLook = answerRegression({ ...turn, look }, event, look);
  switch (look.decision.kind) {
    case 'advance':
    case 'complete':
      return confirm(goForward(withApproval(withLook, event), initiatorOf(event)), event);
    case 'hold':
      return look.decision.reasonCode === 'approvals_missing'
        ? countApproval(withLook, event, approvals)
        : refuseByGate(withLook, event, look);
    default:
      // A rollback or a pause does not wait for the next look.
      return refuseByGate(actOnLook(withLook, look), event, look);
  }
}

export function onForce(turn: Turn, event: CommandEvent, { to, reason }: Force): Turn {
  const refused = refuseByStage(turn, event, 'force', to);
  if (refused !== null) return refused;
  const { status } = turn.state;
  const isForceable =
    status.kind === 'progressing' ||
    (status.kind === 'paused' && PAUSES_BY_NUMBERS.some((reason) => reason === status.reason));
  if (!isForceable) return refuseAsImpossible(turn, event, 'force');
  const look = currentLook(turn, turn.now, { approvals: approvalsWith(turn, event.by) });
  if (look === null) return refuseAsImpossible(turn, event, 'force', 'stage_gone');
  const withLook = answerRegression({ ...turn, look }, event, look);
  // Not even by force: the current stage's traffic must be verified, and the config must be valid.
  const isBlocked = look.elapsed === null || turn.state.brokenConfig !== null;
  if (isBlocked) return refuseByGate(withLook, event, blocked(look));
  const { kind } = look.decision;
  if (kind === 'advance' || kind === 'complete') {
    return confirm(goForward(withApproval(withLook, event), initiatorOf(event)), event);
  }
  const forced = forceForward(withLook, { ...initiatorOf(event), reason, gap: gapOf(look) });
  return confirm(forced, event);
}

/** Refuses while a rollback or the start is being written, and for a stage that is not the next one; else null. */
function refuseByStage(
  turn: Turn,
  event: CommandEvent,
  command: 'advance' | 'force',
  to: string | null,
): Turn | null {
  const { state, config } = turn;
  if (state.status.kind === 'rolled-back' || isRollingBack(turn)) {
    return refuseAsImpossible(turn, event, command, isRollingBack(turn) ? 'rollback_running' : 'status');
  }
  if (state.status.kind === 'progressing' && isStarting(turn)) {
    return refuseAsImpossible(turn, event, command, 'starting');
  }
  if (stageOf(turn) === null) return refuseAsImpossible(turn, event, command, 'stage_gone');
  const next = nextStage(turn);
  if (to === null || (next !== null && findStage(config.rollout.stages, to) === next)) return null;
  return refuse(turn, event, { code: 'advance_target_refused', data: { asked: to, ...atGate(turn) } });
}

/** Different people who approve, including the one who asks now. */
function approvalsWith({ state }: Turn, by: Actor): number {
  const others = state.stage.approvals.filter((approval) => approval.by.id !== by.id);
  return others.length + 1;
}

function answerDryRun(turn: Turn, event: CommandEvent, look: Look): Turn {
  const { kind } = look.decision;
  const isMet = kind === 'advance' || kind === 'complete';
  return reply(turn, event, { code: 'dry_run', data: { ...atGate(turn), gap: isMet ? null : gapOf(look) } });
}

function refuseByGate(turn: Turn, event: CommandEvent, look: Look): Turn {
  return refuse(turn, event, { code: 'gate_not_met', data: { ...atGate(turn), gap: gapOf(look) } });
}

function atGate(turn: Turn) {
  return { stage: turn.state.stage.label, next: nextStage(turn)?.label ?? null };
}

function blocked(look: Look): Look {
  const reasonCode = look.elapsed === null ? 'gate_not_met' : 'config_broken';
  const missing = look.elapsed === null ? ([{ what: 'verification' }] as const) : [];
  return { ...look, decision: { kind: 'hold', reasonCode, metrics: [], missing } };
}

function countApproval(turn: Turn, event: CommandEvent, have: number): Turn {
  const { stage } = turn.state;
  const need = stageOf(turn)?.gate.approvals ?? 0;
  const data = { stage: stage.label, by: event.by, have, need };
  if (hasApproved(turn, event.by)) return reply(turn, event, { code: 'approved_before', data });
  return reply(withApproval(turn, event), event, { code: 'approved', data });
}

/** Each person counts once, and only where the gate needs approvals. */
function withApproval(turn: Turn, event: CommandEvent): Turn {
  const { stage } = turn.state;
  const asked = stageOf(turn)?.gate.approvals ?? 0;
  if (asked === 0 || hasApproved(turn, event.by)) return turn;
  const initiator = initiatorOf(event);
  const counted = withStage(turn, { approvals: [...stage.approvals, { ...initiator, at: turn.now }] });
  return record(counted, 'approved', { ...initiator, from: stage.label });
}

function hasApproved({ state }: Turn, by: Actor): boolean {
  return state.stage.approvals.some((approval) => approval.by.id === by.id);
}
