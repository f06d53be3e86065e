/** A regression that no limit forbids: nothing rolls back, but a person should know before more traffic moves. */
import { z } from 'zod';
import { isMetricName, type MetricName } from '../config/metrics.ts';

const isMetric = (name: string): name is MetricName => isMetricName(name);

/** The gateway is proven to be worse than the official arm. */
export const noticeSchema = z.object({
  metric: z.string().refine(isMetric),
  /** Gateway ÷ official; null where the official arm had no event. */
  ratio: z.number().nullable(),
  /** Its confidence interval; `high` is null where it is open. */
  low: z.number(),
  high: z.number().nullable(),
  /** Percent of the tasks of each arm. */
  gateway: z.number(),
  official: z.number(),
});
export type Notice = z.output<typeof noticeSchema>;
