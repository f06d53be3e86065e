/** The evidence of the current stage: its plan, and how a window is added to it. */
import type { Config, RolloutStage } from '../config/schema.ts';
import { addWindow, noEvidence, planStage, type StagePlan } from '../judge/evidence.ts';
import type { JudgedEvidence } from '../judge/judge.ts';
import { stageBaseline, stageSetting } from '../judge/stage-setting.ts';
import type { Measurement } from '../measure/measurement.ts';
import { isDeepEqual } from './deep-equal.ts';
import { restoreEvidence, type StoredEvidence, storeEvidence } from './evidence.ts';
import { pastMeasurements } from './past-windows.ts';
import type { Rollout } from './road.ts';

export interface CurrentEvidence {
  readonly plan: StagePlan;
  readonly evidence: JudgedEvidence;
}

/** The plan of the stage, and its evidence so far. */
export function currentEvidence({ config, state }: Rollout, stage: RolloutStage): CurrentEvidence {
  const { evidence: stored, enteredAt } = state.stage;
  const setting = stageSetting(config, stage);
  if (stored === null) {
    const past = pastMeasurements(state.past, stage, enteredAt);
    const plan = planStage(setting, stageBaseline(config, stage, past, enteredAt));
    return { plan, evidence: { sinceWritten: noEvidence(plan), sinceVerified: noEvidence(plan) } };
  }
  const evidence = restoreEvidence(stored);
  return { plan: planStage(setting, evidence.sinceWritten.baseline), evidence };
}

/**
 * Adds a window.
 * @param verified whether it began after the traffic was verified; otherwise it can only count against the gateway
 */
export function addToEvidence(
  { plan, evidence }: CurrentEvidence,
  measurement: Measurement,
  verified: boolean,
): StoredEvidence {
  const written = addWindow(evidence.sinceWritten, plan, measurement);
  const sinceVerified = verified
    ? addWindow(evidence.sinceVerified, plan, measurement).evidence
    : evidence.sinceVerified;
  return storeEvidence({ sinceWritten: written.evidence, sinceVerified });
}

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
  const { stages, confidence, cluster, holdback } = rollout;
  const road = stages.map((stage) => (stage.kind === 'share' ? [stage.slice, stage.share] : stage.kind));
  const source = measure && [measure.official, measure.gateway, measure.prices, measure.workflow];
  const asked = [gate.metrics, gate.min_tasks];
  return [official, gateway, models, workloads, source, road, confidence, cluster, holdback, asked];
}
