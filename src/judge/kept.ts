/** What is kept between two looks, as plain JSON: one value for the current stage, and one for the road of its slice. */
import { z } from 'zod';
import { type JudgedEvidence, withoutHours } from './evidence.ts';
import { readEvidence, writeEvidence, writtenEvidenceSchema } from './written-evidence.ts';

/** The evidence of one stage. */
export const keptStageSchema = z.strictObject({
  sinceWritten: writtenEvidenceSchema,
  sinceVerified: writtenEvidenceSchema,
});
export type KeptStage = z.output<typeof keptStageSchema>;

/** What outlives a stage: it belongs to one slice, and another slice starts it anew. */
export const keptRoadSchema = z.strictObject({
  schema: z.literal(1, { error: '1, the version of the road that this program reads' }),
  /** The model or workload; null for everything. */
  slice: z.string().nullable(),
  /** The quick alarm restarts at no hour before this moment, milliseconds since 1970. */
  restartsFrom: z.int().nullable(),
});
export type KeptRoad = z.output<typeof keptRoadSchema>;

/** Null: nothing was counted yet. */
export interface Kept {
  readonly stage: KeptStage | null;
  readonly road: KeptRoad | null;
}

export const NOTHING_KEPT: Kept = { stage: null, road: null };

export function writeStage({ sinceWritten, sinceVerified }: JudgedEvidence): KeptStage {
  return {
    sinceWritten: writeEvidence(sinceWritten),
    sinceVerified: writeEvidence(withoutHours(sinceVerified)),
  };
}

export function readStage({ sinceWritten, sinceVerified }: KeptStage): JudgedEvidence {
  const written = readEvidence(sinceWritten);
  return {
    sinceWritten: written,
    sinceVerified: { ...readEvidence(sinceVerified), baseline: written.baseline },
  };
}
