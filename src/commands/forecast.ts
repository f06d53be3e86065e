/** Can the gates of a configuration pass at all? */
import type { Config } from '../config/schema.ts';
import { forecastRollout } from '../judge/forecast.ts';
import { BOUNDS } from '../measure/histogram.ts';
import { forecastLines } from '../report/forecast.ts';

/** Nobody has measured anything when the configuration is checked: three sizes of traffic. */
const TASKS_PER_DAY = [2_000, 20_000, 200_000];
const ERROR_RATE = 0.005;

/** The bounds that OpenTelemetry recommends for the durations of generative AI clients, which double. */
const OTEL_BOUNDS = Array.from({ length: 14 }, (_, step) => 0.01 * 2 ** step);

/** Lines that tell how long each production stage takes a healthy gateway. */
export function forecastOf(config: Config): readonly string[] {
  if (config.measure === null) return [];
  const { gateway, official } = config.measure;
  const doubling = [gateway, official].some((source) => source?.preset === 'otel-genai');
  const bounds = doubling ? OTEL_BOUNDS : BOUNDS;
  const columns = TASKS_PER_DAY.map((tasksPerDay) => ({
    tasksPerDay,
    stages: forecastRollout(config, { tasksPerDay, errorRate: ERROR_RATE, bounds }),
  }));
  return forecastLines(columns, ERROR_RATE, config.rollout.max_duration);
}
