/** How each kind of metric is measured on one arm: as a rate, a quantile, or a mean over windows. */
import { type Histogram, timedTasks } from '../measure/histogram.ts';
import type { Counts } from '../measure/measurement.ts';
import { type Least, ratioInterval, ratioOfSums } from './mean-ratio.ts';
import { type Gauge, gapReading, type Level, type Reading, type Sums, sumAt, totalOf } from './method.ts';
import { type Distribution, quantileInterval, quantileOf } from './quantile.ts';
import { type Count, isRateAbove, isRateBelow, rateInterval } from './rate.ts';
import type { EventsOf } from './strata.ts';

/** A share of tasks. Sums: slices that report it, events, tasks. */
export function rateGauge(eventsOf: EventsOf): Gauge {
  const countIn = (sums: Sums, effect: number): Count => {
    return { events: sumAt(sums, 1) / effect, tasks: sumAt(sums, 2) / effect };
  };
  return {
    contribution: (slices) => {
      const counts = slices.flatMap((slice) => eventsOf(slice) ?? []);
      return [counts.length, totalOf(counts, ({ events }) => events), totalOf(counts, ({ tasks }) => tasks)];
    },
    read: (sums, { alpha, concentration }, effect) => {
      const tasks = sumAt(sums, 2);
      if (tasks === 0) return gapReading(sumAt(sums, 0) === 0 ? 'not_measured' : 'no_tasks');
      const interval = rateInterval(countIn(sums, effect), alpha, concentration);
      return { gap: null, value: sumAt(sums, 1) / tasks, interval };
    },
    isAbove: (sums, limit, { alpha, concentration }, effect) =>
      isRateAbove(limit, countIn(sums, effect), alpha, concentration),
    isAtMost: (sums, limit, { alpha, concentration }, effect) =>
      isRateBelow(limit, countIn(sums, effect), alpha, concentration),
  };
}

/** The counts at the given bounds; NaN at a bound that the histogram does not have. */
export function countsAt(histogram: Histogram, bounds: readonly number[]): number[] {
  if (histogram.length === 0) return bounds.map(() => 0);
  // Within a stage, bounds hardly ever change.
  if (bounds.every((bound, index) => histogram[index]?.le === bound)) {
    return bounds.map((_, index) => histogram[index]?.count ?? Number.NaN);
  }
  const counts = new Map(histogram.map(({ le, count }) => [le, count]));
  return bounds.map((bound) => counts.get(bound) ?? Number.NaN);
}

/** A quantile of times, in seconds. Sums: slices that report it, tasks, cumulative counts at the bounds. */
export function quantileGauge(
  q: number,
  timesOf: (counts: Counts) => Histogram,
  bounds: readonly number[],
): Gauge {
  const intervalOf = (sums: Sums, { alpha, concentration }: Level, effect: number) => {
    const distribution = distributionOf(sums.slice(2), sumAt(sums, 1), bounds, effect);
    return quantileInterval(distribution, q, alpha, concentration);
  };
  return {
    contribution: (slices) => {
      const timed = slices.filter((slice) => timesOf(slice).length > 0 || slice.tasks === 0);
      const sums = bounds.map(() => 0);
      for (const slice of timed) {
        for (const [index, count] of countsAt(timesOf(slice), bounds).entries()) {
          sums[index] = (sums[index] ?? 0) + count;
        }
      }
      return [timed.length, totalOf(timed, (slice) => timedTasks(timesOf(slice))), ...sums];
    },
    read: (sums, level, effect) => {
      const tasks = sumAt(sums, 1);
      if (tasks === 0) return gapReading(sumAt(sums, 0) === 0 ? 'not_measured' : 'no_tasks');
      const value = quantileOf(distributionOf(sums.slice(2), tasks, bounds, 1), q);
      return { gap: null, value, interval: intervalOf(sums, level, effect) };
    },
    isAbove: (sums, limit, level, effect) =>
      sumAt(sums, 1) > 0 && intervalOf(sums, level, effect).low >= limit,
    isAtMost: (sums, limit, level, effect) =>
      sumAt(sums, 1) > 0 && intervalOf(sums, level, effect).high <= limit,
  };
}

/** A distribution as if it came from independent tasks. */
export function distributionOf(
  counts: Sums,
  tasks: number,
  bounds: readonly number[],
  effect: number,
): Distribution {
  return { bounds, counts: counts.map((count) => count / effect), tasks: tasks / effect };
}

/** Two amounts of a slice whose ratio is the metric, such as cost ÷ tasks. */
export interface RatioParts {
  readonly x: number;
  readonly y: number;
  /** Tasks (or attempts) whose amounts are known. */
  readonly known: number;
  readonly unknown: number;
}

export type RatioPartsOf = (counts: Counts) => RatioParts | null;

const LEAST_KNOWN_SHARE = 0.99;

/** With too many tasks of unknown price (or unknown tokens), the average of the others means nothing. */
export function isIncomplete(known: number, unknown: number): boolean {
  return known < LEAST_KNOWN_SHARE * (known + unknown);
}

/** Prices are decimals, so sums of equal ones differ in their last digits. */
const EQUAL = 1 + 1e-9;

/** A mean over windows. Sums: slices that report it, known, unknown, then those of mean-ratio.ts. */
export function meanGauge(partsOf: RatioPartsOf, scale: 'log' | 'linear', least: Least): Gauge {
  const read = (sums: Sums, { alpha }: Level, effect: number): Reading => {
    const gap = ratioGap(sums);
    if (gap !== null) return gapReading(gap);
    const ratio = sums.slice(RATIO_AT);
    const large = sumAt(sums, 1) >= least.tasks;
    const interval = large ? ratioInterval(ratio, scale, alpha, effect, least.windows) : null;
    return { gap: null, value: ratioOfSums(ratio), interval };
  };
  return {
    contribution: (slices) => {
      const parts = slices.flatMap((slice) => partsOf(slice) ?? []);
      const total = (key: keyof RatioParts) => totalOf(parts, (each) => each[key]);
      return [parts.length, total('known'), total('unknown'), ...ratioProducts(total('x'), total('y'))];
    },
    read,
    isAbove: (sums, limit, level, effect) =>
      (read(sums, level, effect).interval?.low ?? Number.NEGATIVE_INFINITY) > limit * EQUAL,
    isAtMost: (sums, limit, level, effect) =>
      (read(sums, level, effect).interval?.high ?? Number.POSITIVE_INFINITY) <= limit * EQUAL,
  };
}

/** Where the sums of mean-ratio.ts begin. */
export const RATIO_AT = 3;

/** What one window adds to the sums of a ratio; nothing where the divisor is 0. */
export function ratioProducts(x: number, y: number): number[] {
  return y > 0 ? [1, x, y, x * x, x * y, y * y] : [0, 0, 0, 0, 0, 0];
}

function ratioGap(sums: Sums): Reading['gap'] {
  if (sumAt(sums, 0) === 0) return 'not_measured';
  if (sumAt(sums, 1) + sumAt(sums, 2) === 0) return 'no_tasks';
  if (isIncomplete(sumAt(sums, 1), sumAt(sums, 2))) return 'incomplete';
  return ratioOfSums(sums.slice(RATIO_AT)) === null ? 'no_tasks' : null;
}
