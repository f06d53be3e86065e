import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ratioEvidence } from '../../src/judge/event-ratio.ts';
import { addSums } from '../../src/judge/method.ts';
import { FACTORS, isProven, lnMixture, OUTSIDE, WITHIN } from '../../src/judge/mixture.ts';
import { binomialPmf } from './measured.ts';

/**
 * mpmath 1.3 with 60 digits: for each ρ the sum over strata of `k*log(θ/r) + m*log((1-θ)/(1-r))`, then the logarithm
 * of the weighted mean of their exponentials. A stratum: events and tasks of the gateway, events and tasks of official.
 */
const REFERENCES = [
  { strata: [[3, 50, 20, 950]], limit: 2, outside: -0.117174366404279, within: -1.05610394007919 },
  {
    strata: [
      [0, 50, 0, 950],
      [1, 3, 900, 2997],
    ],
    limit: 1.5,
    outside: -0.448468360610264,
    within: -0.152858250475081,
  },
  { strata: [[1e7, 1e8, 1e7, 1e8]], limit: 2, outside: -66882.110641402, within: 1177829.66341665 },
  {
    strata: [[1e4, 1e7, 9990000, 9990000000]],
    limit: 1.5,
    outside: -105.667909373281,
    within: 943.411988941004,
  },
  {
    strata: [[2e4, 1e7, 9980000, 9990000000]],
    limit: 2,
    outside: -7.27235301355921,
    within: -9.49315320207411,
  },
  { strata: [[0, 10, 1e6, 1e7]], limit: 1, outside: -0.605878889498325, within: 0.383662670438837 },
  {
    strata: [
      [40, 1000, 1, 1000],
      [0, 1, 5, 100000],
    ],
    limit: 1.05,
    outside: 19.565851578795,
    within: -1.55154474968349,
  },
];

function evidenceOf(strata: readonly (readonly number[])[], limit: number): readonly number[] {
  return strata
    .map(([events = 0, tasks = 0, official = 0, officialTasks = 0]) =>
      ratioEvidence(
        { gateway: { events, tasks }, official: { events: official, tasks: officialTasks } },
        limit,
      ),
    )
    .map((each) => [...each.outside, ...each.within])
    .reduce<readonly number[]>(addSums, []);
}

const outside = (evidence: readonly number[]) => lnMixture(evidence, 0, OUTSIDE, 1);
const within = (evidence: readonly number[]) => lnMixture(evidence, FACTORS, WITHIN, 1);
const isOutside = (evidence: readonly number[], designEffect = 1) =>
  isProven(evidence, 0, OUTSIDE, 0.05, designEffect);
const isWithin = (evidence: readonly number[]) => isProven(evidence, FACTORS, WITHIN, 0.05, 1);

const stratum = fc
  .tuple(fc.nat(30), fc.integer({ min: 1, max: 500 }), fc.nat(60), fc.integer({ min: 1, max: 5000 }))
  .map(([k, n, m, o]) => [Math.min(k, n), n, Math.min(m, o), o]);

describe('a ratio of events, valid at any number of looks', () => {
  it.each(REFERENCES)('$strata at a limit of $limit', ({ strata, limit, ...expected }) => {
    const evidence = evidenceOf(strata, limit);
    expect(Math.abs(outside(evidence) - expected.outside)).toBeLessThan(1e-5);
    expect(Math.abs(within(evidence) - expected.within)).toBeLessThan(1e-5);
  });

  it('expects at most 1 while the limit just holds, whatever the rate and however large', () => {
    // Every outcome of small strata, weighted by its probability.
    for (const [n, o, rate, limit] of [
      [3, 9, 0.02, 2],
      [3, 9, 0.4, 2],
      [5, 5, 0.3, 1],
      [1, 20, 0.08, 1.5],
      [6, 2, 0.66, 1.5],
    ] as const) {
      let [up, down] = [0, 0];
      for (let k = 0; k <= n; k += 1) {
        for (let m = 0; m <= o; m += 1) {
          const probability = binomialPmf(k, n, rate * limit) * binomialPmf(m, o, rate);
          const evidence = evidenceOf([[k, n, m, o]], limit);
          up += probability * Math.exp(outside(evidence));
          down += probability * Math.exp(within(evidence));
        }
      }
      expect(up).toBeLessThanOrEqual(1 + 1e-12);
      expect(down).toBeLessThanOrEqual(1 + 1e-12);
    }
  });

  it('ignores strata in which one arm has no tasks or no events', () => {
    expect(new Set(evidenceOf([[5, 10, 0, 0]], 2))).toEqual(new Set([0]));
    expect(new Set(evidenceOf([[0, 0, 7, 90]], 2))).toEqual(new Set([0]));
    expect(new Set(evidenceOf([[0, 10, 0, 90]], 2))).toEqual(new Set([0]));
  });

  it('does not depend on the order of windows', () => {
    fc.assert(
      fc.property(fc.array(stratum, { minLength: 1, maxLength: 20 }), (strata) => {
        const [forth, back] = [evidenceOf(strata, 2), evidenceOf(strata.toReversed(), 2)];
        expect(outside(forth)).toBeCloseTo(outside(back), 9);
        expect(within(forth)).toBeCloseTo(within(back), 9);
      }),
    );
  });

  it('never proves both at once', () => {
    fc.assert(
      fc.property(fc.array(stratum, { minLength: 1, maxLength: 20 }), (strata) => {
        const evidence = evidenceOf(strata, 2);
        expect(isOutside(evidence) && isWithin(evidence)).toBe(false);
      }),
    );
  });

  it('counts clustered tasks as fewer', () => {
    const evidence = evidenceOf([[70, 1000, 20, 1000]], 1);
    expect(isOutside(evidence)).toBe(true);
    expect(isOutside(evidence, 5)).toBe(false);
  });
});
