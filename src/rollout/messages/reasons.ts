/** Why something is decided, why the rollout stands still or went back: a sentence for each code. */
import type { DecisionReason } from '../../judge/decide-look.ts';
import type { PauseReason, RollbackReason } from '../reason.ts';

const DECISIONS = {
  aborted_by_person: 'A person aborted the rollout.',
  rolled_back_by_person: 'A person asked for the rollback.',
  metric_failed: 'The gateway is proven to be beyond a limit.',
  both_arms_failed: 'Both arms are beyond a limit, so it is not the gateway.',
  cost_failed: 'A cost is beyond its limit.',
  historical_failed: 'The gateway is beyond a limit against what the official arm was before.',
  blind: 'The numbers stayed away for too long.',
  source_error: 'The source of measurements answers with an error.',
  stale_window: 'The newest window of measurements ended too long ago.',
  silent_arm: 'One arm shows no tasks where there should be many.',
  clock_skew: 'The clocks of the source and of the judge differ.',
  traffic_share: 'The tasks of the arms do not stand in the ratio that the stage says.',
  no_source_data: 'The source has no data of an arm.',
  paused: 'The rollout is paused.',
  gate_not_met: 'The gate still lacks something.',
  outside_advance_window: 'The gate is met, and this is no hour at which the rollout may advance by itself.',
  undecided: 'The numbers do not yet prove that every limit is kept.',
  undecided_too_long: 'The gate was not decided within `max_duration`.',
  no_failure_metric: 'No metric tells failures, and without one the rollout does not advance by itself.',
  no_latency_metric: 'No metric tells times, and without one the rollout does not advance by itself.',
  person_needed: 'The gate is met, and a person must say go.',
  approvals_missing: 'The gate is met, and approvals are missing.',
  gate_met: 'The gate is met.',
  config_broken: 'The newest config is not valid, and nothing advances until it is mended.',
  no_windows: 'Nothing was measured yet in this stage.',
} as const satisfies Record<DecisionReason | 'config_broken' | 'no_windows', string>;

/** @param code of a gap (decision.ts) */
export function decisionText(code: string): string {
  const known: Readonly<Record<string, string | undefined>> = DECISIONS;
  return (Object.hasOwn(known, code) ? known[code] : undefined) ?? 'The gate is not met.';
}

interface PauseText {
  readonly why: string;
  /** What a person does about it. */
  readonly next: string;
}

const RESUME = 'Comment `/resume-rollout` to go on, or `/rollback-rollout` to take the traffic back.';

export const PAUSES = {
  by_person: { why: 'A person paused it.', next: RESUME },
  rolled_back_to_stage: {
    why: 'A person took the traffic back to an earlier stage.',
    next: 'When the cause is mended, comment `/resume-rollout`: the stage gathers new evidence.',
  },
  issue_closed: {
    why: 'The issue was closed by hand. The traffic stays where it is.',
    next: 'Reopen the issue and comment `/resume-rollout` to go on, or `/abort-rollout` to end the rollout.',
  },
  metric_failed: {
    why: 'The gateway is proven to be beyond a limit, and the config says `on_failure: pause`.',
    next: 'Comment `/rollback-rollout` to take the traffic back. `/resume-rollout` goes on once the cause is mended.',
  },
  both_arms_failed: {
    why: 'Both arms are beyond an absolute limit, so it is not the gateway.',
    next: 'Find what ails both arms, then comment `/resume-rollout`.',
  },
  cost_failed: {
    why: 'A cost is beyond its limit. Requests are served, so the traffic stays where it is.',
    next: 'Accept it with a wider limit in the config, or comment `/rollback-rollout`.',
  },
  historical_failed: {
    why: 'The gateway is beyond a limit against what the official arm was before. No official arm is left to compare with, so the day itself may be the cause.',
    next: RESUME,
  },
  blind: {
    why: 'The numbers stayed away for too long, and nobody can say how the gateway does.',
    next: 'Mend the source of measurements, then comment `/resume-rollout`, or `/rollback-rollout` until it is mended.',
  },
  undecided_too_long: {
    why: 'The gate was not decided within `max_duration`. It neither passed nor failed.',
    next: 'Comment `/resume-rollout` to give it as long again, widen the limit in the config, or advance with `/advance-rollout --force --reason "…"`.',
  },
  traffic_not_written: {
    why: 'A traffic target could not be written, so production may not stand where the stage says.',
    next: 'Mend the target, then comment `/resume-rollout` to write it again, or `/rollback-rollout`.',
  },
  traffic_drifted: {
    why: 'A traffic target no longer holds what the stage says. Somebody else changed it.',
    next: 'Comment `/resume-rollout` to write the share of the stage again, or `/rollback-rollout`.',
  },
  stage_gone: {
    why: 'The config no longer has the stage at which the rollout stands.',
    next: 'Put the stage back into the config, or comment `/rollback-rollout` and then `/retry-rollout` to begin again with the new stages.',
  },
  policy: {
    why: "The config's `policy` forbids the rollout.",
    next: 'Change the policy or the code that it names, on the default branch; then comment `/resume-rollout`.',
  },
  start_refused: {
    why: 'A traffic target cannot be written, so the rollout does not start.',
    next: 'Mend the target, then comment `/resume-rollout` to try again.',
  },
} as const satisfies Record<PauseReason, PauseText>;

export const ROLLBACKS = {
  by_person: 'A person asked for it.',
  metric_failed: 'The gateway is proven to be beyond a limit.',
  blind: 'The numbers stayed away for too long, and the config says `on_blind: rollback`.',
} as const satisfies Record<RollbackReason, string>;
