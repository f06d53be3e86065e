/** What the config says about a stage, as the judge needs it; for a live rollout and for a replay. */
import type { Gate } from '../config/gates.ts';
import type { Config, RolloutStage } from '../config/schema.ts';
import { isShadow, slicesAhead } from '../config/stages.ts';
import type { Measurement } from '../measure/measurement.ts';
import { EMPTY_BASELINE, learn } from './baseline.ts';
import { countLimits, followedRates, gaugedMetrics, type StageSetting } from './claims.ts';
import type { Baseline } from './kept.ts';
import { addSums, type Sums } from './method.ts';
import { armOf, EVERY_MODEL, type ModelFilter, strataOf } from './strata.ts';

export function stageSetting(config: Config, stage: RolloutStage): StageSetting {
  const { confidence, cluster } = config.rollout;
  const road = roadOf(config, stage);
  const last = config.rollout.stages.at(-1);
  return {
    gate: stage.gate,
    // The watch after the last stage of all is one more of its slice.
    productionStages: road.length + (hasWatch(config) && road.some((each) => each === last) ? 1 : 0),
    limitsOfRoad: countLimits(road.map((each) => ({ gate: each.gate, official: officialIn(config, each) }))),
    confidence,
    // Which requests are copied does not depend on their user.
    cluster: isShadow(stage) ? 'task' : cluster,
    models: modelsOf(config, stage),
    official: officialIn(config, stage),
    copies: isShadow(stage),
    ...(stage.kind === 'share' ? { share: stage.share } : {}),
  };
}

/**
 * The baseline of a stage, from the windows that `measure.baseline` reaches back to.
 * @param since when the stage began, milliseconds since 1970
 */
export function stageBaseline(
  config: Config,
  stage: RolloutStage,
  earlier: readonly Measurement[],
  since: number,
): Baseline {
  const { measure } = config;
  const recent =
    measure === null ? earlier : earlier.filter(({ window }) => window.to > since - measure.baseline);
  return freezeBaseline(recent, stageSetting(config, stage));
}

/**
 * Learns what counts as slow; where no official arm is left during the stage, keeps the sums of its past.
 * @param earlier measurements of any stages, in the order of time
 */
export function freezeBaseline(earlier: readonly Measurement[], setting: StageSetting): Baseline {
  const windows = earlier.map((measurement) => strataOf(measurement, setting.models));
  const learned = windows.reduce(
    (baseline, strata) => learn(baseline, strata, followedRates(setting, baseline)),
    EMPTY_BASELINE,
  );
  if (setting.official === 'concurrent') return learned;
  const history = gaugedMetrics(setting, learned).map(({ metric, gauge }) => {
    const sums = windows
      .map((strata) => gauge.contribution(armOf(strata, 'official')))
      .reduce<Sums>(addSums, []);
    return [metric, sums];
  });
  return { ...learned, history: Object.fromEntries(history) };
}

/** Whether production is watched before the rollout is complete: not where nobody measures it. */
export function hasWatch({ measure, rollout }: Config): boolean {
  return measure !== null && rollout.watch > 0;
}

/** The stages that move traffic of the stage's slice. */
function roadOf({ rollout }: Config, stage: RolloutStage): readonly RolloutStage[] {
  const slice = stage.kind === 'share' ? stage.slice : null;
  return rollout.stages.filter((each) => each.kind === 'share' && each.slice === slice);
}

function officialIn({ rollout }: Config, stage: RolloutStage): StageSetting['official'] {
  const isWhole = stage.kind === 'share' && stage.share - rollout.holdback >= 100;
  return isWhole && !isShadow(stage) ? 'history' : 'concurrent';
}

/**
 * A stage of one model counts it alone; a stage of everything leaves out models that an earlier stage put above its
 * share. Their source distinguishes workloads.
 */
function modelsOf({ models, rollout }: Config, stage: RolloutStage): ModelFilter {
  if (stage.kind !== 'share') return EVERY_MODEL;
  const names = models.map(({ name }) => name);
  if (stage.slice !== null)
    return names.includes(stage.slice) ? (model) => model === stage.slice : EVERY_MODEL;
  const ahead = slicesAhead(rollout.stages, stage);
  return (model) => !ahead.includes(model);
}

/** Percent of the stage's slice. The measured share comes first, since a window may lie before the full share. */
export function shareOf(stage: RolloutStage, { share }: Measurement, holdback: number): number | null {
  if (stage.kind !== 'share') return null;
  return share ?? Math.min(stage.share, 100 - holdback);
}

/** A production window in which an expected arm has no data. */
export function isWithoutData({ arms }: Measurement, stage: RolloutStage): boolean {
  if (stage.kind !== 'share') return false;
  return arms.gateway === null || (arms.official === null && stage.share < 100);
}

const DAYS = 3;
/** Fewer would say nothing; more are not needed, since every proof takes the tasks that it needs. */
const FEWEST = 100;
const MOST = 500;

/**
 * `min_tasks: auto`: how many tasks on the gateway a stage needs at least, from the traffic seen before it began.
 * @param share percent of the tasks that go to the gateway
 * @param tasksPerDay of both arms; null where none were seen
 */
export function leastTasks(asked: Gate['min_tasks'], share: number, tasksPerDay: number | null): number {
  if (asked !== 'auto') return asked;
  if (tasksPerDay === null) return MOST;
  return Math.min(MOST, Math.max(FEWEST, Math.round((DAYS * tasksPerDay * share) / 100)));
}
