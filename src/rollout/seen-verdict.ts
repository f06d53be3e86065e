/** Verdicts of a look as they are kept for people: in the state, and in messages about a gate. */
import { z } from 'zod';
import { LIMIT_KINDS } from '../judge/claims.ts';
import { VERDICT_KINDS, VERDICT_REASONS } from '../judge/verdict.ts';
import type { Missing } from './stage-decision.ts';

const LIMITS = [...LIMIT_KINDS, 'frozen'] as const;

const bound = z.number().nullable();
const estimateSchema = z.object({ value: bound, low: bound, high: bound }).nullable();

const limitVerdictSchema = z.object({
  kind: z.enum(LIMITS),
  limit: z.number(),
  verdict: z.enum(VERDICT_KINDS),
  historical: z.boolean(),
  onFailure: z.enum(['rollback', 'pause']),
  officialToo: z.boolean(),
  alphaOfFail: z.number(),
  sinceHour: z.number().nullable(),
});

/** MetricVerdict of judge/, as JSON gives it back. */
export const seenVerdictSchema = z.object({
  verdict: z.enum(VERDICT_KINDS),
  reasonCode: z.enum(VERDICT_REASONS).nullable(),
  guard: z.boolean(),
  needed: z.boolean(),
  about: z.enum(['failure', 'latency', 'cost', 'retry', 'content']),
  unit: z.enum(['share', 'duration', 'usd', 'tokens', 'ratio']),
  official: estimateSchema,
  gateway: estimateSchema,
  limit: z.partialRecord(z.enum(LIMITS), z.number()),
  limits: z.array(limitVerdictSchema),
  stillNeeded: z.object({ tasks: z.number(), time: z.number() }).nullable(),
});
export type SeenVerdict = z.output<typeof seenVerdictSchema>;

/** By the metric's name. */
export const seenVerdictsSchema = z.record(z.string(), seenVerdictSchema);
export type SeenVerdicts = z.output<typeof seenVerdictsSchema>;

/** Missing of judge/: a condition of a gate that does not hold yet. */
export const missingSchema = z.discriminatedUnion('what', [
  z.object({ what: z.enum(['tasks', 'duration', 'approvals']), have: z.number(), need: z.number() }),
  z.object({ what: z.enum(['workflows', 'checks', 'verification']) }),
]) satisfies z.ZodType<Missing>;

/** What stands between a stage and the next one. */
export const gapSchema = z.object({
  /** DecisionReason of judge/. */
  reasonCode: z.string(),
  missing: z.array(missingSchema),
  /** Those metrics that are awaited or failed. */
  metrics: seenVerdictsSchema,
});
export type Gap = z.output<typeof gapSchema>;
