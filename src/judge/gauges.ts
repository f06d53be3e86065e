/** How each kind of metric is measured on one arm: as a rate, a quantile, a mean over windows, or a plain ratio. */
import type { Histogram } from '../measure/histogram.ts';
import type { Counts } from '../measure/measurement.ts';
import { LEAST_TASKS, type RatioSums, ratioInterval, ratioOfSums } from './mean-ratio.ts';
import { at, type Gauge, gapReading, type Level, type Reading, type Sums, totalOf } from './method.ts';
import { type Distribution, quantileInterval, quantileOf } from './quantile.ts';
import { type Count, isRateAbove, isRateBelow, rateInterval } from './rate.ts';

/** Events among tasks in a slice; null where the source does not tell. */
export type EventsOf = (counts: Counts) => Count | null;

/** Tasks of which a histogram knows the time. */
export function timedTasks(histogram: Histogram): number {
  return histogram.at(-1)?.count ?? 0;
}

/** A share of tasks. Sums: slices that tell it, events, tasks. */
export function rateGauge(eventsOf: EventsOf): Gauge {
  const read = (sums: Sums, level: Level): Reading => {
    const [told, events, tasks] = [at(sums, 0), at(sums, 1), at(sums, 2)];
    if (tasks === 0) return gapReading(told === 0 ? 'not_measured' : 'no_tasks');
    const { alpha, concentration } = level;
    const interval = rateInterval(effective({ events, tasks }, level), alpha, concentration);
    return { gap: null, value: events / tasks, interval };
  };
  return {
    contribution: (slices) => {
      const counts = slices.flatMap((slice) => eventsOf(slice) ?? []);
      return [counts.length, totalOf(counts, ({ events }) => events), totalOf(counts, ({ tasks }) => tasks)];
    },
    read,
    isAbove: (sums, limit, level) => {
      const count = effective({ events: at(sums, 1), tasks: at(sums, 2) }, level);
      return isRateAbove(limit, count, level.alpha, level.concentration);
    },
    isAtMost: (sums, limit, level) => {
      const count = effective({ events: at(sums, 1), tasks: at(sums, 2) }, level);
      return isRateBelow(limit, count, level.alpha, level.concentration);
    },
  };
}

/** Counts as if they came from independent tasks. */
export function effective({ events, tasks }: Count, { designEffect }: Level): Count {
  return { events: events / designEffect, tasks: tasks / designEffect };
}

/** The counts at the given bounds; NaN at a bound that the histogram does not have. */
export function countsAt(histogram: Histogram, bounds: readonly number[]): number[] {
  if (histogram.length === 0) return bounds.map(() => 0);
  // Bounds hardly ever change within a stage.
  if (bounds.every((bound, index) => histogram[index]?.le === bound)) {
    return bounds.map((_, index) => histogram[index]?.count ?? Number.NaN);
  }
  const counts = new Map(histogram.map(({ le, count }) => [le, count]));
  return bounds.map((bound) => counts.get(bound) ?? Number.NaN);
}

/** A quantile of times, in seconds. Sums: slices that tell it, tasks, cumulative counts at the bounds. */
export function quantileGauge(
  q: number,
  timesOf: (counts: Counts) => Histogram,
  bounds: readonly number[],
): Gauge {
  const intervalOf = (sums: Sums, level: Level) => {
    const distribution = distributionOf(sums.slice(2), at(sums, 1), bounds, level.designEffect);
    return quantileInterval(distribution, q, level.alpha, level.concentration);
  };
  return {
    contribution: (slices) => {
      const told = slices.filter((slice) => timesOf(slice).length > 0 || slice.tasks === 0);
      const sums = bounds.map(() => 0);
      for (const slice of told) {
        for (const [index, count] of countsAt(timesOf(slice), bounds).entries()) {
          sums[index] = (sums[index] ?? 0) + count;
        }
      }
      return [told.length, totalOf(told, (slice) => timedTasks(timesOf(slice))), ...sums];
    },
    read: (sums, level) => {
      const tasks = at(sums, 1);
      if (tasks === 0) return gapReading(at(sums, 0) === 0 ? 'not_measured' : 'no_tasks');
      const value = quantileOf(distributionOf(sums.slice(2), tasks, bounds, 1), q);
      return { gap: null, value, interval: intervalOf(sums, level) };
    },
    isAbove: (sums, limit, level) => at(sums, 1) > 0 && intervalOf(sums, level).low >= limit,
    isAtMost: (sums, limit, level) => at(sums, 1) > 0 && intervalOf(sums, level).high <= limit,
  };
}

