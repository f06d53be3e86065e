/**
 * Method 2: is the gateway's rate of an event at most `limit` times the official one? A stratified conditional
 * e-process (after Lindon, Malek 2020, arXiv:2011.03567). Given an event in a stratum, it is the gateway's with
 * probability r while the limit just holds, whatever the rates of that stratum were. So bursts that hit both
 * arms and shares that drift do not count, and the evidence adds up over strata.
 *
 * Why tasks may be counted, of which each has at most one event, and the share observed: let n and N be the tasks of
 * gateway and official in a stratum, K and M their expected events, c = 1/(1 + r(ρ−1)). The likelihood ratio of k and
 * m events is (ρc)^k c^m. A task with probability p multiplies its mean by 1 + p(ρc−1) ≤ exp(p(ρc−1)), so the mean of
 * the stratum is at most exp(K(ρc−1) + M(c−1)). At the limit K : M = r : 1−r, and r(ρc−1) + (1−r)(c−1) =
 * c(1 + r(ρ−1)) − 1 = 0; on the limit's other side it is smaller. So E is a supermartingale given n and N, whatever
 * the probabilities of single tasks, and by Ville's inequality E ≥ 1/α comes with probability α at most.
 */
import { floorToStep } from './method.ts';
import { logSumExp } from './special.ts';
import type { StratumCount } from './strata.ts';

const ALTERNATIVES = 64;
const NEAREST_ALTERNATIVE = 1.02;
const FARTHEST_ALTERNATIVE = 50;

/** Logarithms of the 64 factors by which the truth may lie outside (or within) the limit, equally weighted. */
const LN_FACTORS: readonly number[] = Array.from({ length: ALTERNATIVES }, (_, j) => {
  const [first, last] = [Math.log(NEAREST_ALTERNATIVE), Math.log(FARTHEST_ALTERNATIVE)];
  return first + ((last - first) * j) / (ALTERNATIVES - 1);
});

/** `ρ − 1` and `1/ρ − 1` of each factor. */
const ABOVE = LN_FACTORS.map(Math.expm1);
const BELOW = LN_FACTORS.map((factor) => Math.expm1(-factor));

/** How many entries hold one direction of the evidence. */
export const EVIDENCE_LENGTH = ALTERNATIVES;

/**
 * What one stratum adds to the logarithms of the 64 likelihood ratios: first those for "outside the limit",
 * then those for "within".
 * @param limit the largest ratio of rates that is accepted
 * @returns 128 zeros for a stratum in which one arm has no tasks: it says nothing about the ratio
 */
export function ratioEvidence({ gateway, official }: StratumCount, limit: number): number[] {
  const evidence = new Array<number>(2 * ALTERNATIVES).fill(0);
  const all = gateway.events + official.events;
  if (gateway.tasks <= 0 || official.tasks <= 0 || all === 0) return evidence;
  // r = s(1+δ) / (s(1+δ) + 1 − s), with the shares s and 1 − s as tasks.
  const expected = (gateway.tasks * limit) / (gateway.tasks * limit + official.tasks);
  for (let j = 0; j < ALTERNATIVES; j += 1) {
    const factor = LN_FACTORS[j] ?? 0;
    // k ln(θ/r) + m ln((1−θ)/(1−r)), which is k ln ρ − (k+m) ln(1 + r(ρ−1)).
    // Rounded down: less evidence is still valid.
    const [above, below] = [Math.log1p(expected * (ABOVE[j] ?? 0)), Math.log1p(expected * (BELOW[j] ?? 0))];
    evidence[j] = floorToStep(gateway.events * factor - all * above);
    evidence[j + ALTERNATIVES] = floorToStep(-gateway.events * factor - all * below);
  }
  return evidence;
}

/**
 * `ln E` of one direction.
 * @param logs 64 summed logarithms
 * @param designEffect by how much clustered tasks count less than independent ones, at least 1
 */
export function lnRatioEvidence(logs: readonly number[], designEffect: number): number {
  return logSumExp(logs.map((log) => log / designEffect)) - Math.log(ALTERNATIVES);
}

/**
 * Whether `E ≥ 1/α`. Cheap when E is far below: a mean is never above its largest part.
 * @param first where the 64 logarithms begin in `logs`
 */
export function isRatioProven(
  logs: readonly number[],
  first: number,
  alpha: number,
  designEffect: number,
): boolean {
  const threshold = -Math.log(alpha);
  let largest = Number.NEGATIVE_INFINITY;
  for (let index = first; index < first + ALTERNATIVES; index += 1) {
    const log = logs[index] ?? Number.NEGATIVE_INFINITY;
    if (log > largest) largest = log;
  }
  if (largest / designEffect < threshold) return false;
  return lnRatioEvidence(logs.slice(first, first + ALTERNATIVES), designEffect) >= threshold;
}
