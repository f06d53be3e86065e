/**
 * What is taken from the official arm before a stage begins and then frozen: what counts as slow, the bounds of
 * the histograms, and the history that stands in where no official arm is left.
 */
import type { MetricName } from '../config/metrics.ts';
import type { Bounds } from './comparisons.ts';
import { countsAt, timedTasks } from './gauges.ts';
import { addSums, at, type Sums } from './method.ts';
import { armOf, type Stratum } from './strata.ts';

export interface Baseline {
  /** Seconds; a task above it is slow. Null while it is still being learnt. */
  readonly slowBound: number | null;
  /** Official tasks with a known time, and their counts at `latency.official`; empty once `slowBound` is found. */
  readonly learning: Sums;
  readonly latency: Bounds;
  readonly ttft: Bounds;
  /** Where no official arm is left: the sums of each metric's gauge over the official slices of earlier windows. */
  readonly history: { readonly [Name in MetricName]?: Sums };
}

const NO_BOUNDS: Bounds = { gateway: [], official: [] };

export const EMPTY_BASELINE: Baseline = {
  slowBound: null,
  learning: [],
  latency: NO_BOUNDS,
  ttft: NO_BOUNDS,
  history: {},
};

/** The share of official tasks that should count as slow: rare enough to tell arms apart, common enough to count. */
export const SLOW_SHARE = 0.08;
/** Official tasks from which the bound may be chosen. */
const LEAST_OFFICIAL_TASKS = 500;

/**
 * Learns from one window what is not known yet; the same object where nothing is to be learnt. A window from
 * which the bound of slowness was learnt must not count as evidence about it, so it is learnt after the window
 * was counted.
 */
export function learn(baseline: Baseline, strata: readonly Stratum[]): Baseline {
  const bounded = learnBounds(baseline, strata);
  if (bounded.slowBound !== null || bounded.latency.official.length === 0) return bounded;
  const learning = armOf(strata, 'official')
    .filter(({ latency }) => latency.length > 0)
    .map(({ latency }) => [timedTasks(latency), ...countsAt(latency, bounded.latency.official)])
    .reduce(addSums, bounded.learning);
  const slowBound = slowBoundOf(learning, bounded.latency);
  return { ...bounded, learning: slowBound === null ? learning : [], slowBound };
}

/** The bounds of the first histograms that are seen; later ones are read at these. */
export function learnBounds(baseline: Baseline, strata: readonly Stratum[]): Baseline {
  const latency = boundsOf(baseline.latency, strata, 'latency');
  const ttft = boundsOf(baseline.ttft, strata, 'ttft');
  return latency === baseline.latency && ttft === baseline.ttft ? baseline : { ...baseline, latency, ttft };
}

function boundsOf(known: Bounds, strata: readonly Stratum[], which: 'latency' | 'ttft'): Bounds {
  const of = (arm: keyof Stratum) => {
    if (known[arm].length > 0) return known[arm];
    const histogram = armOf(strata, arm).find((slice) => slice[which].length > 0)?.[which] ?? [];
    return histogram.flatMap(({ le }) => (le === '+Inf' ? [] : [le]));
  };
  const [gateway, official] = [of('gateway'), of('official')];
  return gateway.length === known.gateway.length && official.length === known.official.length
    ? known
    : { gateway, official };
}

/** The bound that both arms have whose official exceedance is nearest 8 %; null before there are enough tasks. */
function slowBoundOf(learning: Sums, { gateway, official }: Bounds): number | null {
  const tasks = at(learning, 0);
  if (tasks < LEAST_OFFICIAL_TASKS) return null;
  const distance = (index: number) => Math.abs(1 - at(learning, index + 1) / tasks - SLOW_SHARE);
  const candidates = official
    .map((bound, index) => ({ bound, distance: distance(index) }))
    .filter(
      ({ bound, distance }) => !Number.isNaN(distance) && (gateway.length === 0 || gateway.includes(bound)),
    );
  return (
    candidates.reduce<(typeof candidates)[number] | null>(
      (best, each) => (best === null || each.distance < best.distance ? each : best),
      null,
    )?.bound ?? null
  );
}
