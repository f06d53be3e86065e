/** What a person does next. Why the rollout paused or rolled back is one table: wording/decisions.ts. */
import type { Config } from '../../config/schema.ts';
import { isShadowLabel } from '../../config/stages.ts';
import type { Incident } from '../../rollout/incident.ts';
import { type PauseReason, type RollbackReason, rollbackCode } from '../../rollout/reason.ts';
import { percent, timeOfDay } from '../../wording/amounts.ts';
import { countedNoun, REASONS, sentenceOf } from '../../wording/decisions.ts';
import { copiesNote } from './names.ts';

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
  other_model:
    'Ask the gateway which model serves this name. Comment `/rollback-rollout` to take the traffic back, or `/resume-rollout` once it is the right one.',
  blind:
    "The gateway's health is unknown. Fix the metrics source, then comment `/resume-rollout`; or comment `/rollback-rollout` until it is fixed.",
  undecided_too_long:
    'Comment `/resume-rollout` to give it the same time again, widen the limit in the config, or advance with `/advance-rollout --force --reason "…"`.',
  stepped_back:
    'The traffic is at 0 %. Comment `/resume-rollout` to return the share and continue the stage, or `/rollback-rollout` to roll back for good.',
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

/** What follows a step back that ends by time. */
export function afterStepBack(config: Config | null): string {
  const then = config?.rollout.advance === 'manual' ? 'the App asks for approval' : 'the share returns';
  return `Then ${then}, and the stage continues with all its evidence. Comment \`/resume-rollout\` to return the share now, or \`/rollback-rollout\` to roll back for good.`;
}

/** `22 % of the tasks on the gateway failed between 11:15 and 11:30 UTC (official API: 0.4 %).` */
export function incidentText(incident: Incident | null, stageLabel: string): string {
  if (incident === null) return sentenceOf(REASONS.stepped_back) + copiesNote(stageLabel);
  const { from, to, gateway, official } = incident;
  const shown = (share: number) => percent(Number(share.toPrecision(2)));
  return `${shown(gateway)} of the ${countedNoun(isShadowLabel(stageLabel))} failed between ${timeOfDay(from)} and ${timeOfDay(to)} UTC (official API: ${shown(official)}).${copiesNote(stageLabel)}`;
}

export function rollbackWhy(reason: RollbackReason): string {
  return sentenceOf(REASONS[rollbackCode(reason)]);
}
