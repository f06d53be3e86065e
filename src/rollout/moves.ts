/** The moves of a rollout along its road: to the next stage, to completion, back, and to the end by an abort. */
import { withoutCounts } from '../judge/kept.ts';
import type { Actor } from './actor.ts';
import type { Purpose } from './effect.ts';
import type { Gap } from './gap.ts';
import type { MessageData, MessageOf } from './message.ts';
import { addPast, tasksPerDay } from './past-windows.ts';
import type { RollbackReason } from './reason.ts';
import { isWatchNext } from './road.ts';
import { areSameShares, NO_SHARES, sharesAt } from './shares.ts';
import type { RolloutState } from './state.ts';
import { NO_ARMS } from './stored-counts.ts';
import { addEffects, record, say, type Turn, withStage, withState, withStatus } from './turn.ts';
import { NEW_STAGE, withNewEvidence, writeTraffic } from './write-traffic.ts';

/** Who asked for a move, and in which comment; `by` null: nobody, the rollout moves by itself. */
export interface Initiator {
  readonly by: Actor | null;
  readonly comment: number | null;
}

/** The label that history and messages use where no traffic is on the gateway. */
export const NO_TRAFFIC = '0%';

/** Advances by one stage; after the last one, to the watch, and then to completion. */
export function goForward(turn: Turn, { by, comment }: Initiator): Turn {
  const { stage } = turn.state;
  const next = turn.config.rollout.stages[stage.index + 1];
  if (isWatchNext(turn)) return beginWatch(turn, { by, comment });
  if (next === undefined) return complete(turn, { by, comment });
  const entered = enterStage(leaveStage(turn, {}), stage.index + 1);
  const recorded = record(entered, 'advanced', { by, comment, from: stage.label, to: next.label });
  const approvals = stage.approvals.map((approval) => approval.by);
  const metrics = turn.look === null ? {} : turn.look.verdicts;
  const data = { from: stage.label, to: next.label, by, approvals, metrics };
  return say(recorded, { code: 'advanced', data });
}

/** Advances past a gate that is not met. The reason stays in the history and in the final report. */
export function forceForward(
  turn: Turn,
  { by, comment, reason, gap }: { by: Actor; comment: number | null; reason: string; gap: Gap | null },
): Turn {
  const { stage } = turn.state;
  const next = turn.config.rollout.stages[stage.index + 1] ?? null;
  const to = next?.label ?? null;
  const forced = record(turn, 'forced', { by, comment, reason, from: stage.label, to });
  const announced = say(forced, { code: 'forced', data: { from: stage.label, to, by, reason, gap } });
  const running = withStatus(announced, { kind: 'progressing' });
  if (isWatchNext(running)) return beginWatch(running, { by, comment }, true);
  if (next === null) return complete(running, { by, comment }, true);
  return enterStage(leaveStage(running, { forced: true }), stage.index + 1);
}

/**
 * Makes a stage of the config the current one: its shares are written where they differ, and its evidence starts from
 * zero.
 */
export function enterStage(turn: Turn, index: number, purpose: Purpose = 'advance'): Turn {
  const { config, state, now } = turn;
  const { stages, holdback } = config.rollout;
  const { traffic } = state.stage;
  const shares = sharesAt(stages, index, holdback);
  const stage = stages[index];
  const perDay = stage === undefined ? null : tasksPerDay(config, state.past, stage, now);
  const about = { index, label: stage?.label ?? state.stage.label, enteredAt: now, tasksPerDay: perDay };
  const entered = withStage(turn, { ...NEW_STAGE, ...about });
  const isThere = areSameShares(shares, traffic.shares) && traffic.verifiedAt !== null;
  return isThere ? withNewEvidence(entered) : writeTraffic(entered, shares, purpose);
}

/** The traffic stays; the limits that were frozen when the stage began stay, too, and the evidence starts from zero. */
function beginWatch(turn: Turn, { by, comment }: Initiator, forced = false): Turn {
  const { label, evidence } = turn.state.stage;
  const left = leaveStage(turn, { forced });
  const fresh = withNewEvidence(withStage(left, { ...NEW_STAGE, watching: true, enteredAt: turn.now }));
  const watching = withStage(fresh, { evidence: evidence && withoutCounts(evidence) });
  const recorded = record(watching, 'watching', { by, comment, from: label });
  return say(recorded, {
    code: 'watching',
    data: { stage: label, by, until: turn.now + turn.config.rollout.watch },
  });
}

