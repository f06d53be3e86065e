import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundaryFactor, LEAST_WINDOWS, type RatioSums, ratioInterval } from '../../src/judge/mean-ratio.ts';
import { quantileInterval, quantileOf } from '../../src/judge/quantile.ts';
import { concentrationFor, rateInterval } from '../../src/judge/rate.ts';

const ALPHA = 0.05;
const CONCENTRATION = concentrationFor(500, ALPHA);

describe('a quantile on a histogram', () => {
  const bounds = [0.5, 1, 2, 4, 8];

  it('lies between the bounds that remain after testing each one', () => {
    const steps = fc
      .array(fc.nat(2000), { minLength: 6, maxLength: 6 })
      .filter((each) => each.some((n) => n > 0));
    fc.assert(
      fc.property(steps, fc.constantFrom(0.5, 0.9, 0.95, 0.99), (perBucket, q) => {
        let sum = 0;
        const cumulative = perBucket.map((count) => {
          sum += count;
          return sum;
        });
        const distribution = { bounds, counts: cumulative.slice(0, 5), tasks: sum };
        const interval = quantileInterval(distribution, q, ALPHA, CONCENTRATION);
        const share = (index: number) =>
          rateInterval({ events: cumulative[index] ?? 0, tasks: sum }, ALPHA, CONCENTRATION);
        const surelyBelow = bounds.filter((_, index) => share(index).high < q);
        const surelyReached = bounds.filter((_, index) => share(index).low > q);
        expect(interval.low).toBe(surelyBelow.at(-1) ?? 0);
        expect(interval.high).toBe(surelyReached[0] ?? Number.POSITIVE_INFINITY);
        const observed = quantileOf(distribution, q) ?? Number.NaN;
        expect(observed).toBeGreaterThanOrEqual(interval.low);
        expect(observed).toBeLessThanOrEqual(interval.high);
      }),
    );
  });

  it('leaves out bounds that one window did not have', () => {
    const distribution = { bounds, counts: [500, Number.NaN, 9000, 9900, 10_000], tasks: 10_000 };
    expect(quantileInterval(distribution, 0.5, ALPHA, CONCENTRATION)).toEqual({ low: 0.5, high: 2 });
  });

  it('has no upper end if too many tasks are above every bound', () => {
    const distribution = { bounds, counts: [10, 20, 30, 40, 50], tasks: 100 };
    expect(quantileOf(distribution, 0.95)).toBe(Number.POSITIVE_INFINITY);
    expect(quantileOf({ ...distribution, tasks: 0 }, 0.95)).toBe(null);
  });
});

describe('a ratio of sums over windows', () => {
  const sumsOf = (pairs: readonly (readonly [number, number])[]): RatioSums => [
    pairs.length,
    total(pairs.map(([x]) => x)),
    total(pairs.map(([, y]) => y)),
    total(pairs.map(([x]) => x * x)),
    total(pairs.map(([x, y]) => x * y)),
    total(pairs.map(([, y]) => y * y)),
  ];

  /** mpmath 1.3: `sqrt(N*2*(N*rho2+1)/(N*rho)**2*log(sqrt(N*rho2+1)/a))`, rho2 as in the design. */
  it.each([
    [12, 0.05, 3.66264542883686],
    [96, 0.05, 3.03520899037625],
    [400, 0.05 / 48, 4.27046689583586],
    [100_000, 0.001, 4.85484853782749],
  ])('after %d windows at level %d', (windows, alpha, factor) => {
    expect(boundaryFactor(windows, alpha)).toBeCloseTo(factor, 9);
  });

  it('has the standard error of its residuals', () => {
    const pairs = fc.array(
      fc.tuple(fc.double({ min: 0.1, max: 10, noNaN: true }), fc.double({ min: 1, max: 10, noNaN: true })),
      { minLength: LEAST_WINDOWS, maxLength: 50 },
    );
    fc.assert(
      fc.property(pairs, (each) => {
        const [x, y] = [total(each.map((pair) => pair[0])), total(each.map((pair) => pair[1]))];
        const squares = total(each.map(([a, b]) => (a - (x / y) * b) ** 2));
        const error = Math.sqrt((squares * each.length) / (each.length - 1)) / y;
        const interval = ratioInterval(sumsOf(each), 'linear', ALPHA, 1);
        const width = ((interval?.high ?? 0) - (interval?.low ?? 0)) / 2;
        expect(width).toBeCloseTo(error * boundaryFactor(each.length, ALPHA), 6);
      }),
    );
  });

  it('is unknown for too few windows, and for logarithms of zero', () => {
    const few = Array.from({ length: LEAST_WINDOWS - 1 }, (_, index) => [index + 1, 2] as const);
    expect(ratioInterval(sumsOf(few), 'log', ALPHA, 1)).toBe(null);
    const nothing = Array.from({ length: 20 }, () => [0, 2] as const);
    expect(ratioInterval(sumsOf(nothing), 'log', ALPHA, 1)).toBe(null);
    expect(ratioInterval(sumsOf(nothing), 'linear', ALPHA, 1)).toEqual({ low: 0, high: 0 });
  });
});

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
