/** The evidence of the stage as the state keeps it: since the traffic was written, and since it was verified. */
import { z } from 'zod';
import type { StageEvidence } from '../judge/evidence.ts';
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
  // Only failures are looked for in the last hours, and they count since the traffic was written.
  const claims = sinceVerified.claims.map(({ whole }) => ({ whole, hours: [] }));
  return {
    sinceWritten: writeEvidence(sinceWritten),
    sinceVerified: writeEvidence({ ...sinceVerified, claims }),
  };
}

export function restoreEvidence({ sinceWritten, sinceVerified }: StoredEvidence): GatheredEvidence {
  const written = readEvidence(sinceWritten);
  return {
    sinceWritten: written,
    sinceVerified: { ...readEvidence(sinceVerified), baseline: written.baseline },
  };
}
