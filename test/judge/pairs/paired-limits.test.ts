import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MetricName } from '../../../src/config/metrics.ts';
import { inUnits, type LimitKind } from '../../../src/judge/limit-units.ts';
import { addSums, type Method, type Sums } from '../../../src/judge/method.ts';
import { definitionOf } from '../../../src/judge/metrics.ts';
import { pairedMethod } from '../../../src/judge/pairs/paired-limits.ts';
import { strataOf } from '../../../src/judge/strata.ts';
import { differencesOf, stepOf } from '../../../src/measure/differences.ts';
import type { PairSlice } from '../../../src/measure/measurement.ts';
import { normal, seeded } from '../../support/random.ts';
import { arm } from '../measured.ts';

const LEVEL = { alpha: 0.05, concentration: 100 };

function limited(metric: MetricName, kind: LimitKind, limit: number): Method {
  const definition = definitionOf(metric);
  const method = pairedMethod(metric, definition, kind, inUnits(definition, kind, limit, true));
  if (method === null) throw new Error(`${metric} is not compared in pairs`);
  return method;
}

/** Pairs of which so many failed on one arm alone, or on both; those served differ by so much in everything. */
function slice(
  { gateway = 0, official = 0, both = 0, none = 0 },
  differences: readonly number[] = [],
): PairSlice {
  const tasks = gateway + official + both + none;
  const steps = differencesOf(() => differences.map((each) => [stepOf(each), 1] as const));
  return {
    name: 'a',
    official: arm(tasks, { failed: official + both }),
    gateway: arm(tasks, { failed: gateway + both }),
    bothFailed: both,
    differences: steps,
  };
}

function sumsOf(method: Method, pairs: PairSlice): Sums {
  const about = { schema: 1, window: { from: 0, to: 1 }, stage: '', share: null, source: '' } as const;
  const measurement = { ...about, arms: { gateway: null, official: null }, pairs: [pairs] };
  return method.contribution(strataOf(measurement, undefined, true));
}

const lnOf = (method: Method, sums: Sums) => method.lnViolation?.(sums, LEVEL, 1) ?? Number.NaN;

/** How many pairs prove it, looked at after each; Infinity if `most` do not. */
function pairsTo(
  proven: 'isViolated' | 'isWithin',
  method: Method,
  most: number,
  draw: () => PairSlice,
): number {
  let sums: Sums = [];
  for (let pairs = 1; pairs <= most; pairs += 1) {
    sums = addSums(sums, sumsOf(method, draw()));
    if (method[proven](sums, LEVEL, 1)) return pairs;
  }
  return Number.POSITIVE_INFINITY;
}

function median(runs: number, one: (seed: number) => number): number {
  const found = Array.from({ length: runs }, (_, seed) => one(seed + 1)).sort((a, b) => a - b);
  return found[Math.floor(runs / 2)] ?? Number.NaN;
}

