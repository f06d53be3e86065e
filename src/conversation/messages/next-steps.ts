/** What a person does next. Why the rollout paused or rolled back is one table: wording/decisions.ts. */
import { type PauseReason, type RollbackReason, rollbackCode } from '../../rollout/reason.ts';
import { REASONS, sentenceOf } from '../../wording/decisions.ts';

const RESUME = 'Comment `/resume-rollout` to continue, or `/rollback-rollout` to take the traffic back.';

export const AFTER_PAUSE = {
  by_person: RESUME,
  rolled_back_to_stage: "Once it's fixed, comment `/resume-rollout`: the stage collects new evidence.",
  issue_closed:
    'The traffic stays as it is. Reopen the issue and comment `/resume-rollout` to continue, or `/abort-rollout` to end the rollout.',
  metric_failed:
    "The config says `on_failure: pause`. Comment `/rollback-rollout` to take the traffic back, or `/resume-rollout` once it's fixed.",
  both_arms_failed: "Find out what's wrong on both sides, then comment `/resume-rollout`.",
  cost_failed:
    'Requests still succeed, so the traffic stays as it is. Accept the cost with a wider limit in the config, or comment `/rollback-rollout`.',
  historical_failed: `There is no official arm left to compare with, so the day itself may be the cause. ${RESUME}`,
  blind:
    "The gateway's health is unknown. Fix the metrics source, then comment `/resume-rollout`; or comment `/rollback-rollout` until it is fixed.",
  undecided_too_long:
    'Comment `/resume-rollout` to give it the same time again, widen the limit in the config, or advance with `/advance-rollout --force --reason "…"`.',
  traffic_not_written:
    'Production may not match the stage. Fix the target, then comment `/resume-rollout` to write it again, or `/rollback-rollout`.',
  traffic_drifted:
    'Comment `/resume-rollout` to write the share of the stage again, or `/rollback-rollout` to take the traffic back.',
  stage_gone:
    'Put the stage back into the config, or comment `/rollback-rollout` and then `/retry-rollout` to restart with the new stages.',
  policy:
    'Change the policy, or the code that it names, on the default branch; then comment `/resume-rollout`.',
  start_refused: 'Fix the target, then comment `/resume-rollout` to try again.',
} as const satisfies Record<PauseReason, string>;

/** Why the rollout rolled back, as a sentence. */
export function rollbackWhy(reason: RollbackReason): string {
  return sentenceOf(REASONS[rollbackCode(reason)]);
}
