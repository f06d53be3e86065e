/** Which changes of the config leave the evidence of a stage without its meaning. */
import type { Config, RolloutStage } from '../config/schema.ts';
import { isDeepEqual } from './deep-equal.ts';

/** Whether evidence collected under one config does not count under the other. */
export function isOtherEvidence(
  before: Config,
  after: Config,
  stage: RolloutStage,
  now: RolloutStage,
): boolean {
  return !isDeepEqual(meaningOf(before, stage), meaningOf(after, now));
}

/** What the evidence of a stage depends on. */
function meaningOf(
  { official, gateway, models, workloads, measure, rollout }: Config,
  { gate }: RolloutStage,
) {
  const { stages, confidence, cluster, holdback, watch } = rollout;
  const road = stages.map((stage) => (stage.kind === 'share' ? [stage.slice, stage.share] : stage.kind));
  const source = measure && [measure.official, measure.gateway, measure.prices, measure.workflow];
  const asked = [gate.metrics, gate.min_tasks];
  return [
    official,
    gateway,
    models,
    workloads,
    source,
    road,
    confidence,
    cluster,
    holdback,
    watch > 0,
    asked,
  ];
}
