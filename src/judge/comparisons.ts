/** How each kind of limit is judged: absolute ones by a gauge, relative ones against the official arm. */
import { type Histogram, timedTasks } from '../measure/histogram.ts';
import type { Counts } from '../measure/measurement.ts';
import { ratioEvidence } from './event-ratio.ts';
import { countsAt, distributionOf, effective } from './gauges.ts';
import type { Baseline } from './kept.ts';
import { addSums, type Gauge, type Level, type Method, roundToStep, type Sums, sumAt } from './method.ts';
import { halves, isProven, lnMixture, OUTSIDE, WITHIN } from './mixture.ts';
import { expectedRate, type OfficialRates } from './official-rate.ts';
import { type Distribution, quantileInterval } from './quantile.ts';
import { isRateAbove, isRateBelow } from './rate.ts';
import { armOf, countsOf, type EventsOf, type StratumCount } from './strata.ts';
import { LENGTHS, twoRateEvidence } from './two-rates.ts';

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
    isViolated: (sums, level) => gauge.isAbove(gateway(sums), limit, level),
    isWithin: (sums, level) => gauge.isAtMost(gateway(sums), limit, level),
    isViolatedByOfficial: (sums, level) => gauge.isAbove(sums.slice(length), limit, level),
  };
}

/**
 * A relative limit where no official arm is left: the gateway against the official arm's past, each interval at half
 * of alpha.
 * @param history the gauge's sums of the official arm
 * @param raise the official value to the largest that is accepted
 */
export function againstHistory(gauge: Gauge, history: Sums, raise: (official: number) => number): Method {
  const intervals = (sums: Sums, level: Level) => {
    const half = { ...level, alpha: level.alpha / 2 };
    const gateway = gauge.read(sums, half).interval;
    // The units of the past are unknown: they are assumed to cluster as they do now.
    const official = gauge.read(history, half).interval;
    return gateway === null || official === null ? null : { gateway, official };
  };
  return {
    contribution: (strata) => gauge.contribution(armOf(strata, 'gateway')),
    isViolated: (sums, level) => {
      const both = intervals(sums, level);
      return both !== null && both.gateway.low > raise(both.official.high);
    },
    isWithin: (sums, level) => {
      const both = intervals(sums, level);
      return both !== null && both.gateway.high <= raise(both.official.low);
    },
  };
}

/**
 * `max` of a ratio of events: gateway ÷ official. Half of the weight is on the conditional process, which needs to know
 * nothing and is not disturbed by bursts, half on the joint one, which is sharper while rates are as expected. Sums: the
 * logarithms for "outside the limit" of both, then those for "within".
 * @param rates of the official arm, from earlier windows
 */
export function eventRatio(eventsOf: EventsOf, limit: number, rates: OfficialRates): Method {
  const contribution = (count: StratumCount, model: string | null) => {
    const conditional = ratioEvidence(count, limit);
    const joint = twoRateEvidence(count, expectedRate(rates, model), { factor: limit, points: 0 });
    const { outside } = LENGTHS;
    return [
      conditional.slice(0, outside),
      joint.slice(0, outside),
      conditional.slice(outside),
      joint.slice(outside),
    ];
  };
  return eProcess(eventsOf, (count, model) => contribution(count, model).flat(), RATIO_WEIGHTS);
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

interface Weights {
  readonly outside: readonly number[];
  readonly within: readonly number[];
}

const RATIO_WEIGHTS: Weights = { outside: halves(OUTSIDE), within: halves(WITHIN) };

/** A method whose sums are the logarithms of likelihood ratios. @param weights their logarithms */
function eProcess(
  eventsOf: EventsOf,
  evidenceOf: (count: StratumCount, model: string | null) => readonly number[],
  { outside, within }: Weights,
): Method {
  const nothing: Sums = new Array<number>(outside.length + within.length).fill(0);
  return {
    contribution: (strata) =>
      strata.reduce<Sums>((sums, stratum) => {
        const count = countsOf(stratum, eventsOf);
        return count === null ? sums : addSums(sums, evidenceOf(count, stratum.model ?? null));
      }, nothing),
    violationLength: outside.length,
    failureLength: outside.length,
    lnViolation: (sums, { designEffect }) => lnMixture(sums, 0, outside, designEffect),
    isViolated: (sums, level) => isProven(sums, 0, outside, level),
    isWithin: (sums, level) => isProven(sums, outside.length, within, level),
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
  const intervals = (sums: Sums, { alpha, concentration, designEffect }: Level) => {
    const [tasks, spread] = [sumAt(sums, 0), sumAt(sums, 1)];
    if (!(tasks > 0 && spread > 0)) return null;
    const independent = (tasks * tasks) / spread;
    const official = sums.slice(split).map((count) => (count / tasks) * independent);
    const intervalOf = (distribution: Distribution) =>
      quantileInterval(distribution, q, alpha / 2, concentration);
    return {
      gateway: intervalOf(distributionOf(sums.slice(2, split), tasks, bounds.gateway, designEffect)),
      official: intervalOf(distributionOf(official, independent, bounds.official, designEffect)),
    };
  };
  // A quick test before the intervals are searched: an interval holds its own quantile, so one bound of the gateway
  // shows whether it can be far enough from the official quantile. Both arms' counts are of n_g tasks.
  const limitOf = (sums: Sums) => factor * boundAt(sums, split, bounds.official, q * sumAt(sums, 0));
  const isKnown = (sums: Sums, index: number) => !Number.isNaN(sumAt(sums, 2 + index));
  const isProvenAt = (index: number, isRate: typeof isRateAbove, sums: Sums, level: Level) => {
    const count = effective({ events: sumAt(sums, 2 + index), tasks: sumAt(sums, 0) }, level);
    return index >= 0 && isRate(q, count, level.alpha / 2, level.concentration);
  };
  const mayBeViolated = (sums: Sums, level: Level) => {
    const limit = limitOf(sums);
    const index = bounds.gateway.findIndex((bound, index) => bound > limit && isKnown(sums, index));
    return isProvenAt(index, isRateBelow, sums, level);
  };
  const mayBeKept = (sums: Sums, level: Level) => {
    const limit = limitOf(sums);
    const index = bounds.gateway.findLastIndex((bound, index) => bound < limit && isKnown(sums, index));
    return isProvenAt(index, isRateAbove, sums, level);
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
    isViolated: (sums, level) => {
      const both = mayBeViolated(sums, level) ? intervals(sums, level) : null;
      return both !== null && both.gateway.low > factor * both.official.high;
    },
    isWithin: (sums, level) => {
      const both = mayBeKept(sums, level) ? intervals(sums, level) : null;
      return both !== null && both.gateway.high < factor * both.official.low;
    },
  };
}

/** The first bound at which the cumulative counts from `first` on reach a count; Infinity above all bounds. */
function boundAt(sums: Sums, first: number, bounds: readonly number[], reached: number): number {
  const index = bounds.findIndex((_, each) => sumAt(sums, first + each) >= reached);
  return bounds[index] ?? Number.POSITIVE_INFINITY;
}
