import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { designEffect, unitSums } from '../../src/judge/design-effect.ts';
import { definitionOf } from '../../src/judge/metrics.ts';
import type { UnitCounts } from '../../src/measure/measurement.ts';

const users = (
  count: number,
  tasks: number,
  failedOf: (index: number) => number,
  slowerOf: (index: number) => number[] = () => [],
): UnitCounts[] =>
  Array.from({ length: count }, (_, index) => ({
    unit: `u${index}`,
    tasks,
    failedTasks: failedOf(index),
    slower: slowerOf(index),
  }));

const [FAILURES, OTHERS] = [definitionOf('success_rate'), definitionOf('retry_rate')];
/** Tasks that take longer than so many of all. */
const slower = (share: number) => ({ ...definitionOf('latency_p95'), q: 1 - share });
const effectOf = (...arms: UnitCounts[][]) => designEffect(arms.map(unitSums));

describe('the design effect of failures', () => {
  it('is near 1 where they come as if tasks were independent', () => {
    const effect = effectOf(
      users(1000, 10, (index) => Number(index % 10 === 0)),
      users(1000, 10, (index) => Number(index % 10 === 5)),
    );
    expect(effect?.(FAILURES)).toBeGreaterThanOrEqual(1);
    expect(effect?.(FAILURES)).toBeLessThan(1.5);
    expect(effect?.(OTHERS)).toBe(10);
  });

  it('is the size of a unit where some users fail throughout', () => {
    expect(effectOf(users(1000, 10, (index) => (index % 100 === 0 ? 10 : 0)))?.(FAILURES)).toBeCloseTo(10, 1);
  });

  it('counts each unit as one task while nothing has failed', () => {
    const effect = effectOf(users(50, 20, () => 0));
    expect([effect?.(FAILURES), effect?.(OTHERS)]).toEqual([20, 20]);
  });

  it('is not known without units', () => {
    expect(effectOf([], [])).toBe(null);
  });
});

describe('the design effect of slow tasks', () => {
  /** Of ten tasks four take longer than the first time, one longer than the second. */
  const spread = users(
    2000,
    10,
    () => 0,
    (index) => [index % 2 === 0 ? 5 : 3, index % 3 === 0 ? 2 : index % 3 === 1 ? 1 : 0],
  );

  it('is near 1 if slow tasks are spread evenly over users', () => {
    expect(effectOf(spread)?.(slower(0.1))).toBeGreaterThanOrEqual(1);
    expect(effectOf(spread)?.(slower(0.1))).toBeLessThan(1.5);
  });

  it('is the size of a unit where some users are always slow', () => {
    const always = users(
      2000,
      10,
      () => 0,
      (index) => (index % 10 === 0 ? [10, 10] : [3]),
    );
    expect(effectOf(always)?.(slower(0.1))).toBeCloseTo(10, 0);
  });

  it('is the larger one of the two neighbouring times', () => {
    // Above the first time everyone is alike, above the second only a few users, and these always.
    const mixed = users(
      2000,
      10,
      () => 0,
      (index) => (index % 50 === 0 ? [10, 10] : [4]),
    );
    expect(effectOf(mixed)?.(slower(0.08))).toBeCloseTo(10, 0);
    // So many exceed no time but the first.
    expect(effectOf(mixed)?.(slower(0.5))).toBeLessThan(2);
  });

  it('counts each unit as one task if a source does not report it', () => {
    const untold = spread.map(({ slower: _, ...unit }, index) =>
      index === 7 ? unit : { ...unit, slower: [4] },
    );
    expect(effectOf(untold)?.(slower(0.1))).toBe(10);
    expect(effectOf(spread, untold)?.(slower(0.1))).toBe(10);
  });

  it('counts each unit as one task where no time is exceeded', () => {
    expect(effectOf(users(100, 10, () => 0))?.(slower(0.08))).toBe(10);
  });

  it('is at least 1 and finite whatever units show', () => {
    const unit = fc
      .record({
        tasks: fc.nat(50),
        shares: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 11 }),
      })
      .map(({ tasks, shares }) => ({
        unit: 'u',
        tasks,
        failedTasks: 0,
        slower: shares.toSorted((a, b) => b - a).map((share) => Math.floor(share * tasks)),
      }));
    fc.assert(
      fc.property(fc.array(unit, { minLength: 1, maxLength: 30 }), fc.array(unit), (gateway, official) => {
        for (const share of [0.01, 0.05, 0.08, 0.5]) {
          const effect = effectOf(gateway, official)?.(slower(share)) ?? 1;
          expect(effect).toBeGreaterThanOrEqual(1);
          expect(Number.isFinite(effect)).toBe(true);
        }
      }),
    );
  });
});
