/**
 * Method 1: a confidence sequence for the mean of events that happen or do not, by a beta-binomial mixture
 * (Robbins 1970; Howard, Ramdas, McAuliffe, Sekhon 2021, arXiv:1810.08240). Its error rate holds over all
 * looks together.
 */
import { deviance, stirlingError } from './special.ts';

/** Events among tasks. They need not be whole: counts are divided by the design effect, or reweighted. */
export interface Count {
  readonly events: number;
  readonly tasks: number;
}

/** A rate with its confidence sequence, all as fractions. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

const LEAST_CONCENTRATION = 0.001;

/** Below this, the logarithm of a rate does not fit into a double, and a single event rules the rate out. */
const LEAST_RATE = 1e-290;

/**
 * The concentration c of the mixture Beta(cp, c(1 − p)) that makes the sequence sharpest near a sample size.
 * @param tasks the sample size to be sharpest at
 * @param alpha the level of the statements
 */
export function concentrationFor(tasks: number, alpha: number): number {
  const log = 2 * Math.log(1 / alpha);
  return Math.max(tasks / (log + Math.log1p(log)) - 1, LEAST_CONCENTRATION);
}

/**
 * `ln M(p)`, the logarithm of the evidence against the rate p:
 * `ln B(cp + k, c(1−p) + t − k) − ln B(cp, c(1−p)) − k ln p − (t−k) ln(1−p)`,
 * written with deviances and Stirling errors so that nothing large cancels.
 * @param p above 0 and below 1
 */
export function lnEvidenceAgainstRate(p: number, { events, tasks }: Count, concentration: number): number {
  const q = 1 - p;
  const c = concentration;
  const total = c + tasks;
  const a = c * p + events;
  // In this order, because c q may be lost when it is added to a large number first.
  const b = c * q + (tasks - events);
  return (
    deviance(a, total * p) +
    deviance(b, total * q) +
    0.5 * Math.log(((total / a) * c * p * q) / b) +
    (stirlingError(a) - stirlingError(c * p)) +
    (stirlingError(b) - stirlingError(c * q)) +
    (stirlingError(c) - stirlingError(total))
  );
}

/**
 * The confidence interval of a rate: `{p : M(p) < 1/α}`.
 * @returns [0, 1] without tasks
 */
export function rateInterval(count: Count, alpha: number, concentration: number): Interval {
  const atLeast = (some: Count) => (some.tasks > 0 ? lowerBound(some, alpha, concentration) : 0);
  return { low: atLeast(count), high: 1 - atLeast(complement(count)) };
}

/** The tasks without the event; a lower bound of their rate is an upper bound of the event's. */
function complement({ events, tasks }: Count): Count {
  return { events: tasks - events, tasks };
}

/** Whether the rate is proven to be above `limit` at the level `alpha`. */
export function isRateAbove(limit: number, count: Count, alpha: number, concentration: number): boolean {
  if (!(count.tasks > 0) || count.events <= limit * count.tasks) return false;
  // Every rate is above a limit below 0.
  if (limit < LEAST_RATE) return limit < 0 || count.events > 0;
  return limit < 1 && lnEvidenceAgainstRate(limit, count, concentration) >= -Math.log(alpha);
}

/** Whether the rate is proven to be below `limit` at the level `alpha`. */
export function isRateBelow(limit: number, count: Count, alpha: number, concentration: number): boolean {
  return isRateAbove(1 - limit, complement(count), alpha, concentration);
}

/**
 * The largest rate below k/t that is ruled out; found on the log-odds, where the evidence is nearly a parabola,
 * by regula falsi (Illinois).
 */
function lowerBound(count: Count, alpha: number, concentration: number): number {
  const { events, tasks } = count;
  // One event alone is possible at any rate, however small.
  if (events <= 1) return 0;
  const threshold = -Math.log(alpha);
  const excess = (logOdds: number) =>
    lnEvidenceAgainstRate(1 / (1 + Math.exp(-logOdds)), count, concentration) - threshold;
  // With k = t the likeliest rate is 1 itself; start a little below.
  const likeliest = Math.min(events / tasks, 1 - 0.5 / (tasks + 1));
  let inside = Math.log(likeliest) - Math.log1p(-likeliest);
  if (excess(inside) >= 0) return likeliest;
  let step = 2 / Math.sqrt(1 + Math.min(events, tasks - events));
  let outside = inside - step;
  while (excess(outside) < 0) {
    if (outside < LEAST_LOG_ODDS) return 0;
    inside = outside;
    step *= 2;
    outside -= step;
  }
  return 1 / (1 + Math.exp(-rootBetween(excess, outside, inside)));
}

/** Below this, a double holds the rate as 0. */
const LEAST_LOG_ODDS = -600;
const LOG_ODDS_TOLERANCE = 1e-11;

/** The root of a function that is at least 0 at `positive` and below 0 at `negative`. */
function rootBetween(f: (x: number) => number, positive: number, negative: number): number {
  let [a, fa, b, fb] = [positive, f(positive), negative, f(negative)];
  let side = 0;
  for (let round = 0; round < 100 && Math.abs(a - b) > LOG_ODDS_TOLERANCE * (1 + Math.abs(a)); round += 1) {
    const x = (a * fb - b * fa) / (fb - fa);
    const fx = f(x);
    if (Math.abs(fx) < 1e-10) return x;
    if (fx >= 0) {
      [a, fa] = [x, fx];
      if (side === 1) fb /= 2;
      side = 1;
    } else {
      [b, fb] = [x, fx];
      if (side === -1) fa /= 2;
      side = -1;
    }
  }
  return a;
}
