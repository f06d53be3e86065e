/** Seeded random numbers, so that every run of a simulation is the same. */

/** A stream of uniform numbers in [0, 1) (sfc32, from PractRand by C. Doty-Humphrey). */
export type Random = () => number;

/** Streams of different seeds or names are independent of each other. */
export function seeded(seed: number, name = 0): Random {
  let [a, b, c, d] = [0x9e3779b9, name >>> 0, seed >>> 0, 1];
  const next = () => {
    const t = (a + b + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return (t >>> 0) / 2 ** 32;
  };
  for (let warmUp = 0; warmUp < 15; warmUp += 1) next();
  return next;
}

/** From so many expected successes on rejection is cheaper than walking from success to success. */
const REJECTION_FROM = 10;

/** How many of `trials` come true, each with probability `p`; exact. */
export function binomial(random: Random, trials: number, p: number): number {
  if (!(p > 0) || trials <= 0) return 0;
  if (p >= 1) return trials;
  if (p > 0.5) return trials - binomial(random, trials, 1 - p);
  return trials * p < REJECTION_FROM ? bySuccesses(random, trials, p) : byRejection(random, trials, p);
}

/** By the gaps between successes, which are geometric. */
function bySuccesses(random: Random, trials: number, p: number): number {
  const lnMiss = Math.log1p(-p);
  let successes = 0;
  for (let at = -1; ; successes += 1) {
    at += 1 + Math.floor(Math.log(1 - random()) / lnMiss);
    if (at >= trials) return successes;
  }
}

/**
 * Transformed rejection (BTRS; W. Hörmann, The generation of binomial random variates, 1993): a constant number of
 * draws however many trials.
 */
function byRejection(random: Random, trials: number, p: number): number {
  const spread = Math.sqrt(trials * p * (1 - p));
  const b = 1.15 + 2.53 * spread;
  const a = -0.0873 + 0.0248 * b + 0.01 * p;
  const alpha = (2.83 + 5.1 / b) * spread;
  const mode = Math.floor((trials + 1) * p);
  const atMode = lnWays(trials, mode);
  const lnOdds = Math.log(p / (1 - p));
  for (;;) {
    const u = random() - 0.5;
    const v = random();
    const us = 0.5 - Math.abs(u);
    const successes = Math.floor(((2 * a) / us + b) * u + trials * p + 0.5);
    if (successes < 0 || successes > trials) continue;
    if (us >= 0.07 && v <= 0.92 - 4.2 / b) return successes;
    const lnHeight = Math.log((v * alpha) / (a / (us * us) + b));
    if (lnHeight <= lnWays(trials, successes) - atMode + (successes - mode) * lnOdds) return successes;
  }
}

function lnWays(trials: number, successes: number): number {
  return lnFactorial(trials) - lnFactorial(successes) - lnFactorial(trials - successes);
}

const LN_FACTORIALS: number[] = [0];

function lnFactorial(n: number): number {
  for (let known = LN_FACTORIALS.length; known <= n; known += 1) {
    LN_FACTORIALS.push((LN_FACTORIALS[known - 1] ?? 0) + Math.log(known));
  }
  return LN_FACTORIALS[n] ?? 0;
}

export function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Index of an item, each as often as its weight says (alias method; A. J. Walker 1977, M. D. Vose 1991). */
export function weightedPicker(weights: readonly number[]): (random: Random) => number {
  const size = weights.length;
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const height = Float64Array.from(weights, (weight) => (weight / total) * size);
  const alias = new Uint32Array(size);
  const low: number[] = [];
  const high: number[] = [];
  for (const [index, value] of height.entries()) (value < 1 ? low : high).push(index);
  for (let [few, many] = [low.pop(), high.at(-1)]; few !== undefined && many !== undefined; ) {
    alias[few] = many;
    const left = (height[many] ?? 0) - (1 - (height[few] ?? 0));
    height[many] = left;
    if (left < 1) low.push(high.pop() ?? many);
    [few, many] = [low.pop(), high.at(-1)];
  }
  // What rounding left over stands for itself.
  for (const index of [...low, ...high]) height[index] = 1;
  return (random) => {
    const at = random() * size;
    const index = Math.floor(at);
    return at - index < (height[index] ?? 1) ? index : (alias[index] ?? index);
  };
}
