/**
 * Where both arms tell the probabilities of their answers (`top_logprobs`): does the gateway's distribution differ from the
 * official one in the same direction as before? The difference of a pair, projected on the sum of earlier ones at its
 * prompt, changes its sign when the arms are swapped, so bets on it are bets on paired differences (lean-evidence.ts).
 */
import { z } from 'zod';
import { addDifference, leanEvidenceSchema, lnLean, NO_LEAN_EVIDENCE } from './lean-evidence.ts';

/** The answers that were told, with their probabilities. */
export type Shares = Readonly<Record<string, number>>;

export const shareEvidenceSchema = z.object({
  /** By prompt and answer: the sum of the gateway's shares less the official ones. */
  gaps: z.record(z.string(), z.record(z.string(), z.number())),
  lean: leanEvidenceSchema,
});
export type ShareEvidence = z.output<typeof shareEvidenceSchema>;

/** A gateway may round what it tells: arms that are no farther apart are equal. Total variation. */
const ROUNDED = 0.005;

export const NO_SHARE_EVIDENCE: ShareEvidence = { gaps: {}, lean: NO_LEAN_EVIDENCE };

/** Bets on the pair by what came before it, and then learns from it. @returns `pull`: above 0 where it differs as before */
export function addShares(
  { gaps, lean }: ShareEvidence,
  prompt: string,
  { official, gateway }: { readonly official: Shares; readonly gateway: Shares },
): ShareEvidence & { readonly pull: number } {
  const earlier = new Map(Object.hasOwn(gaps, prompt) ? Object.entries(gaps[prompt] ?? {}) : []);
  // A gateway may tell fewer of them: as many of the most probable ones count on both arms.
  const told = Math.min(...[official, gateway].map((shares) => Object.keys(shares).length));
  const most = (shares: Shares) =>
    new Map(
      Object.entries(shares)
        .toSorted(([, a], [, b]) => b - a)
        .slice(0, told),
    );
  const [ours, theirs] = [most(official), most(gateway)];
  const answers = [...new Set([...earlier.keys(), ...ours.keys(), ...theirs.keys()])];
  const gap = answers.map((answer) => (theirs.get(answer) ?? 0) - (ours.get(answer) ?? 0));
  if (gap.reduce((sum, each) => sum + Math.abs(each), 0) < 2 * ROUNDED) return { gaps, lean, pull: 0 };
  const before = answers.map((answer) => earlier.get(answer) ?? 0);
  const pull = gap.reduce((sum, each, at) => sum + each * (before[at] ?? 0), 0);
  const after = answers.map((answer, at) => [answer, (before[at] ?? 0) + (gap[at] ?? 0)] as const);
  return {
    pull,
    gaps: { ...gaps, [prompt]: Object.fromEntries(after) },
    lean: addDifference(lean, pull),
  };
}

/** `ln E`. */
export const lnShareEvidence = ({ lean }: ShareEvidence): number => lnLean(lean, 'above');

/** The part of the answers in which the arms' distributions differ (total variation), over so many pairs. */
export function gapSize({ gaps }: ShareEvidence, pairs: number): number {
  const sizes = Object.values(gaps).flatMap((gap) => Object.values(gap).map(Math.abs));
  return pairs === 0 ? 0 : sizes.reduce((sum, each) => sum + each, 0) / (2 * pairs);
}
