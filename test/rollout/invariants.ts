/** What holds at every step of every rollout, whatever happens. */

import type { Config } from '../../src/config/schema.ts';
import { isShadow, SHADOW } from '../../src/config/stages.ts';
import { decide, type Transition } from '../../src/rollout/decide.ts';
import type { RolloutEvent } from '../../src/rollout/event.ts';
import type { Rollout } from '../../src/rollout/road.ts';
import { areSameShares, isNothingOnGateway, sharesAt, wouldRaise } from '../../src/rollout/shares.ts';
import { isSteppedBack, type RolloutState } from '../../src/rollout/state.ts';

/** The invariants that one step breaks, in words; empty where all hold. */
export function brokenInvariants(
  before: Rollout,
  event: RolloutEvent,
  transition: Transition,
  now: number,
): string[] {
  const after = transition.state;
  const rules: readonly (readonly [string, boolean])[] = [
    ['forward by one stage at most', isOneStep(before, after, event)],
    [
      'forward only through a gate that is met, or by a recorded force',
      hasReasonForward(before, after, transition, event),
    ],
    [
      'the share is raised only by an advance, a retry or a start',
      hasReasonToRaise(before.state, after, event),
    ],
    [
      'the share is raised to what the stage says, while running, under a config that can be read',
      isRaisedRightly(before, after),
    ],
    ['no traffic is on the gateway while it is stepped back', isAway(after)],
    ['a stage copies requests, or moves users', copiesOrMoves(before.config, event, after)],
    [
      'a stage steps back twice at most, and then only takes traffic back',
      isRareStepBack(before.state, after),
    ],
    ['a command to roll back is obeyed', isRollbackObeyed(before, after, event)],
    ['what takes traffic back is done first', rollbacksFirst(after)],
    ['writes of an older generation are not pending', onlyNewestWrites(after)],
    ['after an abort nothing moves', isQuietAfterAbort(before.state, after)],
    ['the clock starts when the traffic is verified', isClockRight(after)],
    ['evidence is of this stage alone', isOwnEvidence(after)],
    ['lists stay bounded', isBounded(after)],
    ['the same event twice changes nothing', isIdempotent(before, after, event, now)],
  ];
  return rules.filter(([, holds]) => !holds).map(([rule]) => rule);
}

function copiesOrMoves({ rollout }: Config, event: RolloutEvent, { stage }: RolloutState): boolean {
  const { everything, slices } = stage.traffic.shares;
  const current = rollout.stages[stage.index];
  if (event.kind === 'config_changed' || current?.label !== stage.label) return true;
  return isShadow(current) ? everything === 0 : slices[SHADOW] === undefined;
}

function isOneStep({ state, config }: Rollout, after: RolloutState, event: RolloutEvent): boolean {
  if (event.kind === 'config_changed') return true;
  const first = Math.max(
    0,
    config.rollout.stages.findIndex(({ kind }) => kind === 'share'),
  );
  const retried = state.status.kind === 'rolled-back' && after.status.kind === 'progressing';
  if (retried) return after.stage.index <= Math.max(first, state.stage.index);
  return after.stage.index <= state.stage.index + 1;
}

function hasReasonForward(
  { state }: Rollout,
  after: RolloutState,
  { look }: Transition,
  event: RolloutEvent,
): boolean {
  const isForward =
    after.stage.index > state.stage.index ||
    (after.status.kind === 'completed' && state.status.kind !== 'completed');
  if (!isForward || event.kind === 'config_changed') return true;
  if (state.status.kind === 'rolled-back') return false;
  const news = after.history.slice(-4);
  const forced = news.some(
    (each) => each.kind === 'forced' && each.at >= state.stage.enteredAt && each.reason !== null,
  );
  if (event.kind === 'command' && event.command.kind === 'force') {
    return forced || look?.decision.kind === 'advance' || look?.decision.kind === 'complete';
  }
  return look !== null && (look.decision.kind === 'advance' || look.decision.kind === 'complete');
}

function hasReasonToRaise(before: RolloutState, after: RolloutState, event: RolloutEvent): boolean {
  if (!wouldRaise(before.stage.traffic.shares, after.stage.traffic.shares)) return true;
  if (event.kind === 'config_changed' || event.kind === 'config_broken') return false;
  const retried = before.status.kind === 'rolled-back' && after.status.kind === 'progressing';
  const returned = isSteppedBack(before) && after.status.kind === 'progressing';
  const entered = retried || returned || after.stage.index > before.stage.index;
  const proven = before.stage.traffic.purpose === 'probe';
  return entered || proven || after.status.kind === 'completed';
}