/** Takes the traffic back to 0 %. Possible from everywhere, and before everything else that is pending. */
export function rollBack(
  turn: Turn,
  {
    by,
    comment,
    reason,
    words,
    gap,
  }: Initiator & { reason: RollbackReason; words: string | null; gap: Gap | null },
): Turn {
  const left = leaveStage(turn, { rolledBack: true });
  const back = withStatus(left, { kind: 'rolled-back', reason, since: turn.now });
  const written = writeTraffic(withStage(back, { approvals: [] }), NO_SHARES, 'rollback');
  return announceRollback(turn, written, comment, { to: NO_TRAFFIC, reason, by, words, gap });
}

/** Takes the traffic back to the shares of an earlier stage, and waits there for a person. */
export function rollBackTo(
  turn: Turn,
  index: number,
  { by, comment, words }: Initiator & { words: string | null },
): Turn {
  const to = turn.config.rollout.stages[index]?.label ?? turn.state.stage.label;
  const left = leaveStage(turn, { rolledBack: true });
  const paused = withStatus(left, { kind: 'paused', reason: 'rolled_back_to_stage', since: turn.now });
  const entered = enterStage(paused, index, 'rollback');
  return announceRollback(turn, entered, comment, { to, reason: 'by_person', by, words, gap: null });
}

/**
 * Records and announces a rollback; the issue of a completed rollout is reopened.
 * @param before the turn before the rollback
 */
function announceRollback(
  before: Turn,
  after: Turn,
  comment: number | null,
  about: Omit<MessageData['rolled_back'], 'from'>,
): Turn {
  const { stage, status } = before.state;
  const data = { from: stage.label, ...about };
  const { by, to, reason, words } = about;
  const entry = { by, comment, from: stage.label, to, reason: words ?? reason };
  const announced = say(record(after, 'rolled_back', entry), { code: 'rolled_back', data, mention: true });
  return status.kind === 'completed' ? addEffects(announced, { kind: 'reopen_issue' }) : announced;
}

/** Takes the traffic back and ends the rollout for good. */
export function abort(
  turn: Turn,
  { by, comment, words }: { by: Actor; comment: number | null; words: string | null },
): Turn {
  const { label } = turn.state.stage;
  const left = leaveStage(turn, { rolledBack: true });
  const over = withStatus(left, { kind: 'aborted', at: turn.now });
  const written = writeTraffic(over, NO_SHARES, 'rollback');
  const recorded = record(written, 'aborted', { by, comment, from: label, to: NO_TRAFFIC, reason: words });
  const announced = say(recorded, { code: 'aborted', data: { stage: label, by, words } });
  return addEffects(announced, { kind: 'close_issue', reason: 'not_planned' });
}

/** The last gate is met: the holdback is released, the report is written, the issue is closed. */
function complete(turn: Turn, { by, comment }: Initiator, forced = false): Turn {
  const { config, state } = turn;
  const { stages } = config.rollout;
  const { label, traffic } = state.stage;
  const over = withStatus(leaveStage(turn, { forced }), { kind: 'completed', at: turn.now });
  const whole = sharesAt(stages, stages.length - 1, 0);
  const written = areSameShares(whole, traffic.shares) ? over : writeTraffic(over, whole, 'advance');
  const recorded = record(written, 'completed', { by, comment, from: label });
  const announced = say(recorded, { code: 'completed', data: { by } });
  return addEffects(announced, { kind: 'close_issue', reason: 'completed' });
}

/** Keeps the results of the stage, for the report and for the baselines of later stages. */
function leaveStage(turn: Turn, how: { readonly forced?: boolean; readonly rolledBack?: boolean }): Turn {
  const { state, now } = turn;
  const { enteredAt, total, past, watching } = state.stage;
  const label = watching ? `${state.stage.label}, watch` : state.stage.label;
  // After a rollback or completion the stage has already been left.
  if (state.status.kind === 'rolled-back' || state.status.kind === 'completed') return turn;
  const { forced = false, rolledBack = false } = how;
  const left: RolloutState['left'][number] = { label, enteredAt, leftAt: now, forced, rolledBack, total };
  const kept = withState(turn, {
    left: [...state.left, left].slice(-LEFT_KEPT),
    past: addPast(state.past, past),
  });
  return withStage(kept, { past: [], total: NO_ARMS });
}

const LEFT_KEPT = 40;

/** The reply while the newest config is broken: nothing advances. */
export function blockedByConfig({ state }: Turn, next: string): MessageOf<'gate_not_met'> {
  const gap = { reasonCode: 'config_broken', missing: [], metrics: {} };
  return { code: 'gate_not_met', data: { stage: state.stage.label, next, gap } };
}
