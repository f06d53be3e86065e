import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventRatio, quantileRatio } from '../../src/judge/comparisons.ts';
import { addSums, type Sums } from '../../src/judge/method.ts';
import { quantileInterval } from '../../src/judge/quantile.ts';
import { concentrationFor } from '../../src/judge/rate.ts';
import { arm } from './measured.ts';

const LEVEL = { alpha: 0.05, concentration: concentrationFor(500, 0.05) };

describe('a quantile of times, compared', () => {
  const BOUNDS = [0.5, 0.7, 1, 1.4, 2, 2.8, 4, 5.6, 8];
  const Q = 0.9;
  const FACTOR = 1.5;
  const method = quantileRatio(Q, ({ latency }) => latency, { gateway: BOUNDS, official: BOUNDS }, FACTOR);
  /** Most tasks in one bucket, so that quantiles differ. */
  const cumulative = fc
    .tuple(
      fc.nat(BOUNDS.length),
      fc.nat(3000),
      fc.array(fc.nat(30), { minLength: BOUNDS.length + 1, maxLength: BOUNDS.length + 1 }),
    )
    .map(([peak, most, counts]) => {
      let count = 1;
      return counts.map((each, index) => {
        count += each + (index === peak ? most : 0);
        return count;
      });
    });
  /** A bound that a source left out in some window is not known. */
  const lost = fc.constantFrom(null, 0, 3, 7);

  it('agrees with the intervals of both arms at half the level, even if a bound is unknown', () => {
    const proven = new Set<string>();
    fc.assert(
      fc.property(
        cumulative,
        cumulative,
        lost,
        fc.constantFrom(1, 4),
        (ours, theirs, without, designEffect) => {
          const known = (counts: readonly number[]) =>
            counts.slice(0, -1).map((count, index) => (index === without ? Number.NaN : count));
          const [n, m] = [ours.at(-1) ?? 0, theirs.at(-1) ?? 0];
          const reweighted = known(theirs).map((count) => (count * n) / m);
          const sums: Sums = [n, (n * n) / m, ...known(ours), ...reweighted];
          const interval = (counts: readonly number[], tasks: number) =>
            quantileInterval(
              {
                bounds: BOUNDS,
                counts: counts.map((count) => count / designEffect),
                tasks: tasks / designEffect,
              },
              Q,
              LEVEL.alpha / 2,
              LEVEL.concentration,
            );
          const [gateway, official] = [interval(known(ours), n), interval(known(theirs), m)];
          proven.add(
            method.isViolated(sums, LEVEL, designEffect)
              ? 'beyond'
              : method.isWithin(sums, LEVEL, designEffect)
                ? 'within'
                : 'neither',
          );
          expect(method.isViolated(sums, LEVEL, designEffect)).toBe(gateway.low > FACTOR * official.high);
          expect(method.isWithin(sums, LEVEL, designEffect)).toBe(gateway.high < FACTOR * official.low);
        },
      ),
      { numRuns: 500 },
    );
    expect(proven).toEqual(new Set(['beyond', 'within', 'neither']));
  });
});

describe('a ratio of events', () => {
  const method = eventRatio(
    ({ failedTasks, tasks }) => ({ events: failedTasks ?? 0, tasks: tasks ?? 0 }),
    2,
    [],
  );

  it('proves a violation with only the first of its sums', () => {
    const counts = fc.tuple(fc.nat(60), fc.nat(60));
    fc.assert(
      fc.property(fc.array(counts, { minLength: 1, maxLength: 20 }), (windows) => {
        const sums = windows
          .map(([k, m]) =>
            method.contribution([{ gateway: arm(100, { failed: k }), official: arm(900, { failed: m }) }]),
          )
          .reduce<Sums>(addSums, []);
        expect(method.isViolated(sums.slice(0, method.violationLength), LEVEL, 1)).toBe(
          method.isViolated(sums, LEVEL, 1),
        );
      }),
    );
  });

  it('adds up to the last digit whatever the order of windows', () => {
    const counts = fc.tuple(fc.nat(60), fc.nat(60), fc.integer({ min: 60, max: 999 }));
    fc.assert(
      fc.property(fc.array(counts, { minLength: 2, maxLength: 30 }), (windows) => {
        const added = windows.map(([k, m, tasks]) =>
          method.contribution([{ gateway: arm(tasks, { failed: k }), official: arm(999, { failed: m }) }]),
        );
        expect(added.toReversed().reduce<Sums>(addSums, [])).toEqual(added.reduce<Sums>(addSums, []));
      }),
    );
  });
});
