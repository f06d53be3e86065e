/** Somebody wants to go on: an advance when the gate is met, an approval where it asks for some, past it by force. */
import { findStage } from '../config/stages.ts';
import type { Actor } from './actor.ts';
import { answer, approve, commentOf, type Request, refuse, refuseAsImpossible } from './answer.ts';
import type { Command } from './command.ts';
import { type Asking, gapOf, lookAt } from './current-look.ts';
import { follow } from './follow.ts';
import type { Look } from './look.ts';
import { forceForward, goForward } from './moves.ts';
import { PAUSES_BY_NUMBERS, type PauseReason } from './reason.ts';
import { nextStage, stageOf } from './road.ts';
import { record, type Turn, withStage } from './turn.ts';
import { isRollingBack, isStarting } from './write-traffic.ts';

type Advance = Extract<Command, { kind: 'advance' }>;
type Force = Extract<Command, { kind: 'force' }>;

export function onAdvance(turn: Turn, request: Request, { to, dryRun }: Advance): Turn {
  const refused = refuseByPlace(turn, request, 'advance', to);
  if (refused !== null) return refused;
  if (turn.state.status.kind !== 'progressing') return refuseAsImpossible(turn, request, 'advance');
  const asking = askingOf(turn, request.by);
  const look = lookAt(turn, turn.now, asking);
  if (look === null) return refuseAsImpossible(turn, request, 'advance', 'stage_gone');
  const looked = { ...turn, look };
  if (dryRun) return foretell(looked, request, look);
  switch (look.decision.kind) {
    case 'advance':
    case 'complete':
      return approve(goForward(withApproval(looked, request), moverOf(request)), request);
    case 'hold':
      return look.decision.reasonCode === 'approvals_missing'
        ? countApproval(looked, request, asking.approvals)
        : refuseByGate(looked, request, look);
    default:
      // What the numbers ask for does not wait for the next look.
      return refuseByGate(follow(looked, look), request, look);
  }
}

const FORCED_FROM: readonly PauseReason[] = PAUSES_BY_NUMBERS;

export function onForce(turn: Turn, request: Request, { to, reason }: Force): Turn {
  const refused = refuseByPlace(turn, request, 'force', to);
  if (refused !== null) return refused;
  const { status } = turn.state;
  const mayGoOn =
    status.kind === 'progressing' || (status.kind === 'paused' && FORCED_FROM.includes(status.reason));
  if (!mayGoOn) return refuseAsImpossible(turn, request, 'force');
  const look = lookAt(turn, turn.now, askingOf(turn, request.by));
  if (look === null) return refuseAsImpossible(turn, request, 'force', 'stage_gone');
  const looked = { ...turn, look };
  // Two stages at once, or a config that nobody can read, are past no gate.
  const isBarred = look.elapsed === null || turn.state.brokenConfig !== null;
  if (isBarred) return refuseByGate(looked, request, barred(look));
  const { kind } = look.decision;
  if (kind === 'advance' || kind === 'complete') {
    return approve(goForward(withApproval(looked, request), moverOf(request)), request);
  }
  const forced = forceForward(looked, { ...moverOf(request), by: request.by, reason, gap: gapOf(look) });
  return approve(forced, request);
}

/** A rollback that is not done, a start that is not proven, or a stage that is not the next one. */
function refuseByPlace(
  turn: Turn,
  request: Request,
  command: 'advance' | 'force',
  to: string | null,
): Turn | null {
  const { state, config } = turn;
  if (state.status.kind === 'rolled-back' || isRollingBack(turn)) {
    return refuseAsImpossible(turn, request, command, isRollingBack(turn) ? 'rollback_running' : 'status');
  }
  if (state.status.kind === 'progressing' && isStarting(turn)) {
    return refuseAsImpossible(turn, request, command, 'starting');
  }
  if (stageOf(turn) === null) return refuseAsImpossible(turn, request, command, 'stage_gone');
  const next = nextStage(turn);
  if (to === null || (next !== null && findStage(config.rollout.stages, to) === next)) return null;
  const data = { asked: to, stage: state.stage.label, next: next?.label ?? null };
  return refuse(turn, request, { code: 'advance_target_refused', data });
}

function askingOf({ state }: Turn, by: Actor): Asking {
  const others = state.stage.approvals.filter((approval) => approval.by.id !== by.id);
  return { go: true, approvals: others.length + 1 };
}

function foretell(turn: Turn, request: Request, look: Look): Turn {
  const { kind } = look.decision;
  const gap = kind === 'advance' || kind === 'complete' ? null : gapOf(look);
  const data = { stage: turn.state.stage.label, next: nextStage(turn)?.label ?? null, gap };
  return answer(turn, request, { code: 'dry_run', data });
}

function refuseByGate(turn: Turn, request: Request, look: Look): Turn {
  const data = { stage: turn.state.stage.label, next: nextStage(turn)?.label ?? null, gap: gapOf(look) };
  return refuse(turn, request, { code: 'gate_not_met', data });
}

function barred(look: Look): Look {
  const reasonCode = look.elapsed === null ? 'gate_not_met' : 'config_broken';
  const missing = look.elapsed === null ? ([{ what: 'verification' }] as const) : [];
  return { ...look, decision: { kind: 'hold', reasonCode, metrics: [], missing } };
}

function countApproval(turn: Turn, request: Request, have: number): Turn {
  const { stage } = turn.state;
  const need = stageOf(turn)?.gate.approvals ?? 0;
  const data = { stage: stage.label, by: request.by, have, need };
  if (hasApproved(turn, request.by)) return answer(turn, request, { code: 'approved_before', data });
  return answer(withApproval(turn, request), request, { code: 'approved', data });
}

/** Each person counts once, and only where the gate asks for approvals. */
function withApproval(turn: Turn, request: Request): Turn {
  const { stage } = turn.state;
  const asked = stageOf(turn)?.gate.approvals ?? 0;
  if (asked === 0 || hasApproved(turn, request.by)) return turn;
  const comment = commentOf(request);
  const approval = { by: request.by, at: turn.now, comment };
  const counted = withStage(turn, { approvals: [...stage.approvals, approval] });
  return record(counted, 'approved', { by: request.by, comment, from: stage.label });
}

function hasApproved({ state }: Turn, by: Actor): boolean {
  return state.stage.approvals.some((approval) => approval.by.id === by.id);
}

function moverOf(request: Request) {
  return { by: request.by, comment: commentOf(request) };
}
