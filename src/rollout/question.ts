/** What people are asked about a proven regression or another model, and how long their answer holds. */
import { z } from 'zod';
import type { Notice } from '../judge/verdict.ts';

/** On the road of a slice. */
export const questionSchema = z.object({
  slice: z.string().nullable(),
  /** The ratio that a person accepted; null while the question is open. */
  answered: z.number().nullable(),
});
export type Question = z.output<typeof questionSchema>;

/** What was proved of the gateway's model, also where later windows begin anew. */
export const provedModelSchema = z.object({
  verdict: z.enum(['other-model', 'differs']),
  /** A person asked to advance all the same. */
  isAccepted: z.boolean(),
});
export type ProvedModel = z.output<typeof provedModelSchema>;

/**
 * Whether the next advance waits. An answer holds until the lower end of the interval passes the ratio that was answered.
 * @param question null: nobody was asked
 */
export function isQuestionOpen(question: Question | null, notice: Notice | null): boolean {
  if (question === null) return notice !== null;
  return question.answered === null || (notice?.low ?? 0) > question.answered;
}
