/** What a run says, and what it keeps for the next one. */
import { z } from 'zod';
import { fidelityEvidenceSchema } from '../../judge/pairs/fidelity-evidence.ts';
import type { FidelityOutcome } from '../../wording/fidelity.ts';
import type { ModelInUse } from '../plan.ts';
import type { CheckUsage } from '../report.ts';

/** Our own prompts, and answers as counts of hashes. */
export const keptFidelitySchema = z.strictObject({
  schema: z.literal(2),
  /** The gateway, the models: evidence about another gateway says nothing of this one. */
  about: z.string(),
  /** The official model that answered: another snapshot has other border inputs. */
  snapshot: z.string(),
  prompts: z
    .array(
      z.strictObject({
        text: z.string(),
        temperature: z.number().nullable(),
        logprobs: z.boolean().optional(),
      }),
    )
    .min(1)
    .readonly(),
  gateway: fidelityEvidenceSchema,
  control: fidelityEvidenceSchema,
  sibling: fidelityEvidenceSchema,
});
export type KeptFidelity = z.output<typeof keptFidelitySchema>;

export interface FidelityReport extends FidelityOutcome {
  readonly schema: 1;
  readonly model: ModelInUse;
  /** Requests without an answer, by arm. */
  readonly failed: { readonly official: number; readonly gateway: number };
  readonly kept: KeptFidelity;
  /** Through this run, one entry for each round of questions. */
  readonly trace: readonly FidelityReport['comparisons'][];
  /** Of the search for prompts, and of the pairs. */
  readonly usage: CheckUsage;
}
