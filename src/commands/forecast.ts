/** Can the gates of a configuration pass at all? */
import type { Config } from '../config/schema.ts';
import { boundsOf } from '../config/told.ts';
import { forecastRollout } from '../judge/forecast.ts';
import { BOUNDS } from '../measure/histogram.ts';
import { forecastLines } from '../report/forecast.ts';

/** Nobody has measured anything when the configuration is checked: three sizes of traffic. */
const TASKS_PER_DAY = [2_000, 20_000, 200_000];
const ERROR_RATE = 0.005;

/** Lines that tell how long each production stage takes a healthy gateway. */
export function forecastOf(config: Config): readonly string[] {
  if (config.measure === null) return [];
  const { gateway, official } = config.measure;
  // A limit is decided by the coarser buckets of the two; of bounds that nobody knows, the best is hoped for.
  const bounds = [gateway, official]
    .map((source) => (source && boundsOf(source, 'latency')) ?? BOUNDS)
    .reduce((a, b) => (b.length < a.length ? b : a));
  const columns = TASKS_PER_DAY.map((tasksPerDay) => ({
    tasksPerDay,
    stages: forecastRollout(config, { tasksPerDay, errorRate: ERROR_RATE, bounds }),
  }));
  return forecastLines(columns, ERROR_RATE, config.rollout.max_duration);
}