/** A distribution as if it came from independent tasks. */
export function distributionOf(
  counts: Sums,
  tasks: number,
  bounds: readonly number[],
  designEffect: number,
): Distribution {
  return { bounds, counts: counts.map((count) => count / designEffect), tasks: tasks / designEffect };
}

/** One amount per another in a slice, such as cost per task, and how many tasks (or attempts) tell it. */
export interface RatioParts {
  readonly x: number;
  readonly y: number;
  readonly told: number;
  readonly untold: number;
}

export type RatioPartsOf = (counts: Counts) => RatioParts | null;

const LEAST_TOLD_SHARE = 0.99;

/** Too many tasks without a price (or without tokens) make an average of the others meaningless. */
export function isIncomplete(told: number, untold: number): boolean {
  return told < LEAST_TOLD_SHARE * (told + untold);
}

/** A mean over windows. Sums: slices that tell it, tasks, told, untold, then the entries of {@link ratioSums}. */
export function meanGauge(partsOf: RatioPartsOf, scale: 'log' | 'linear'): Gauge {
  const read = (sums: Sums, level: Level): Reading => {
    const gap = ratioGap(sums);
    if (gap !== null) return gapReading(gap);
    const pairs = ratioSums(sums.slice(4));
    const large = at(sums, 1) >= LEAST_TASKS;
    const interval = large ? ratioInterval(pairs, scale, level.alpha, level.designEffect) : null;
    return { gap: null, value: ratioOfSums(pairs), interval };
  };
  return {
    contribution: (slices) => {
      const pairs = slices.flatMap((slice) => {
        const pair = partsOf(slice);
        return pair === null ? [] : [{ ...pair, tasks: slice.tasks ?? 0 }];
      });
      const [x, y] = [totalOf(pairs, (pair) => pair.x), totalOf(pairs, (pair) => pair.y)];
      const [told, untold] = [totalOf(pairs, (pair) => pair.told), totalOf(pairs, (pair) => pair.untold)];
      return [pairs.length, totalOf(pairs, ({ tasks }) => tasks), told, untold, ...ratioProducts(x, y)];
    },
    read,
    isAbove: (sums, limit, level) => (read(sums, level).interval?.low ?? Number.NEGATIVE_INFINITY) > limit,
    isAtMost: (sums, limit, level) => (read(sums, level).interval?.high ?? Number.POSITIVE_INFINITY) <= limit,
  };
}

/** What one window adds to the sums of pairs; nothing where there is nothing to divide by. */
export function ratioProducts(x: number, y: number): number[] {
  return y > 0 ? [1, x, y, x * x, x * y, y * y] : [0, 0, 0, 0, 0, 0];
}

export function ratioSums(sums: Sums): RatioSums {
  const [windows = 0, x = 0, y = 0, xx = 0, xy = 0, yy = 0] = sums;
  return { windows, x, y, xx, xy, yy };
}

/** Prices are decimals, and sums of equal ones differ in the last digits. */
const EQUAL = 1e-9;

/** A ratio without sampling noise: the same tokens at two prices. Sums as of {@link meanGauge}. */
export function plainRatioGauge(partsOf: RatioPartsOf): Gauge {
  const read = (sums: Sums): Reading => {
    const gap = ratioGap(sums);
    if (gap !== null) return gapReading(gap);
    const value = ratioOfSums(ratioSums(sums.slice(4))) ?? 0;
    return { gap: null, value, interval: { low: value, high: value } };
  };
  return {
    contribution: meanGauge(partsOf, 'linear').contribution,
    read,
    isAbove: (sums, limit) => (read(sums).value ?? Number.NEGATIVE_INFINITY) > limit * (1 + EQUAL),
    isAtMost: (sums, limit) => (read(sums).value ?? Number.POSITIVE_INFINITY) <= limit * (1 + EQUAL),
  };
}

function ratioGap(sums: Sums): Reading['gap'] {
  if (at(sums, 0) === 0) return 'not_measured';
  if (at(sums, 2) + at(sums, 3) === 0) return 'no_tasks';
  if (isIncomplete(at(sums, 2), at(sums, 3))) return 'incomplete';
  return at(sums, 6) > 0 ? null : 'no_tasks';
}
