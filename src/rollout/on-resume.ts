/** Resuming after a pause: its cause counts as fixed, and unfinished writes are done again. */

import type { CommandEvent } from './event.ts';
import { blockedByConfig } from './moves.ts';
import { policyRefusals } from './on-policy.ts';
import type { PauseReason } from './reason.ts';
import { confirm, initiatorOf, refuse, refuseAsImpossible } from './reply.ts';
import { stageOf } from './road.ts';
import { isSteppedBack } from './state.ts';
import { returnShare } from './step-back.ts';
import { addEffects, NEW_ROAD, record, say, type Turn, withStage, withState, withStatus } from './turn.ts';
import { afterTargetTest, hasDrift, isRollingBack, withNewEvidence, writeTraffic } from './write-traffic.ts';

/** Pauses that the same evidence would cause again: it is dropped. */
const JUDGED_ANEW: readonly PauseReason[] = [
  'metric_failed',
  'both_arms_failed',
  'cost_failed',
  'historical_failed',
  'other_model',
];

export function onResume(turn: Turn, event: CommandEvent): Turn {
  const { status, stage, brokenConfig } = turn.state;
  if (status.kind !== 'paused' && status.kind !== 'stepped-back')
    return refuseAsImpossible(turn, event, 'resume');
  if (stageOf(turn) === null) return refuseAsImpossible(turn, event, 'resume', 'stage_gone');
  const refusals = policyRefusals(turn);
  if (refusals.length > 0) {
    return refuse(turn, event, { code: 'start_refused_by_policy', data: { refusals: [...refusals] } });
  }
  const initiator = initiatorOf(event);
  const running = withStatus(turn, { kind: 'progressing' });
  const recovered = recover(running, status.kind === 'paused' ? status.reason : 'stepped_back');
  if (isSteppedBack(turn.state)) {
    if (isRollingBack(turn)) return refuseAsImpossible(turn, event, 'resume', 'rollback_running');
    if (brokenConfig !== null) return refuse(turn, event, blockedByConfig(turn, stage.label));
    return confirm(returnShare(recovered, initiator), event);
  }
  const resumed = writeAgain(recovered);
  const recorded = record(resumed, 'resumed', { ...initiator, to: stage.label });
  const data = { stage: stage.label, by: event.by };
  return confirm(say(recorded, { code: 'resumed', data }), event);
}

/** What a resume changes after a pause of that kind. */
function recover(turn: Turn, reason: PauseReason): Turn {
  const { stage } = turn.state;
  if (JUDGED_ANEW.includes(reason))
    return withStage(withNewEvidence(withState(turn, NEW_ROAD)), { verdicts: null });
  if (reason === 'undecided_too_long') return withStage(turn, { extensions: stage.extensions + 1 });
  if (reason === 'issue_closed') return addEffects(restartWatch(turn), { kind: 'reopen_issue' });
  return restartWatch(turn);
}

/** No windows were expected during the pause: silence and errors are counted from now on. */
function restartWatch(turn: Turn): Turn {
  const { traffic } = turn.state.stage;
  return withStage(turn, {
    silence: { gateway: 0, official: 0 },
    silentIntervals: 0,
    consecutiveErrors: 0,
    watchedSince: traffic.verifiedAt === null ? null : turn.now,
  });
}

/** Writes the shares again where a target refused them, does not hold them, or never got them. */
function writeAgain(turn: Turn): Turn {
  const { traffic } = turn.state.stage;
  const isUnderWay = turn.state.pending.some(({ effect }) => effect.kind === 'write_traffic');
  const isOpen = traffic.targets.some(
    (target) => target === 'failed' || (target === 'waiting' && !isUnderWay),
  );
  if (!isOpen && !hasDrift(turn)) return afterTargetTest(turn);
  return writeTraffic(turn, traffic.shares, traffic.verifiedAt === null ? traffic.purpose : 'advance');
}
