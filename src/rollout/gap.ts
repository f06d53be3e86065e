/** What is missing between a stage and the next one, as the state and messages keep it for people. */
import { z } from 'zod';
import { metricVerdictSchema } from '../judge/verdict.ts';

export const shownVerdictsSchema = z.record(z.string(), metricVerdictSchema);
export type ShownVerdicts = z.output<typeof shownVerdictsSchema>;

/** A condition of a gate that does not hold yet. */
const missingSchema = z.discriminatedUnion('what', [
  z.object({
    what: z.enum(['tasks', 'copies', 'duration', 'approvals']),
    have: z.number(),
    need: z.number(),
  }),
  z.object({ what: z.enum(['workflows', 'checks', 'verification']) }),
]);
export type Missing = z.output<typeof missingSchema>;

export const gapSchema = z.object({
  reasonCode: z.string(),
  missing: z.array(missingSchema),
  /** The metrics that failed or have not passed yet. */
  metrics: shownVerdictsSchema,
});
export type Gap = z.output<typeof gapSchema>;
