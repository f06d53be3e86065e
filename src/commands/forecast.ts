/** Can the gates of a configuration pass at all? */
import { limitsOf } from '../config/metrics.ts';
import type { Config, RolloutStage } from '../config/schema.ts';
import { boundsOf, coverageGap, type Sources } from '../config/source-coverage.ts';
import { EXPECTED_SECONDS, forecastRollout } from '../judge/forecast.ts';
import { BOUNDS } from '../measure/histogram.ts';
import { forecastLines } from '../report/forecast.ts';

/** Nobody has measured anything when the configuration is checked: three sizes of traffic. */
const TASKS_PER_DAY = [2_000, 20_000, 200_000];
const ERROR_RATE = 0.005;

/** Lines that tell how long each production stage takes a healthy gateway. */
export function forecastOf(config: Config): readonly string[] {
  const { measure, rollout } = config;
  if (measure === null) return [];
  // A limit is decided by the coarser buckets of the two; of bounds that nobody knows, the best is hoped for.
  const bounds = [measure.gateway, measure.official]
    .map((source) => (source && boundsOf(source, 'latency')) ?? BOUNDS)
    .reduce((a, b) => (b.length < a.length ? b : a));
  const stages = rollout.stages.map((stage) => measurable(stage, measure));
  const told = { ...config, rollout: { ...rollout, stages } };
  return forecastLines({
    columns: TASKS_PER_DAY.map((tasksPerDay) => ({
      tasksPerDay,
      stages: forecastRollout(told, { tasksPerDay, errorRate: ERROR_RATE, bounds }),
    })),
    errorRate: ERROR_RATE,
    seconds: EXPECTED_SECONDS,
    maxDuration: rollout.max_duration,
    unmeasured: unmeasuredIn(rollout.stages, measure),
  });
}

/** The stage without the metrics that its sources cannot tell. */
function measurable(stage: RolloutStage, sources: Sources): RolloutStage {
  const known = limitsOf(stage.gate.metrics).filter(
    ([name, limit]) => coverageGap(sources, name, limit) === null,
  );
  return { ...stage, gate: { ...stage.gate, metrics: Object.fromEntries(known) } };
}

/** The metrics that gates wait for, and that the sources cannot tell. */
function unmeasuredIn(stages: readonly RolloutStage[], sources: Sources): readonly string[] {
  const names = stages
    .filter(({ kind }) => kind === 'share')
    .flatMap(({ gate }) => limitsOf(gate.metrics))
    .filter(([name, limit]) => !limit.guard && !limit.optional && coverageGap(sources, name, limit) !== null)
    .map(([name]) => name);
  return [...new Set(names)];
}
