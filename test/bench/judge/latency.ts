/** How long simulated tasks take: log-normal, half of them within 1.4 s. */
import { binomial, type Random } from '../../support/random.ts';

/** Bounds of a histogram that was made for the purpose, in seconds, each 19 % above the one before. */
export const BOUNDS: readonly number[] = Array.from({ length: 17 }, (_, step) => 0.7 * 2 ** (step / 4));
export const SIGMA = 0.6;
export const LN_MEDIAN = Math.log(1.4);
const LN_BOUNDS = BOUNDS.map((bound) => Math.log(bound) - LN_MEDIAN);

/** By how much one arm is slower than usual. */
export interface Slowness {
  /** Factor on all times. */
  readonly latency: number;
  /** Factor on the share of tasks above every time. */
  readonly slow: number;
  /** A tenth of the tasks has a Pareto tail of index 1.1, without a mean to speak of. */
  readonly heavy: boolean;
}

/** Cumulative counts of tasks of which `served` were not failures. */
export function drawHistogram(random: Random, tasks: number, served: number, slowness: Slowness) {
  const shift = Math.log(slowness.latency);
  let [left, leftShare, count] = [served, 1, 0];
  const buckets = LN_BOUNDS.map((bound, index) => {
    const light = shareAbove((bound - shift) / SIGMA);
    const usual = slowness.heavy ? 0.9 * light + 0.1 * Math.min(1, Math.exp(-1.1 * (bound - shift))) : light;
    const above = Math.min(1, slowness.slow * usual);
    const here = binomial(random, left, 1 - above / leftShare);
    left -= here;
    leftShare = above;
    count += here;
    return { le: BOUNDS[index] ?? 0, count };
  });
  return [...buckets, { le: '+Inf' as const, count: tasks }];
}

/** Index of the first bound that is at least `exp(lnTimes)` times the median; 17 above all. */
export function bucketAt(lnTimes: number): number {
  return Math.min(BOUNDS.length, Math.max(0, Math.ceil((lnTimes - (LN_BOUNDS[0] ?? 0)) / (Math.LN2 / 4))));
}

/** Share of a normal distribution above z: Abramowitz and Stegun 26.2.17, to 7.5e-8. */
export function shareAbove(z: number): number {
  if (z < 0) return 1 - shareAbove(-z);
  const t = 1 / (1 + 0.2316419 * z);
  const series =
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * series;
}

const STEPS = 4096;

/** Quantiles of the normal distribution in the middles of 4,096 equally likely parts, by bisection. */
export const NORMAL_QUANTILES = Float64Array.from({ length: STEPS }, (_, step) => {
  const above = 1 - (step + 0.5) / STEPS;
  let [low, high] = [-6, 6];
  for (let round = 0; round < 40; round += 1) {
    const middle = (low + high) / 2;
    if (shareAbove(middle) > above) low = middle;
    else high = middle;
  }
  return low;
});

/** What tasks cost in US dollars: log-normal with a heavy right side. */
export const COSTS = NORMAL_QUANTILES.map((z) => 0.001 * Math.exp(z));

/** @param heavy a Pareto distribution of index 1.5, which has no variance */
export function drawCosts(random: Random, tasks: number, heavy = false): number {
  let sum = 0;
  for (let task = 0; task < tasks; task += 1) {
    sum += heavy ? 0.001 * (1 - random()) ** (-1 / 1.5) : (COSTS[Math.floor(random() * COSTS.length)] ?? 0);
  }
  return sum;
}