function isRaisedRightly({ state, config }: Rollout, after: RolloutState): boolean {
  const { stage, status, brokenConfig } = after;
  if (!wouldRaise(state.stage.traffic.shares, stage.traffic.shares)) return true;
  const { stages, holdback } = config.rollout;
  const due = sharesAt(stages, stage.index, status.kind === 'completed' ? 0 : holdback);
  const mayMove = status.kind === 'progressing' || status.kind === 'completed';
  return mayMove && brokenConfig === null && areSameShares(stage.traffic.shares, due);
}

function isAway(state: RolloutState): boolean {
  return !isSteppedBack(state) || isNothingOnGateway(state.stage.traffic.shares);
}

function isRareStepBack(before: RolloutState, { stage }: RolloutState): boolean {
  const isNew =
    stage.enteredAt === before.stage.enteredAt && stage.stepsBack.length > before.stage.stepsBack.length;
  return stage.stepsBack.length <= 2 && (!isNew || stage.traffic.purpose === 'rollback');
}

function isRollbackObeyed({ state }: Rollout, after: RolloutState, event: RolloutEvent): boolean {
  if (event.kind !== 'command' || event.command.kind !== 'rollback' || event.command.to !== null) return true;
  if (event.authority.role !== 'admin' || state.status.kind === 'aborted' || after === state) return true;
  return after.status.kind === 'rolled-back' && after.stage.traffic.shares.everything === 0;
}

function rollbacksFirst({ pending }: RolloutState): boolean {
  const takesBack = pending.map(
    ({ effect }) => effect.kind === 'write_traffic' && effect.purpose === 'rollback',
  );
  return takesBack.lastIndexOf(true) < takesBack.filter(Boolean).length;
}

function onlyNewestWrites({ pending, stage }: RolloutState): boolean {
  return pending.every(
    ({ effect }) =>
      effect.kind !== 'write_traffic' ||
      (effect.generation === stage.traffic.generation &&
        JSON.stringify(effect.shares) === JSON.stringify(stage.traffic.shares)),
  );
}

function isQuietAfterAbort(before: RolloutState, after: RolloutState): boolean {
  if (before.status.kind !== 'aborted') return true;
  const { shares } = after.stage.traffic;
  return (
    after.status.kind === 'aborted' &&
    after.stage.index === before.stage.index &&
    shares.everything === 0 &&
    Object.keys(shares.slices).length === 0
  );
}

function isClockRight({ stage }: RolloutState): boolean {
  const { traffic } = stage;
  const all = traffic.targets.every((target) => target === 'verified');
  return (traffic.verifiedAt !== null) === all && (traffic.verifiedAt === null || traffic.writtenAt !== null);
}

function isOwnEvidence({ stage }: RolloutState): boolean {
  const { evidence, traffic, stepsBack, enteredAt } = stage;
  if (evidence === null) return true;
  const from = evidence.sinceWritten.period?.from ?? Number.POSITIVE_INFINITY;
  const verified = evidence.sinceVerified.period?.from ?? Number.POSITIVE_INFINITY;
  // After a step back the stage continues with what it had.
  if (stepsBack.length > 0) return from >= enteredAt && verified >= enteredAt;
  return (
    from >= (traffic.writtenAt ?? Number.POSITIVE_INFINITY) &&
    verified >= (traffic.verifiedAt ?? Number.POSITIVE_INFINITY)
  );
}

function isBounded({ history, applied, pending, problems, left, past, stage }: RolloutState): boolean {
  return (
    history.length <= 50 &&
    applied.keys.length <= 300 &&
    applied.comments.length <= 300 &&
    pending.length <= 130 &&
    problems.length <= 30 &&
    left.length <= 40 &&
    past.length <= 40 &&
    stage.points.length <= 96
  );
}

function isIdempotent(before: Rollout, after: RolloutState, event: RolloutEvent, now: number): boolean {
  const config = configAfter(before, event, after);
  return decide({ config, state: after }, event, now).state === after;
}

/** The config in force after an event: the one whose text the state holds. */
export function configAfter({ config }: Rollout, event: RolloutEvent, after: RolloutState): Config {
  return event.kind === 'config_changed' && after.config.sha === event.source.sha ? event.config : config;
}
