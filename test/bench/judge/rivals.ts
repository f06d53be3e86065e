/** The rules that the judge is compared with: what people write who loop an ordinary test or a threshold. */
import type { Measurement } from '../../../src/measure/measurement.ts';

/** Sees window after window, and says at which it would have rolled back. */
export type Rival = (measurement: Measurement) => boolean;

/** In the order in which outcomes tell them. */
export const RIVALS = [
  { name: 'looped z-test', start: loopedZTest },
  { name: 'strikes', start: () => strikes() },
  { name: 'looped Mann-Whitney', start: loopedMannWhitney },
] as const;

const Z_95 = 1.959964;

/** A two-proportion z-test on all attempts so far, repeated at each look. */
function loopedZTest(): Rival {
  let [k, n, m, o] = [0, 0, 0, 0];
  return ({ arms }) => {
    k += arms.gateway?.failedAttempts ?? 0;
    n += arms.gateway?.attempts ?? 0;
    m += arms.official?.failedAttempts ?? 0;
    o += arms.official?.attempts ?? 0;
    const pooled = (k + m) / (n + o);
    const error = Math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / o));
    return error > 0 && Math.abs(k / n - m / o) / error > Z_95;
  };
}

/** At least 99 % of a window's attempts succeed; five windows below it within twenty roll back. */
function strikes({ success = 0.99, strikes: most = 5, within = 20 } = {}): Rival {
  const recent: boolean[] = [];
  return ({ arms: { gateway } }) => {
    const attempts = gateway?.attempts ?? 0;
    if (attempts > 0) recent.push(1 - (gateway?.failedAttempts ?? 0) / attempts < success);
    if (recent.length > within) recent.shift();
    return recent.filter(Boolean).length >= most;
  };
}

/** A two-sided Mann-Whitney test on the latencies of each window, by its histograms, with ties. */
function loopedMannWhitney(): Rival {
  let [ours, theirs]: [number[], number[]] = [[], []];
  return ({ arms }) => {
    ours = added(ours, perBucket(arms.gateway?.latency ?? []));
    theirs = added(theirs, perBucket(arms.official?.latency ?? []));
    return Math.abs(mannWhitney(ours, theirs)) > Z_95;
  };
}

function perBucket(histogram: readonly { readonly count: number }[]): number[] {
  return histogram.map(({ count }, index) => count - (histogram[index - 1]?.count ?? 0));
}

function added(a: readonly number[], b: readonly number[]): number[] {
  return b.map((value, index) => value + (a[index] ?? 0));
}

/** The standardised rank sum, positive where the first sample is larger. */
function mannWhitney(a: readonly number[], b: readonly number[]): number {
  const [n, m] = [total(a), total(b)];
  if (n === 0 || m === 0) return 0;
  let [below, rankSum, ties] = [0, 0, 0];
  for (const [index, count] of a.entries()) {
    const here = count + (b[index] ?? 0);
    rankSum += count * (below + (here + 1) / 2);
    ties += here ** 3 - here;
    below += here;
  }
  const all = n + m;
  const variance = ((n * m) / 12) * (all + 1 - ties / (all * (all - 1)));
  return variance > 0 ? (rankSum - (n * (n + 1)) / 2 - (n * m) / 2) / Math.sqrt(variance) : 0;
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
