/** Limits that can never be proven or violated, however long a gate waits: each with a better way. */
import { type Limit, METRICS, type MetricName } from './metrics.ts';
import { boundsOf, type Sources, timerOf } from './source-coverage.ts';

/** What is wrong with a limit, and what would be better. */
export interface Advice {
  readonly message: string;
  readonly expected: string;
}

/** Advice on a limit that not even an identical gateway can prove, or that no gateway can violate; null on others. */
export function unreachable(name: MetricName, limit: Limit, sources: Sources | null): Advice | null {
  const byBuckets = sources === null ? null : unreachableByBuckets(name, limit, sources);
  if (byBuckets !== null || limit.guard) return byBuckets;
  const { unit } = METRICS[name];
  const neverProven = (what: string, why: string, expected: string): Advice => {
    return { message: `${name}.${what} can never be proven${why}`, expected };
  };
  const asGood = ', not even by a gateway as good as the official API';
  if (unit === 'ratio' && name !== 'cost_ratio' && limit.max !== undefined && limit.max <= 1) {
    return neverProven(`max of ${limit.max}`, asGood, 'a ratio above 1, or guard: true');
  }
  if (limit.max_increase === 0) {
    return unit === 'usd'
      ? neverProven('max_increase of 0%', ' at equal prices', 'cost_ratio, or an increase above 0%')
      : neverProven('max_increase of 0%', asGood, 'an increase above 0%, or guard: true');
  }
  const strict = strictShare(name, limit);
  if (strict === null) return null;
  return neverProven(
    strict.limit,
    ' from a sample',
    `a looser limit such as ${strict.better}, or guard: true`,
  );
}

/** A limit on a share that leaves no room for chance. */
function strictShare(name: MetricName, limit: Limit): { limit: string; better: string } | null {
  if (limit.max_drop === 0) return { limit: 'max_drop of 0%', better: 'max_drop: 1%' };
  if (limit.min === 100) return { limit: 'min of 100%', better: 'min: 99%' };
  const isShare = METRICS[name].unit === 'share';
  return isShare && limit.max === 0 ? { limit: 'max of 0%', better: 'max: 1%' } : null;
}

/**
 * A quantile is only known to lie between two bounds (judge/quantile.ts): the upper one can prove a limit, and the
 * lower one can prove that it is violated.
 */
function unreachableByBuckets(name: MetricName, limit: Limit, sources: Sources): Advice | null {
  if (METRICS[name].unit !== 'duration' || sources.gateway === null) return null;
  const gateway = boundsOf(sources.gateway, timerOf(name));
  if (gateway === null) return null;
  const buckets = `the buckets of ${sources.gateway.preset ?? sources.gateway.source}`;
  const official = sources.official === null ? null : boundsOf(sources.official, timerOf(name));
  return outside(name, limit, gateway, buckets) ?? tooFine(name, limit, gateway, official, buckets);
}

/** An absolute limit below or above all bounds. */
function outside(
  name: MetricName,
  { max, guard }: Limit,
  bounds: readonly number[],
  buckets: string,
): Advice | null {
  const [lowest = 0, highest = Infinity] = [bounds[0], bounds.at(-1)];
  if (max === undefined) return null;
  const expected = `a limit from ${seconds(lowest)} to ${seconds(highest)}`;
  const limit = `${name}.max of ${seconds(max / 1_000)}`;
  if (max / 1_000 > highest) {
    const message = `a violation of ${limit} can never be seen: ${buckets} end at ${seconds(highest)}`;
    return { message, expected };
  }
  if (guard || max / 1_000 >= lowest) return null;
  return { message: `${limit} can never be proven: ${buckets} start at ${seconds(lowest)}`, expected };
}

/** A relative limit that is finer than the buckets. */
function tooFine(
  name: MetricName,
  { max_increase, guard }: Limit,
  gateway: readonly number[],
  official: readonly number[] | null,
  buckets: string,
): Advice | null {
  if (max_increase === undefined || official === null) return null;
  const step = smallestStep(gateway, official);
  if (1 + max_increase / 100 > step) return null;
  const percent = `${Number((100 * (step - 1)).toPrecision(3))}%`;
  const limit = `${name}.max_increase of ${max_increase}%`;
  return {
    message: guard
      ? `${limit} cannot see an increase below ${percent}: ${buckets} are at least that far apart`
      : `${limit} can never be proven: ${buckets} are at least ${percent} apart`,
    expected: `slow_ratio, which needs no finer buckets, or an increase above ${percent}`,
  };
}

/** The smallest ratio of an upper bound of the gateway to a lower bound of the official arm. */
function smallestStep(gateway: readonly number[], official: readonly number[]): number {
  const steps = official.map((low) => (gateway.find((bound) => bound > low) ?? Infinity) / low);
  return Math.min(...steps);
}

function seconds(value: number): string {
  return value < 1 ? `${Number((value * 1_000).toPrecision(6))}ms` : `${Number(value.toPrecision(6))}s`;
}