describe('failures in pairs', () => {
  const rate = fc.double({ min: 0, max: 0.3, noNaN: true });

  it.each([
    ['success_rate', 'max_drop', 1, (official: number) => official + 0.01],
    ['error_ratio', 'max', 2, (official: number) => 2 * official],
  ] as const)(
    '%s %s %d: no bet gains at the limit, however the failures come together',
    (metric, kind, limit, most) => {
      const method = limited(metric, kind, limit);
      const before = sumsOf(method, slice({ gateway: 3, official: 1, both: 2, none: 50 }));
      fc.assert(
        fc.property(rate, fc.double({ min: 0, max: 1, noNaN: true }), (official, together) => {
          const gateway = most(official);
          const both = together * Math.min(official, gateway);
          const chances = { gateway: gateway - both, official: official - both, both, none: 0 };
          chances.none = 1 - chances.gateway - chances.official - both;
          fc.pre(chances.none >= 0);
          const mean = Object.entries(chances).reduce((sum, [which, chance]) => {
            const after = addSums(before, sumsOf(method, slice({ [which]: 1 })));
            return sum + chance * Math.exp(lnOf(method, after) - lnOf(method, before));
          }, 0);
          expect(mean).toBeLessThanOrEqual(1 + 1e-9);
        }),
      );
    },
  );

  const drawing = (seed: number, official: number, gateway: number, shared = 0) => {
    const random = seeded(seed);
    return () => {
      const together = random() < shared;
      const [ours, theirs] = [random() < gateway || together, random() < official || together];
      return slice(ours ? (theirs ? { both: 1 } : { gateway: 1 }) : theirs ? { official: 1 } : { none: 1 });
    };
  };

  it('what both arms refuse delays nothing', () => {
    const method = limited('success_rate', 'max_drop', 1);
    const days = (shared: number) =>
      median(15, (seed) => pairsTo('isWithin', method, 3_000, drawing(seed, 0.005, 0.005, shared)));
    expect(days(0)).toBeLessThan(1_100);
    expect(days(0.05)).toBeLessThan(1_100);
  });

  it('an outage shows within ten pairs, and five times the failures within 400', () => {
    const ratio = limited('error_ratio', 'max', 1);
    expect(median(15, (seed) => pairsTo('isViolated', ratio, 100, drawing(seed, 0.005, 1)))).toBeLessThan(10);
    expect(median(15, (seed) => pairsTo('isViolated', ratio, 2_000, drawing(seed, 0.01, 0.05)))).toBeLessThan(
      350,
    );
  });
});

describe('times, costs, tokens and cached input in pairs', () => {
  const spread = Math.SQRT2 * Math.sqrt(0.6 ** 2 - 0.5 ** 2);
  const drawing = (seed: number, factor: number) => {
    const random = seeded(seed);
    return () => slice({ none: 1 }, [Math.log(factor) + spread * normal(random)]);
  };

  it('a difference exactly at the limit gains nothing, and an opposite one loses it again', () => {
    const method = limited('latency_p95', 'max_increase', 20);
    const edge = Math.log(1.2);
    fc.assert(
      fc.property(fc.double({ min: 0, max: 2, noNaN: true }), (distance) => {
        const gain = (difference: number) =>
          Math.exp(lnOf(method, sumsOf(method, slice({ none: 1 }, [difference]))));
        expect((gain(edge + distance) + gain(edge - distance)) / 2).toBeLessThanOrEqual(1 + 1e-9);
      }),
    );
  });

  it('30 % slower is proven within 100 pairs where 5 % are allowed, and an equal gateway passes within 200', () => {
    const strict = limited('latency_p50', 'max_increase', 5);
    expect(median(25, (seed) => pairsTo('isViolated', strict, 500, drawing(seed, 1.3)))).toBeLessThan(100);
    const usual = limited('slow_ratio', 'max', 1.5);
    expect(median(25, (seed) => pairsTo('isWithin', usual, 500, drawing(seed, 1)))).toBeLessThan(200);
  });

  it('5 % slower is hardly ever blamed where 5 % are allowed', () => {
    const strict = limited('latency_p50', 'max_increase', 5);
    const blamed = Array.from({ length: 200 }, (_, seed) =>
      pairsTo('isViolated', strict, 200, drawing(seed, 1.05)),
    );
    expect(blamed.filter(Number.isFinite).length).toBeLessThanOrEqual(10);
  });

  it.each([
    ['tokens_per_task', 'max_increase', 5, Math.log(1.2), 15],
    ['cost_per_task', 'max_increase', 10, Math.log(1.7), 15],
    ['cache_ratio', 'max_drop', 5, 0.8, 15],
  ] as const)('%s %s %d is violated by %d within %d pairs', (metric, kind, limit, difference, most) => {
    const method = limited(metric, kind, limit);
    expect(pairsTo('isViolated', method, 100, () => slice({ none: 1 }, [difference]))).toBeLessThan(most);
    expect(pairsTo('isWithin', method, 100, () => slice({ none: 1 }, [0]))).toBeLessThan(100);
  });
});
