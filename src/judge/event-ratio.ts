/**
 * Is the gateway's rate of an event at most `limit` times the official one? A stratified conditional e-process (after
 * Lindon, Malek 2020, arXiv:2011.03567). Given an event in a stratum, it is the gateway's with probability r while the
 * limit just holds, whatever the rates of that stratum were. So bursts that hit both arms and shares that drift do not
 * count, nothing needs to be known beforehand, and the evidence adds up over strata.
 *
 * Why tasks may be counted, of which each has at most one event, and the share observed: let n and N be the tasks of
 * gateway and official in a stratum, K and M their expected events, c = 1/(1 + r(ρ−1)). The likelihood ratio of k and
 * m events is (ρc)^k c^m. A task with probability p multiplies its mean by 1 + p(ρc−1) ≤ exp(p(ρc−1)), so the mean of
 * the stratum is at most exp(K(ρc−1) + M(c−1)). At the limit K : M = r : 1−r, and r(ρc−1) + (1−r)(c−1) =
 * c(1 + r(ρ−1)) − 1 = 0; on the limit's other side it is smaller. So E is a supermartingale given n and N, whatever
 * the probabilities of single tasks, and by Ville's inequality E ≥ 1/α comes with probability α at most.
 */
import { floorToStep } from './method.ts';
import { type Evidence, LN_FACTORS, NO_EVIDENCE } from './mixture.ts';
import type { StratumCount } from './strata.ts';

/**
 * What one stratum adds to the logarithms of the likelihood ratios.
 * @param limit the largest ratio of rates that is accepted
 * @returns zeros for a stratum in which one arm has no tasks: it says nothing about the ratio
 */
export function ratioEvidence({ gateway, official }: StratumCount, limit: number): Evidence {
  const all = gateway.events + official.events;
  if (gateway.tasks <= 0 || official.tasks <= 0 || all === 0) return NO_EVIDENCE;
  // r = s(1+δ) / (s(1+δ) + 1 − s), with the shares s and 1 − s as tasks.
  const expected = (gateway.tasks * limit) / (gateway.tasks * limit + official.tasks);
  // k ln(θ/r) + m ln((1−θ)/(1−r)), which is k ln ρ − (k+m) ln(1 + r(ρ−1)). Rounded down: less evidence is still valid.
  const logOf = (lnFactor: number) =>
    floorToStep(gateway.events * lnFactor - all * Math.log1p(expected * Math.expm1(lnFactor)));
  // A gateway that equals the official arm is the limit's factor below the limit.
  const within = [-Math.max(0, Math.log(limit)), ...LN_FACTORS.map((factor) => -factor)];
  return { outside: LN_FACTORS.map(logOf), within: within.map(logOf) };
}
