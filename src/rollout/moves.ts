/** The moves of a rollout along its road: to the next stage, to completion, back, and to the end by an abort. */
import { withoutCounts } from '../judge/evidence.ts';
import type { Actor } from './actor.ts';
import type { Purpose } from './effect.ts';
import type { Gap } from './gap.ts';
import type { MessageData, MessageOf } from './message.ts';
import { addPast, tasksPerDay } from './past-windows.ts';
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
export function goForward(turn: Turn, initiator: Initiator): Turn {
  const { stage } = turn.state;
  const stepped = stepForward(turn, initiator);
  const to = turn.config.rollout.stages[stage.index + 1]?.label;
  if (to === undefined) return stepped;
  const recorded = record(stepped, 'advanced', { ...initiator, from: stage.label, to });
  const approvals = stage.approvals.map((approval) => approval.by);
  const metrics = turn.look?.verdicts ?? {};
  return say(recorded, {
    code: 'advanced',
    data: { from: stage.label, to, by: initiator.by, approvals, metrics },
  });
}

/** Advances past a gate that is not met. The reason stays in the history and in the final report. */
export function forceForward(
  turn: Turn,
  { reason, gap, ...initiator }: Initiator & { readonly by: Actor; reason: string; gap: Gap | null },
): Turn {
  const { index, label: from } = turn.state.stage;
  const to = turn.config.rollout.stages[index + 1]?.label ?? null;
  const forced = record(turn, 'forced', { ...initiator, reason, from, to });
  const announced = say(forced, { code: 'forced', data: { from, to, by: initiator.by, reason, gap } });
  return stepForward(withStatus(announced, { kind: 'progressing' }), initiator, true);
}

function stepForward(turn: Turn, initiator: Initiator, forced = false): Turn {
  const index = turn.state.stage.index + 1;
  if (isWatchNext(turn)) return beginWatch(turn, initiator, forced);
  if (turn.config.rollout.stages[index] === undefined) return complete(turn, initiator, forced);
  return enterStage(leaveStage(turn, { forced }), index);
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
function beginWatch(turn: Turn, { by, comment }: Initiator, forced: boolean): Turn {
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

type About = Omit<MessageData['rolled_back'], 'from' | 'to'>;

/** Takes the traffic back to 0 %. Possible from everywhere, and before everything else that is pending. */
export function rollBack(turn: Turn, { comment, ...about }: About & Initiator): Turn {
  const left = leaveStage(turn, { rolledBack: true });
  const back = withStatus(left, { kind: 'rolled-back', reason: about.reason, since: turn.now });
  const written = writeTraffic(withStage(back, { approvals: [] }), NO_SHARES, 'rollback');
  return announceRollback(turn, written, comment, NO_TRAFFIC, about);
}

/** Takes the traffic back to the shares of an earlier stage, and waits there for a person. */
export function rollBackTo(
  turn: Turn,
  index: number,
  { comment, ...about }: Initiator & { words: string | null },
): Turn {
  const to = turn.config.rollout.stages[index]?.label ?? turn.state.stage.label;
  const left = leaveStage(turn, { rolledBack: true });
  const paused = withStatus(left, { kind: 'paused', reason: 'rolled_back_to_stage', since: turn.now });
  const entered = enterStage(paused, index, 'rollback');
  return announceRollback(turn, entered, comment, to, { ...about, reason: 'by_person', gap: null });
}

/**
 * Records and announces a rollback; the issue of a completed rollout is reopened.
 * @param before the turn before the rollback
 */
function announceRollback(before: Turn, after: Turn, comment: number | null, to: string, about: About): Turn {
  const { stage, status } = before.state;
  const move = { from: stage.label, to };
  const entry = { ...move, by: about.by, comment, reason: about.words ?? about.reason };
  const data = { ...move, ...about };
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
function complete(turn: Turn, { by, comment }: Initiator, forced: boolean): Turn {
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
