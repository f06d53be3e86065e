/**
 * Is the gateway's rate of an event at most `factor` times the official one plus `points`? An e-process for two
 * Bernoulli streams by reverse information projection (Turner, Ly, Grünwald, "Generic E-variables for exact sequential
 * k-sample tests", arXiv:2106.02693).
 *
 * In a stratum with n tasks on the gateway and N on the official arm, an alternative says that their rates are g and p.
 * Of all pairs of rates on the limit, (q_g, q_o) minimises `n KL(g‖q_g) + N KL(p‖q_o)`; the likelihood ratio against
 * that pair is what the stratum contributes. It is valid for tasks with rates of their own: a task's factor is linear in
 * its rate; by the optimality of the projection the factors of all tasks add up to at most n + N while the limit holds;
 * so their product has a mean of at most 1, since a geometric mean is at most the arithmetic one. The limit must hold
 * in every stratum, the rates may differ from stratum to stratum, and p must come from earlier windows.
 */
import { floorToStep } from './method.ts';
import { type Evidence, LN_FACTORS, NO_EVIDENCE } from './mixture.ts';
import type { StratumCount } from './strata.ts';

/** The largest rate that is accepted, as a function of the official one: `factor · official + points`. */
export interface RateLimit {
  readonly factor: number;
  readonly points: number;
}

/**
 * What one stratum adds to the logarithms of the likelihood ratios. An alternative is `ρ` times the odds of the limit.
 * @param official the official rate that is expected from earlier windows, above 0 and below 1
 */
export function twoRateEvidence(count: StratumCount, official: number, limit: RateLimit): Evidence {
  const edge = limit.factor * official + limit.points;
  if (count.gateway.tasks <= 0 || count.official.tasks <= 0 || edge >= 1) return NO_EVIDENCE;
  const odds = edge / (1 - edge);
  const rateAt = (lnFactor: number) => (odds * Math.exp(lnFactor)) / (1 + odds * Math.exp(lnFactor));
  const logsOf = (rates: readonly number[]) => {
    let near = official;
    return rates.map((rate) => {
      near = projection(count, rate, official, limit, near);
      return floorToStep(logRatio(count, rate, official, limit, near));
    });
  };
  const equal = official < edge ? logsOf([official]) : [0];
  return {
    outside: logsOf(LN_FACTORS.map(rateAt)),
    within: [...equal, ...logsOf(LN_FACTORS.map((factor) => rateAt(-factor)))],
  };
}

/** `k ln(g/q_g) + (n−k) ln((1−g)/(1−q_g))` of the gateway, and the same of the official arm. */
function logRatio(
  { gateway, official }: StratumCount,
  rate: number,
  expected: number,
  { factor, points }: RateLimit,
  projected: number,
): number {
  return (
    logFactor(gateway.events, gateway.tasks, rate, factor * projected + points) +
    logFactor(official.events, official.tasks, expected, projected)
  );
}

function logFactor(events: number, tasks: number, rate: number, against: number): number {
  const difference = rate - against;
  return (
    events * Math.log1p(difference / against) + (tasks - events) * Math.log1p(-difference / (1 - against))
  );
}

const MOST_ROUNDS = 100;
const PRECISION = 1e-14;

/**
 * The official rate q_o of the pair on the limit that is nearest to the rates (g, p); the gateway's is
 * `factor · q_o + points`. The slope of the divergence rises with q_o, so its root is found by Newton's method inside a
 * bracket.
 * @param near where to begin
 */
function projection(
  { gateway, official }: StratumCount,
  rate: number,
  expected: number,
  { factor, points }: RateLimit,
  near: number,
): number {
  const onLimit = (rate - points) / factor;
  let low = Math.max(0, -points / factor, Math.min(expected, onLimit));
  let high = Math.min(1, (1 - points) / factor, Math.max(expected, onLimit));
  let q = near > low && near < high ? near : (low + high) / 2;
  for (let round = 0; round < MOST_ROUNDS && high - low > PRECISION * high; round += 1) {
    const ours = factor * q + points;
    const [spreadOurs, spread] = [ours * (1 - ours), q * (1 - q)];
    const pullOurs = (ours - rate) / spreadOurs;
    const pull = (q - expected) / spread;
    const slope = gateway.tasks * factor * pullOurs + official.tasks * pull;
    if (slope < 0) low = q;
    else high = q;
    // The second derivative of each divergence: (1 − pull (1 − 2q)) / (q (1 − q)).
    const curve =
      (gateway.tasks * factor * factor * (1 - pullOurs * (1 - 2 * ours))) / spreadOurs +
      (official.tasks * (1 - pull * (1 - 2 * q))) / spread;
    const next = q - slope / curve;
    if (Math.abs(next - q) <= PRECISION * q) return q;
    q = next > low && next < high ? next : (low + high) / 2;
  }
  return q;
}
