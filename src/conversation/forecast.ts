/** How long the gates of a config take, and whether they can pass at all. */
import { limitsOf } from '../config/metrics.ts';
import type { Config, RolloutStage } from '../config/schema.ts';
import { boundsOf, coverageGap, type Sources } from '../config/source-coverage.ts';
import { EXPECTED_SECONDS, forecastRollout } from '../judge/forecast.ts';
import { BOUNDS } from '../measure/histogram.ts';
import { hasWatch } from '../rollout/road.ts';
import { cacheCaution } from '../wording/cache-advice.ts';
import { type ForecastText, forecastText } from './forecast-text.ts';

/** When the config is checked, the traffic is unknown: some sizes are assumed. */
const TASKS_PER_DAY = [500, 2_000, 20_000, 200_000];
const ERROR_RATE = 0.005;

/** How long a healthy gateway needs in each production stage; null where nothing is measured. */
export function forecastOf(config: Config): ForecastText | null {
  const { measure, rollout } = config;
  if (measure === null) return null;
  // The coarser buckets of the two decide a limit; unknown bounds are assumed to be our own.
  const bounds = [measure.gateway, measure.official]
    .map((source) => (source && boundsOf(source, 'latency')) ?? BOUNDS)
    .reduce((a, b) => (b.length < a.length ? b : a));
  const stages = rollout.stages.map((stage) => measurable(stage, measure));
  const measured = { ...config, rollout: { ...rollout, stages } };
  return forecastText({
    columns: TASKS_PER_DAY.map((tasksPerDay) => ({
      tasksPerDay,
      stages: forecastRollout(measured, { tasksPerDay, errorRate: ERROR_RATE, bounds }),
    })),
    errorRate: ERROR_RATE,
    seconds: EXPECTED_SECONDS,
    maxDuration: rollout.max_duration,
    unmeasured: unmeasuredIn(rollout.stages, measure),
    watch: hasWatch(config) ? rollout.watch : 0,
    caution: cacheCaution(config),
    proofsByUser: rollout.cluster === 'user' ? stages.flatMap(provenShare) : [],
  });
}

/** The stage without the metrics that its sources do not provide. */
function measurable(stage: RolloutStage, sources: Sources): RolloutStage {
  const known = limitsOf(stage.gate.metrics).filter(
    ([name, limit]) => coverageGap(sources, name, limit) === null,
  );
  return { ...stage, gate: { ...stage.gate, metrics: Object.fromEntries(known) } };
}

/** Percent, of a stage whose gate has to be proven beside the official arm. */
function provenShare(stage: RolloutStage): readonly number[] {
  const isProven = limitsOf(stage.gate.metrics).some(([, { guard }]) => !guard);
  return stage.kind === 'share' && stage.share < 100 && isProven ? [stage.share] : [];
}

/** The metrics that gates require but the sources do not provide. */
function unmeasuredIn(stages: readonly RolloutStage[], sources: Sources): readonly string[] {
  const names = stages
    .filter(({ kind }) => kind === 'share')
    .flatMap(({ gate }) => limitsOf(gate.metrics))
    .filter(([name, limit]) => !limit.guard && !limit.optional && coverageGap(sources, name, limit) !== null)
    .map(([name]) => name);
  return [...new Set(names)];
}
