/** Why something is decided, why the rollout stands still or went back: a sentence for each code. */

import { DECISION_REASONS, type PauseReason, type RollbackReason } from '../../rollout/reason.ts';
import { REASONS, sentenceOf } from '../../wording/decisions.ts';

/** @param code of a gap (decision.ts) */
export function decisionText(code: string): string {
  return sentenceOf(REASONS[DECISION_REASONS.find((known) => known === code) ?? 'gate_not_met']);
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
