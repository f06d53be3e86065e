/** Seeded random numbers, so that every run of a simulation is the same. */

/** A stream of uniform numbers in [0, 1) (sfc32, from PractRand by C. Doty-Humphrey). */
export type Random = () => number;

export function seeded(seed: number): Random {
  let [a, b, c, d] = [0x9e3779b9, 0x243f6a88, seed >>> 0, 1];
  const next = () => {
    const t = (a + b + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return (t >>> 0) / 2 ** 32;
  };
  for (let warmUp = 0; warmUp < 12; warmUp += 1) next();
  return next;
}

/** How many of `trials` come true, each with probability `p`; exact, by the gaps between successes. */
export function binomial(random: Random, trials: number, p: number): number {
  if (p <= 0 || trials <= 0) return 0;
  if (p >= 1) return trials;
  if (p > 0.5) return trials - binomial(random, trials, 1 - p);
  const lnMiss = Math.log1p(-p);
  let successes = 0;
  for (let at = -1; ; successes += 1) {
    at += 1 + Math.floor(Math.log(1 - random()) / lnMiss);
    if (at >= trials) return successes;
  }
}

export function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
