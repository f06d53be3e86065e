/** Verdicts of a look as they are kept for people: in the state, and in messages about a gate. */
import { z } from 'zod';
import { metricVerdictSchema } from '../judge/verdict.ts';
import type { Missing } from './stage-decision.ts';

/** By the metric's name. */
export const seenVerdictsSchema = z.record(z.string(), metricVerdictSchema);
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
