/**
 * How long tasks took: cumulative counts at upper bounds, as in Prometheus. The count at "+Inf" is the number of tasks
 * whose time is known. A failed task counts at "+Inf" alone, so `slower than τ = count at "+Inf" − count at τ` includes
 * it. An empty list: nothing is known.
 */
import { z } from 'zod';
import { RECORD_BOUNDS } from '../config/source-coverage.ts';

const bucketSchema = z.object({
  /** Seconds. */
  le: z.union([z.number().positive(), z.literal('+Inf')]),
  /** Tasks that took at most this time. */
  count: z.int().min(0),
});

export const histogramSchema = z.array(bucketSchema).superRefine((buckets, context) => {
  const message = brokenRule(buckets);
  if (message !== null) context.addIssue({ code: 'custom', message });
});

export type Bucket = z.output<typeof bucketSchema>;
export type Histogram = readonly Readonly<Bucket>[];

/** Bounds for tasks from records, in seconds. */
export const BOUNDS = RECORD_BOUNDS;

/** Counts at {@link BOUNDS} while tasks come in. */
export class HistogramCounter {
  /** Tasks in each bucket, not cumulative; the last is above all bounds. */
  readonly #counts = new Float64Array(BOUNDS.length + 1);
  #total = 0;

  /**
   * @param seconds Infinity for a failed task
   * @param tasks how many took so long; -1 takes one back
   */
  add(seconds: number, tasks = 1): void {
    this.#total += tasks;
    const index = bucketOf(seconds);
    this.#counts[index] = (this.#counts[index] ?? 0) + tasks;
  }

  /** Empty if nothing is counted. */
  histogram(): Histogram {
    if (this.#total === 0) return [];
    let count = 0;
    const buckets: Bucket[] = BOUNDS.map((le, index) => {
      count += this.#counts[index] ?? 0;
      return { le, count };
    });
    return [...buckets, { le: '+Inf', count: this.#total }];
  }
}

/** Index of the first bound that is at least `seconds`; `BOUNDS.length` above them all. */
function bucketOf(seconds: number): number {
  if (!(seconds <= 1000)) return BOUNDS.length;
  // The inverse formula of the bounds is off by at most one, where a bound was rounded.
  let index = Math.max(0, Math.ceil(20 * Math.log10(seconds / 0.01)));
  while (index > 0 && seconds <= (BOUNDS[index - 1] ?? 0)) index -= 1;
  while (seconds > (BOUNDS[index] ?? Infinity)) index += 1;
  return index;
}

/**
 * The sum of two histograms, at the bounds that both have: lossless with equal bounds, otherwise coarser but never
 * wrong. An empty histogram changes nothing.
 */
export function addHistograms(a: Histogram, b: Histogram): Histogram {
  if (a.length === 0) return b;
  if (b.length === 0) return a;
  const counts = new Map(b.map(({ le, count }) => [le, count]));
  return a.flatMap(({ le, count }) => {
    const other = counts.get(le);
    return other === undefined ? [] : [{ le, count: count + other }];
  });
}

/** Tasks whose time is known, failed ones included. */
export function timedTasks(histogram: Histogram): number {
  return histogram.at(-1)?.count ?? 0;
}

/** The two bounds of a histogram between which a quantile lies, in seconds. */
export interface QuantileBounds {
  readonly above: number;
  /** Infinity if the quantile is above every finite bound. */
  readonly atMost: number;
}

/**
 * The bounds around a quantile; null for an empty histogram.
 * @param q from 0 to 1
 */
export function quantileBounds(histogram: Histogram, q: number): QuantileBounds | null {
  const total = timedTasks(histogram);
  if (total === 0) return null;
  const index = histogram.findIndex(({ count }) => count > 0 && count >= q * total);
  const bound = (at: number) => {
    const le = histogram[at]?.le ?? 0;
    return le === '+Inf' ? Infinity : le;
  };
  return { above: bound(index - 1), atMost: bound(index) };
}

function brokenRule(buckets: Histogram): string | null {
  if (buckets.length === 0) return null;
  if (buckets.at(-1)?.le !== '+Inf') return 'a histogram whose last bound is "+Inf"';
  const rising = buckets.every(({ le, count }, index) => {
    const before = buckets[index - 1];
    if (before === undefined) return true;
    return before.le !== '+Inf' && (le === '+Inf' || le > before.le) && count >= before.count;
  });
  return rising ? null : 'a histogram whose bounds rise and whose counts never fall';
}
