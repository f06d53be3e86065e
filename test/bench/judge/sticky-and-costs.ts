/**
 * What a sticky split proves by its users, and when dearer prices and lost prompt caches are seen. `--full` simulates
 * 2,000 rollouts of each kind, without it 20; of costs, a fiftieth of that and at least 3.
 */
import { asked } from '../../judge/measured.ts';
import {
  DAY,
  DEFAULT,
  dearerAtNight,
  firstFailure,
  HOUR,
  lostCache,
  risingPrice,
  traffic,
  type Usual,
} from '../../judge/priced-traffic.ts';
import { type Product, passedAfter, USUAL } from '../../judge/sticky-product.ts';
import type { Row } from '../row.ts';
import { mostByChance } from './chance.ts';
import { ALPHA } from './questions.ts';

const DROP = asked({ success_rate: { max_drop: 1 } });

/** Share, error rate, and in which part of the rollouts a point must be proven within 14 days. */
const PROVEN = [
  [0.25, 0.001, 0.95],
  [0.25, 0.005, 0.9],
  [0.25, 0.02, 0.5],
  [0.5, 0.001, 0.95],
  [0.5, 0.005, 0.95],
  [0.5, 0.02, 0.85],
] as const;

export function stickyAndCosts(rollouts: number): readonly Row[] {
  const few = Math.max(3, Math.round(rollouts / 50));
  return [
    ...[0.05, 0.25, 0.5].map((share) => {
      const product = { ...USUAL, share, prone: false, errors: 0.001, extra: 0.5 };
      const what = `false passes, sticky at ${100 * share} %: a point more, all of it on one gateway user in 50`;
      return of(what, rollouts, proven(rollouts, product), ALPHA);
    }),
    ...PROVEN.map(([share, errors, least]) => {
      const missed = rollouts - proven(rollouts, { ...USUAL, share, errors });
      const what = `not proven in 14 days, sticky at ${100 * share} % and ${100 * errors} % errors`;
      return of(what, rollouts, missed, 1 - least);
    }),
    ...[5, 25].map((share) => {
      const hours = hoursUntil(few, share, 10 * DAY, 6, risingPrice);
      return slowest(`a price that rises by half after ten days, at ${share} %`, hours, 6);
    }),
    ...[0, 5 * DAY].map((from) => {
      const hours = hoursUntil(few, 25, from, 3, lostCache);
      return slowest(`a prompt cache lost after ${from / DAY} days, told`, hours, 3);
    }),
    ...[0, 5 * DAY].map((from) => {
      const hours = hoursUntil(few, 25, from, 12, lostCache, UNTOLD);
      return slowest(`a prompt cache lost after ${from / DAY} days, not told`, hours, 12);
    }),
    of('false pauses by a model that is dearer at night', few, nightlyPauses(few), ALPHA),
  ];
}

const { cache_ratio: _, ...UNTOLD } = DEFAULT;

const seeds = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

const proven = (rollouts: number, product: Product) =>
  seeds(rollouts).filter((seed) => passedAfter(product, seed, DROP) !== null).length;

/** How long it takes until the change is seen; never longer than asked. */
function hoursUntil(
  rollouts: number,
  share: number,
  from: number,
  most: number,
  usual: (index: number, from: number) => Usual,
  limits: typeof UNTOLD = DEFAULT,
): readonly number[] {
  return seeds(rollouts).map((seed) => {
    const windows = traffic(seed, share / 100, from + most * HOUR, (index) => [usual(index, from)]);
    const found = firstFailure(windows, limits, { share });
    return found === null || found.at < from ? Number.POSITIVE_INFINITY : (found.at + 1 - from) / HOUR;
  });
}

const nightlyPauses = (rollouts: number) =>
  seeds(rollouts).filter((seed) => {
    const windows = traffic(seed, 0.25, 7 * DAY, (index) => [dearerAtNight(index)]);
    return firstFailure(windows, DEFAULT) !== null;
  }).length;

const of = (what: string, rollouts: number, value: number, share: number): Row => ({
  what,
  value,
  unit: ` of ${rollouts}`,
  limit: mostByChance(rollouts, share),
});

const slowest = (what: string, hours: readonly number[], limit: number): Row => ({
  what: `${what}: the slowest of ${hours.length}`,
  value: Math.max(...hours),
  unit: ' h',
  limit,
});
