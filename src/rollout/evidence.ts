/** The evidence of the stage as the state keeps it: since the traffic was written, and since it was verified. */
import { z } from 'zod';
import { type StageEvidence, withoutHours } from '../judge/evidence.ts';
import { readEvidence, writeEvidence, writtenEvidenceSchema } from '../judge/written-evidence.ts';

export const evidenceSchema = z.object({
  sinceWritten: writtenEvidenceSchema,
  sinceVerified: writtenEvidenceSchema,
});
export type StoredEvidence = z.output<typeof evidenceSchema>;

/** Evidence of both kinds under the baseline that they share. */
export interface GatheredEvidence {
  readonly sinceWritten: StageEvidence;
  readonly sinceVerified: StageEvidence;
}

export function storeEvidence({ sinceWritten, sinceVerified }: GatheredEvidence): StoredEvidence {
  return {
    sinceWritten: writeEvidence(sinceWritten),
    sinceVerified: writeEvidence(withoutHours(sinceVerified)),
  };
}

export function restoreEvidence({ sinceWritten, sinceVerified }: StoredEvidence): GatheredEvidence {
  const written = readEvidence(sinceWritten);
  return {
    sinceWritten: written,
    sinceVerified: { ...readEvidence(sinceVerified), baseline: written.baseline },
  };
}
