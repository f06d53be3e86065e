/**
 * Do paired differences lean to one side? Null hypothesis: each difference is symmetric about 0, or lies to the other
 * side. Each bettor stakes a part λ of its money on the side that it tests, by the size of the difference:
 * `1 + λ tanh(D / 1.5ŝ)`, an odd function of D whose scale ŝ, the mean size so far, comes from earlier pairs alone. So each
 * product is a supermartingale, and so is the mean over λ; by Ville's inequality E ≥ 1/α comes with probability α at most.
 */
import { z } from 'zod';
import { logSumExp } from '../special.ts';

const STAKES = [0.1, 0.25, 0.5, 0.9] as const;
const LN_SHARE = -Math.log(STAKES.length);
const SCALE = 1.5;

export const leanEvidenceSchema = z.object({
  /** Differences other than 0, and the sum of their sizes. */
  count: z.int().min(0),
  size: z.number().min(0),
  /** By stake: the logarithm of what it won by betting on positive differences, and on negative ones. */
  lnAbove: z.array(z.number()),
  lnBelow: z.array(z.number()),
});
export type LeanEvidence = z.output<typeof leanEvidenceSchema>;

export const NO_LEAN_EVIDENCE: LeanEvidence = {
  count: 0,
  size: 0,
  lnAbove: STAKES.map(() => 0),
  lnBelow: STAKES.map(() => 0),
};

/** Bets on the difference by the scale of earlier ones, and then learns its size. The first shows the scale alone. */
export function addDifference(evidence: LeanEvidence, difference: number): LeanEvidence {
  if (difference === 0 || !Number.isFinite(difference)) return evidence;
  const { count, size } = evidence;
  const pull = count === 0 ? 0 : Math.tanh((difference * count) / (SCALE * size));
  const bet = (sign: 1 | -1) => (lnMoney: number, index: number) =>
    lnMoney + Math.log1p(sign * (STAKES[index] ?? 0) * pull);
  return {
    count: count + 1,
    size: size + Math.abs(difference),
    lnAbove: evidence.lnAbove.map(bet(1)),
    lnBelow: evidence.lnBelow.map(bet(-1)),
  };
}

/** `ln E` that the differences lean to that side. */
export function lnLean({ lnAbove, lnBelow }: LeanEvidence, side: 'above' | 'below'): number {
  return LN_SHARE + logSumExp(side === 'above' ? lnAbove : lnBelow);
}
