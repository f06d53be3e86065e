/**
 * What the judge learns from the official arm before a stage and then freezes: what counts as slow, the bounds of the
 * histograms, and the history that replaces the official arm where none is left.
 */
import { byArm } from '../config/arms.ts';
import type { MetricName } from '../config/metrics.ts';
import { timedTasks } from '../measure/histogram.ts';
import { countsAt } from './gauges.ts';
import type { Baseline } from './kept.ts';
import { addSums, type Sums, sumAt } from './method.ts';
import { addRates } from './official-rate.ts';
import { learnSpending } from './spending.ts';
import { armOf, type EventsOf, type Stratum } from './strata.ts';

type Bounds = Baseline['latency'];

const NO_BOUNDS: Bounds = { gateway: [], official: [] };

export const EMPTY_BASELINE: Baseline = {
  slowBound: null,
  learning: [],
  latency: NO_BOUNDS,
  ttft: NO_BOUNDS,
  rates: {},
  history: {},
};

/** The share of official tasks that should count as slow: rare enough to matter, common enough to count. */
export const SLOW_SHARE = 0.08;
/** How many official tasks the choice of the bound takes. */
const LEAST_OFFICIAL_TASKS = 500;

/** A metric whose official rate is followed. */
export interface FollowedRate {
  readonly metric: MetricName;
  readonly eventsOf: EventsOf;
}

/**
 * Learns from one window what counts as slow, and the official rates; returns the same object where there is nothing to
 * learn. A window must not be judged by what it teaches, so call this after the window was counted.
 */
export function learn(
  before: Baseline,
  strata: readonly Stratum[],
  followed: readonly FollowedRate[],
): Baseline {
  const baseline = { ...before, spending: learnSpending(before.spending, strata) };
  const bounded = learnBounds(baseline, strata);
  const rates = { ...bounded.rates };
  for (const { metric, eventsOf } of followed) {
    rates[metric] = addRates(rates[metric] ?? [], strata, eventsOf);
  }
  const known = followed.length === 0 ? bounded : { ...bounded, rates };
  if (known.slowBound !== null || known.latency.official.length === 0) return known;
  const learning = armOf(strata, 'official')
    .filter(({ latency }) => latency.length > 0)
    .map(({ latency }) => [timedTasks(latency), ...countsAt(latency, known.latency.official)])
    .reduce(addSums, known.learning);
  const slowBound = slowBoundOf(learning, known.latency);
  return slowBound === null
    ? { ...known, learning }
    : { ...withSlowRate(known, learning, slowBound), slowBound };
}

/** The windows that teach the bound also tell how many tasks are above it. */
function withSlowRate(baseline: Baseline, learning: Sums, slowBound: number): Baseline {
  const within = sumAt(learning, baseline.latency.official.indexOf(slowBound) + 1);
  const tasks = sumAt(learning, 0);
  return {
    ...baseline,
    learning: [],
    rates: { ...baseline.rates, slow_ratio: [[null, [tasks - within, tasks]]] },
  };
}

/** The bounds of the first histograms; later ones are read at these bounds. */
export function learnBounds(baseline: Baseline, strata: readonly Stratum[]): Baseline {
  const latency = boundsOf(baseline.latency, strata, 'latency');
  const ttft = boundsOf(baseline.ttft, strata, 'ttft');
  return latency === baseline.latency && ttft === baseline.ttft ? baseline : { ...baseline, latency, ttft };
}

function boundsOf(known: Bounds, strata: readonly Stratum[], which: 'latency' | 'ttft'): Bounds {
  const { gateway, official } = byArm((arm) => {
    if (known[arm].length > 0) return known[arm];
    const histogram = armOf(strata, arm).find((slice) => slice[which].length > 0)?.[which] ?? [];
    return histogram.flatMap(({ le }) => (le === '+Inf' ? [] : [le]));
  });
  return gateway.length === known.gateway.length && official.length === known.official.length
    ? known
    : { gateway, official };
}

/** The common bound that closest to 8 % of the official tasks exceed; null until there are enough tasks. */
function slowBoundOf(learning: Sums, { gateway, official }: Bounds): number | null {
  const tasks = sumAt(learning, 0);
  if (tasks < LEAST_OFFICIAL_TASKS) return null;
  const candidates = official.flatMap((bound, index) => {
    const distance = Math.abs(1 - sumAt(learning, index + 1) / tasks - SLOW_SHARE);
    const isCommon = gateway.length === 0 || gateway.includes(bound);
    return isCommon && !Number.isNaN(distance) ? [{ bound, distance }] : [];
  });
  return candidates.toSorted((one, other) => one.distance - other.distance)[0]?.bound ?? null;
}
