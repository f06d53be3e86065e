/** What the judge says: a verdict on each metric, and a notice. The state keeps both, so the schemas are the types. */
import { z } from 'zod';
import { isMetricName, type MetricName } from '../config/metrics.ts';
import { HEALTH_PROBLEMS } from './health.ts';
import { LIMIT_KINDS } from './limit-units.ts';
import { DATA_GAPS } from './method.ts';

/**
 * `pass`: proven within the limit. `fail`: proven outside it. `inconclusive`: neither yet. `no-data`: there is
 * nothing to judge. `error`: the data cannot be trusted. Missing data never passes.
 */
export const VERDICT_KINDS = ['pass', 'fail', 'inconclusive', 'no-data', 'error'] as const;
export type VerdictKind = (typeof VERDICT_KINDS)[number];

export const VERDICT_REASONS = [
  ...HEALTH_PROBLEMS,
  ...DATA_GAPS,
  /** More tasks are needed. */
  'undecided',
  /** The gateway's share is too small for warm caches: costs are shown, but not judged. */
  'cold_cache',
  /** The split is sticky, and no unit is recorded: independent tasks cannot be assumed. */
  'no_units',
] as const;
export type VerdictReason = (typeof VERDICT_REASONS)[number];

/** `frozen`: a limit that the judge set itself, where no official arm is left. */
const limitKind = z.enum([...LIMIT_KINDS, 'frozen']);

/** Null while the evidence says nothing, or where that side is open. */
const bound = z.number().nullable();
/** A value of one arm with its confidence interval, in the unit of the metric. */
const estimateSchema = z.object({ value: bound, low: bound, high: bound });
export type Estimate = z.output<typeof estimateSchema>;

const limitVerdictSchema = z.object({
  kind: limitKind,
  /** As the config writes it: percent, ratio, milliseconds, US dollars or tokens. */
  limit: z.number(),
  verdict: z.enum(VERDICT_KINDS),
  /** Compared with the official arm's past: it can hold or pause, but not roll back. */
  historical: z.boolean(),
  onFailure: z.enum(['rollback', 'pause']),
  /** The official arm violates the limit as well, so the gateway is not the cause. */
  officialToo: z.boolean(),
  /** The level that a failure of this limit reached; before it, the level that the whole evidence has to reach. */
  alphaOfFail: z.number(),
  /** For a failure that only the quick alarm shows: the hour of the road in which it began, or later. */
  sinceHour: z.number().nullable(),
});
export type LimitVerdict = z.output<typeof limitVerdictSchema>;

export const metricVerdictSchema = z.object({
  verdict: z.enum(VERDICT_KINDS),
  reasonCode: z.enum(VERDICT_REASONS).nullable(),
  guard: z.boolean(),
  /** Whether the stage needs its pass: not a guard, and not a default metric that the source does not report. */
  needed: z.boolean(),
  /** A rollout does not advance by itself without metrics of failures and of latency. */
  about: z.enum(['failure', 'latency', 'cost', 'retry', 'content']),
  /** Of `official` and `gateway`: percent, milliseconds, US dollars, tokens, or a plain ratio. */
  unit: z.enum(['share', 'duration', 'usd', 'tokens', 'ratio']),
  official: estimateSchema.nullable(),
  gateway: estimateSchema.nullable(),
  /** The limits of the config by their names there, and those that the judge froze. */
  limit: z.partialRecord(limitKind, z.number()),
  limits: z.array(limitVerdictSchema),
  /**
   * For `inconclusive`: the tasks on the gateway and the milliseconds that a pass still needs at the current rates
   * and traffic; null where it would never pass. Of a sticky split instead: how many more users on the gateway, at
   * the next date. In a stage of copies, `tasks` are copies.
   */
  stillNeeded: z
    .object({
      tasks: z.number(),
      time: z.number(),
      users: z.number().optional(),
      copies: z.literal(true).optional(),
    })
    .nullable(),
});
export type MetricVerdict = z.output<typeof metricVerdictSchema>;

const isMetric = (name: string): name is MetricName => isMetricName(name);

/** A regression that no limit forbids: nothing rolls back, but a person should know before more traffic moves. */
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

export type Verdicts = { readonly [Name in MetricName]?: MetricVerdict };
