/** The evidence of the stage as the state keeps it: since the traffic was written, and since it was verified. */
import { z } from 'zod';
import { withoutHours } from '../judge/evidence.ts';
import type { JudgedEvidence } from '../judge/judge.ts';
import { readEvidence, writeEvidence, writtenEvidenceSchema } from '../judge/written-evidence.ts';

export const evidenceSchema = z.object({
  sinceWritten: writtenEvidenceSchema,
  sinceVerified: writtenEvidenceSchema,
});
export type StoredEvidence = z.output<typeof evidenceSchema>;

export function storeEvidence({ sinceWritten, sinceVerified }: JudgedEvidence): StoredEvidence {
  return {
    sinceWritten: writeEvidence(sinceWritten),
    sinceVerified: writeEvidence(withoutHours(sinceVerified)),
  };
}

export function restoreEvidence({ sinceWritten, sinceVerified }: StoredEvidence): JudgedEvidence {
  const written = readEvidence(sinceWritten);
  return {
    sinceWritten: written,
    sinceVerified: { ...readEvidence(sinceVerified), baseline: written.baseline },
  };
}
