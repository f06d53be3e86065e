/** How each kind of limit is judged: absolute ones by a gauge, relative ones against the official arm. */
import { type Histogram, timedTasks } from '../measure/histogram.ts';
import type { Counts } from '../measure/measurement.ts';
import { ratioEvidence } from './event-ratio.ts';
import { countsAt, distributionOf } from './gauges.ts';
import type { Baseline } from './kept.ts';
import { addSums, type Gauge, type Level, type Method, roundToStep, type Sums, sumAt } from './method.ts';
import { type Evidence, halves, isProven, lnMixture, OUTSIDE, WITHIN } from './mixture.ts';
import { expectedRate, type OfficialRates } from './official-rate.ts';
import { quantileInterval } from './quantile.ts';
import { isRateAbove, isRateBelow } from './rate.ts';
import { armOf, countsOf, type EventsOf, type StratumCount } from './strata.ts';
import { twoRateEvidence } from './two-rates.ts';

/** A limit on the gateway's own value. */
export function absolute(gauge: Gauge, limit: number): Method {
  // The sums hold the gateway's entries, then as many of the official arm; an empty window shows how many.
  const length = gauge.contribution([]).length;
  const gateway = (sums: Sums) => sums.slice(0, length);
  return {
    contribution: (strata) => [
      ...gauge.contribution(armOf(strata, 'gateway')),
      ...gauge.contribution(armOf(strata, 'official')),
    ],
    isViolated: (sums, ...how) => gauge.isAbove(gateway(sums), limit, ...how),
    isWithin: (sums, ...how) => gauge.isAtMost(gateway(sums), limit, ...how),
    isViolatedByOfficial: (sums, ...how) => gauge.isAbove(sums.slice(length), limit, ...how),
  };
}

/**
 * A relative limit where no official arm is left: the gateway against the official arm's past, each interval at half
 * of alpha.
 * @param history the gauge's sums of the official arm
 * @param raise the official value to the largest that is accepted
 */
export function againstHistory(gauge: Gauge, history: Sums, raise: (official: number) => number): Method {
  const isProvenToBe = (side: 'above' | 'within', sums: Sums, level: Level, effect: number) => {
    const half = { ...level, alpha: level.alpha / 2 };
    const gateway = gauge.read(sums, half, effect).interval;
    // The units of the past are unknown: they are assumed to cluster as they do now.
    const official = gauge.read(history, half, effect).interval;
    if (gateway === null || official === null) return false;
    return side === 'above' ? gateway.low > raise(official.high) : gateway.high <= raise(official.low);
  };
  return {
    contribution: (strata) => gauge.contribution(armOf(strata, 'gateway')),
    isViolated: (...about) => isProvenToBe('above', ...about),
    isWithin: (...about) => isProvenToBe('within', ...about),
  };
}

/**
 * `max` of a ratio of events: gateway ÷ official. Half of the weight is on the conditional process, which needs to know
 * nothing and is not disturbed by bursts, half on the joint one, which is sharper while rates are as expected. Sums: the
 * logarithms for "outside the limit" of both, then those for "within".
 * @param rates of the official arm, from earlier windows
 */
export function eventRatio(eventsOf: EventsOf, limit: number, rates: OfficialRates): Method {
  const evidenceOf = (count: StratumCount, model: string | null) => {
    const conditional = ratioEvidence(count, limit);
    const joint = twoRateEvidence(count, expectedRate(rates, model), { factor: limit, points: 0 });
    return {
      outside: [...conditional.outside, ...joint.outside],
      within: [...conditional.within, ...joint.within],
    };
  };
  return eProcess(eventsOf, evidenceOf, RATIO_WEIGHTS);
}

/** `max` of pairs in which the gateway is worse ÷ those in which it is better: given that one is, which is a coin. */
export function preferenceRatio(eventsOf: EventsOf, limit: number): Method {
  return eProcess(eventsOf, (count) => ratioEvidence(count, limit), { outside: OUTSIDE, within: WITHIN });
}

/**
 * At most `points` (a fraction) more events per task than the official arm.
 * @param rates of the official arm, from earlier windows
 */
export function rateDifference(eventsOf: EventsOf, points: number, rates: OfficialRates): Method {
  const evidenceOf = (count: StratumCount, model: string | null) =>
    twoRateEvidence(count, expectedRate(rates, model), { factor: 1, points });
  return eProcess(eventsOf, evidenceOf, { outside: OUTSIDE, within: WITHIN });
}

const RATIO_WEIGHTS = { outside: halves(OUTSIDE), within: halves(WITHIN) };

