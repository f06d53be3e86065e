/**
 * The alternatives that the e-processes for rates bet on. Nobody knows by how much a gateway is outside a limit, or
 * within it, so each process is a mixture: the weighted mean of one likelihood ratio for each alternative.
 */
import { logSumExp } from './special.ts';

/** How many factors lie on one side of a limit. */
export const FACTORS = 32;
const NEAREST = 1.02;
const FARTHEST = 50;

/** `ln ρ` of the factors by which the truth may lie outside (or within) the limit: denser near 1, where most do. */
export const LN_FACTORS: readonly number[] = Array.from({ length: FACTORS }, (_, j) => {
  const [first, last] = [Math.log(NEAREST), Math.log(FARTHEST)];
  return first + (last - first) * (j / (FACTORS - 1)) ** 2;
});

/** Each factor stands for the stretch of `ln ρ` around it. */
const WIDTHS = LN_FACTORS.map((factor, j) => {
  return ((LN_FACTORS[j + 1] ?? factor) - (LN_FACTORS[j - 1] ?? 0)) / 2;
});
/** The same for every `ln ρ`. */
export const FLAT = normalised(WIDTHS);
/** `ρ⁻²`: small effects are likelier than large ones. */
export const DECAYING = normalised(WIDTHS.map((width, j) => width * Math.exp(-2 * (LN_FACTORS[j] ?? 0))));

/** `ln` of the weights for "outside the limit", by factor. */
export const OUTSIDE: readonly number[] = FLAT.map((flat, j) => {
  return Math.log(0.1 * flat + 0.9 * (DECAYING[j] ?? 0));
});

/** `ln` of the weights for "within the limit": first the gateway that equals the official arm, then by factor. */
export const WITHIN: readonly number[] = [
  Math.log(1 / 2),
  ...FLAT.map((flat, j) => Math.log(flat / 3 + (DECAYING[j] ?? 0) / 6)),
];

/** Logarithms of likelihood ratios, in the order of the weights. */
export interface Evidence {
  readonly outside: readonly number[];
  readonly within: readonly number[];
}

export const NO_EVIDENCE: Evidence = { outside: OUTSIDE.map(() => 0), within: WITHIN.map(() => 0) };

/** Two mixtures with half of the weight each. */
export function halves(lnWeights: readonly number[]): readonly number[] {
  return [...lnWeights, ...lnWeights].map((weight) => weight - Math.LN2);
}

/**
 * `ln E`, the logarithm of the weighted mean of likelihood ratios.
 * @param logs of the likelihood ratios; those of the mixture begin at `first`
 * @param effect by how much clustered tasks count less than independent ones, at least 1
 */
export function lnMixture(
  logs: readonly number[],
  first: number,
  lnWeights: readonly number[],
  effect: number,
): number {
  return logSumExp(lnWeights.map((weight, j) => weight + (logs[first + j] ?? 0) / effect));
}

/** Whether `E ≥ 1/α`. Cheap when E is far below: a sum is at most its largest part times their number. */
export function isProven(
  logs: readonly number[],
  first: number,
  lnWeights: readonly number[],
  alpha: number,
  effect: number,
): boolean {
  const threshold = -Math.log(alpha);
  const worthAdding = threshold - Math.log(lnWeights.length);
  for (let j = 0; j < lnWeights.length; j += 1) {
    if ((lnWeights[j] ?? 0) + (logs[first + j] ?? 0) / effect >= worthAdding)
      return lnMixture(logs, first, lnWeights, effect) >= threshold;
  }
  return false;
}

function normalised(weights: readonly number[]): readonly number[] {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}
