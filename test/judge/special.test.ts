import { describe, expect, it } from 'vitest';
import { deviance, logSumExp, stirlingError } from '../../src/judge/special.ts';

/** mpmath 1.3 with 60 digits: `loggamma(x) - ((x - 1/2)*log(x) - x + log(2*pi)/2)`. */
const STIRLING_ERRORS = [
  [1e-9, 9.44269440641458],
  [0.0005, 2.88552474553038],
  [0.3, 0.236064900748216],
  [1, 0.0810614667953273],
  [7.5, 0.0111045597582069],
  [14.9, 0.00559200251225083],
  [15, 0.0055547335519628],
  [100, 0.000833330555634915],
  [1e7, 8.33333333333333e-9],
  [1e12, 8.33333333333333e-14],
] as const;

/** mpmath 1.3 with 60 digits: `x*log(x/m) + m - x`. */
const DEVIANCES = [
  [0, 3, 3],
  [5, 5, 0],
  [5, 5.0001, 9.99986666866663e-10],
  [1e7, 10000003, 4.4999991000002e-7],
  [3, 40, 29.2291985036625],
  [0.001, 12, 11.9896073380712],
  [1e9, 999999999.5, 1.25000000041667e-10],
] as const;

/** 1e-12 of the value, or of 1. */
function expectNear(actual: number, expected: number): void {
  expect(Math.abs(actual - expected)).toBeLessThan(1e-12 * Math.max(1, Math.abs(expected)));
}

describe('special functions', () => {
  it.each(STIRLING_ERRORS)('the Stirling error of %d', (x, expected) => {
    expectNear(stirlingError(x), expected);
  });

  it.each(DEVIANCES)('the deviance of %d from %d', (x, m, expected) => {
    expectNear(deviance(x, m), expected);
    // Where the two are near, what is left must not be rounding.
    if (expected > 0) expect(deviance(x, m) / expected).toBeCloseTo(1, 9);
  });

  it('sums exponentials that no double could hold', () => {
    expect(logSumExp([1000, 1000])).toBeCloseTo(1000 + Math.LN2, 12);
    expect(logSumExp([-5000, -5000, -9000])).toBeCloseTo(-5000 + Math.LN2, 12);
    expect(logSumExp([])).toBe(Number.NEGATIVE_INFINITY);
  });
});