/** A method whose sums are the logarithms of likelihood ratios. @param weights their logarithms */
function eProcess(
  eventsOf: EventsOf,
  evidenceOf: (count: StratumCount, model: string | null) => Evidence,
  { outside, within }: Evidence,
): Method {
  const nothing: Sums = new Array<number>(outside.length + within.length).fill(0);
  return {
    contribution: (strata) =>
      strata.reduce<Sums>((sums, stratum) => {
        const count = countsOf(stratum, eventsOf);
        if (count === null) return sums;
        const added = evidenceOf(count, stratum.model ?? null);
        return addSums(sums, [...added.outside, ...added.within]);
      }, nothing),
    violationLength: outside.length,
    failureLength: outside.length,
    lnViolation: (sums, _, effect) => lnMixture(sums, 0, outside, effect),
    isViolated: (sums, { alpha }, effect) => isProven(sums, 0, outside, alpha, effect),
    isWithin: (sums, { alpha }, effect) => isProven(sums, outside.length, within, alpha, effect),
  };
}

/**
 * A quantile of times of at most `factor` times the official one. The official arm is reweighted to the
 * gateway's mix. Sums: n_g, `Σ n_g²/n_o`, the gateway's counts at its bounds, the official ones at theirs.
 */
export function quantileRatio(
  q: number,
  timesOf: (counts: Counts) => Histogram,
  bounds: Baseline['latency'],
  factor: number,
): Method {
  const split = 2 + bounds.gateway.length;
  /** Whether the gateway's quantile is proven to be above a limit in seconds, or below it. */
  const isProvenQuantile = (side: 'above' | 'below', limit: number, sums: Sums, ...how: How) => {
    const [{ alpha, concentration }, effect] = how;
    const isUsable = (bound: number, index: number) =>
      (side === 'above' ? bound > limit : bound < limit) && !Number.isNaN(sumAt(sums, 2 + index));
    const { gateway } = bounds;
    const index = side === 'above' ? gateway.findIndex(isUsable) : gateway.findLastIndex(isUsable);
    const count = { events: sumAt(sums, 2 + index) / effect, tasks: sumAt(sums, 0) / effect };
    const isRate = side === 'above' ? isRateBelow : isRateAbove;
    return index >= 0 && isRate(q, count, alpha / 2, concentration);
  };
  /** The official counts are of as many tasks as the gateway has; they say as much as `n_g² / Σ n_g²/n_o` tasks. */
  const officialInterval = (sums: Sums, { alpha, concentration }: Level, effect: number) => {
    const [tasks, spread] = [sumAt(sums, 0), sumAt(sums, 1)];
    if (!(tasks > 0 && spread > 0)) return null;
    const independent = (tasks * tasks) / spread;
    const counts = sums.slice(split).map((count) => (count / tasks) * independent);
    return quantileInterval(
      distributionOf(counts, independent, bounds.official, effect),
      q,
      alpha / 2,
      concentration,
    );
  };
  // An interval holds its own quantile: most looks are decided by that one, before the interval is searched.
  const isFar = (side: 'above' | 'below', end: 'high' | 'low', sums: Sums, ...how: How) => {
    const quantile = boundAt(sums, split, bounds.official, q * sumAt(sums, 0));
    if (!isProvenQuantile(side, factor * quantile, sums, ...how)) return false;
    const official = officialInterval(sums, ...how);
    return official !== null && isProvenQuantile(side, factor * official[end], sums, ...how);
  };
  return {
    contribution: (strata) =>
      strata
        .flatMap(({ gateway, official }) => {
          const [ours, theirs] = [gateway && timesOf(gateway), official && timesOf(official)];
          const [n, m] = [timedTasks(ours ?? []), timedTasks(theirs ?? [])];
          if (ours === null || theirs === null || n === 0 || m === 0) return [];
          const reweightedCounts = countsAt(theirs, bounds.official).map((count) =>
            roundToStep((count * n) / m),
          );
          return [[n, roundToStep((n * n) / m), ...countsAt(ours, bounds.gateway), ...reweightedCounts]];
        })
        .reduce<Sums>(addSums, new Array<number>(split + bounds.official.length).fill(0)),
    isViolated: (...about) => isFar('above', 'high', ...about),
    isWithin: (...about) => isFar('below', 'low', ...about),
  };
}

/** How certain, and by how much less the tasks count than independent ones. */
type How = readonly [level: Level, effect: number];

/** The first bound at which the cumulative counts from `first` on reach a count; Infinity above all bounds. */
function boundAt(sums: Sums, first: number, bounds: readonly number[], reached: number): number {
  const index = bounds.findIndex((_, each) => sumAt(sums, first + each) >= reached);
  return bounds[index] ?? Number.POSITIVE_INFINITY;
}
