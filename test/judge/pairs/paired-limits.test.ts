import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addSums } from '../../../src/judge/method.ts';
import { normal, seeded } from '../../support/random.ts';
import { limited, lnOf, pairsTo, slice, sumsOf } from './paired.ts';

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
