/**
 * Method 3: a confidence sequence for a quantile (Howard, Ramdas 2022, arXiv:1906.09712), on histograms. The
 * quantile q lies above x while the share of tasks at most x is proven below q, and at most x once that share is
 * proven to be q or more. Ends are rounded outwards to bounds of buckets.
 */
import { isRateAbove, isRateBelow } from './rate.ts';

/** Cumulative counts at rising bounds; a bound whose count is NaN is not used. */
export interface Distribution {
  /** Seconds. */
  readonly bounds: readonly number[];
  readonly counts: readonly number[];
  /** All tasks whose time is known; failed ones are included, above every bound. */
  readonly tasks: number;
}

/**
 * The confidence interval of the quantile q: above `low` and at most `high`, in seconds.
 * @returns 0 and Infinity where a side is open
 */
export function quantileInterval(
  { bounds, counts, tasks }: Distribution,
  q: number,
  alpha: number,
  concentration: number,
): { readonly low: number; readonly high: number } {
  const usable = bounds.flatMap((bound, index) => {
    const events = counts[index] ?? Number.NaN;
    return Number.isNaN(events) ? [] : [{ bound, count: { events, tasks } }];
  });
  // Shares only rise with the bound, so both ends are found by bisection.
  const above = firstIndex(usable, ({ count }) => !isRateBelow(q, count, alpha, concentration));
  const atMost = firstIndex(usable, ({ count }) => isRateAbove(q, count, alpha, concentration));
  return { low: usable[above - 1]?.bound ?? 0, high: usable[atMost]?.bound ?? Number.POSITIVE_INFINITY };
}

/** The bound at which q of the tasks are reached; Infinity above all bounds, null without tasks. */
export function quantileOf({ bounds, counts, tasks }: Distribution, q: number): number | null {
  if (!(tasks > 0)) return null;
  const index = counts.findIndex((count) => count > 0 && count >= q * tasks);
  return index < 0 ? Number.POSITIVE_INFINITY : (bounds[index] ?? null);
}

/** The first index from which on a condition holds, by bisection; the length if none. */
function firstIndex<Item>(items: readonly Item[], holds: (item: Item) => boolean): number {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const item = items[middle];
    if (item !== undefined && holds(item)) high = middle;
    else low = middle + 1;
  }
  return low;
}
