import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addSums, type Sums } from '../../src/judge/method.ts';
import { lnMixture, OUTSIDE, WITHIN } from '../../src/judge/mixture.ts';
import { addRates, expectedRate, type OfficialRates } from '../../src/judge/official-rate.ts';
import { type RateLimit, twoRateEvidence } from '../../src/judge/two-rates.ts';
import { arm, binomialPmf } from './measured.ts';

/**
 * mpmath 1.3 with 60 digits: the projection of each alternative by bisection, then the logarithm of the weighted mean
 * of the likelihood ratios. A stratum: events and tasks of the gateway, those of official, the expected official rate.
 */
const REFERENCES = [
  {
    strata: [[1, 50, 9, 950, 0.01]],
    limit: [1, 0.01],
    outside: -0.261925521014603,
    within: -0.367750438143251,
  },
  {
    strata: [
      [3, 50, 20, 950, 0.015],
      [0, 50, 4, 950, 0.012],
    ],
    limit: [2, 0],
    outside: -0.281001236977982,
    within: -0.905217252724028,
  },
  {
    strata: [[0, 1000, 0, 1000, 0.0001]],
    limit: [1, 0.005],
    outside: -1.44653370791557,
    within: 4.53470765202725,
  },
  // A share of one in a thousand.
  {
    strata: [[1, 1000, 900, 999000, 0.001]],
    limit: [1, 0.01],
    outside: -2.04214072944108,
    within: 7.2063667767193,
  },
  {
    strata: [[3e5, 1e7, 2e7, 1e9, 0.02]],
    limit: [1, 0.01],
    outside: -60.8722222196567,
    within: -61.6465754046979,
  },
  {
    strata: [[4e5, 1e7, 9e6, 1e9, 0.01]],
    limit: [2, 0],
    outside: 99155.6089689989,
    within: -4310.18817451182,
  },
  {
    strata: [[1e7, 1e8, 1e7, 1e8, 0.08]],
    limit: [1.5, 0],
    outside: -39353.1900088266,
    within: 450382.311040323,
  },
  {
    strata: [[40, 60, 30, 60, 0.5]],
    limit: [1.5, 0],
    outside: -0.726350785394567,
    within: -0.690394367827734,
  },
  {
    strata: [
      [30, 50, 10, 50, 0.2],
      [5, 50, 900, 950, 0.9],
    ],
    limit: [1, 0],
    outside: -3.19655096756047,
    within: 30.1426061305574,
  },
];

function evidenceOf(strata: readonly (readonly number[])[], limit: RateLimit): Sums {
  return strata
    .map(([events = 0, tasks = 0, theirs = 0, officialTasks = 0, expected = 0.01]) =>
      twoRateEvidence(
        { gateway: { events, tasks }, official: { events: theirs, tasks: officialTasks } },
        expected,
        limit,
      ),
    )
    .map((each) => [...each.outside, ...each.within])
    .reduce<Sums>(addSums, []);
}

const outside = (evidence: Sums) => lnMixture(evidence, 0, OUTSIDE, 1);
const within = (evidence: Sums) => lnMixture(evidence, OUTSIDE.length, WITHIN, 1);

describe('two rates and a limit between them', () => {
  it.each(REFERENCES)(
    '$strata at a limit of $limit',
    ({ strata, limit: [factor = 1, points = 0], ...expected }) => {
      const evidence = evidenceOf(strata, { factor, points });
      expect(Math.abs(outside(evidence) - expected.outside)).toBeLessThan(1e-5);
      expect(Math.abs(within(evidence) - expected.within)).toBeLessThan(1e-5);
    },
  );

  const LIMITS = [
    { factor: 1, points: 0.05 },
    { factor: 2, points: 0 },
    { factor: 1, points: 0 },
  ];
  const EXPECTED = [0.002, 0.08, 0.6];
  const CASES = [0.001, 0.08, 0.45].flatMap((rate) =>
    LIMITS.flatMap((limit) => EXPECTED.map((expected) => ({ rate, limit, expected }))),
  );

  it.each(CASES)('expects at most 1 while $limit holds, at $rate where $expected was expected', (each) => {
    const { rate, limit, expected } = each;
    const most = limit.factor * rate + limit.points;
    for (const [n, o] of [
      [3, 9],
      [6, 2],
      [1, 20],
    ] as const) {
      // At the limit, and on the side of it on which the statement is false.
      for (const ours of [most, most / 2])
        expect(meanOf(n, o, ours, rate, expected, limit).up).toBeLessThanOrEqual(1 + 1e-9);
      for (const ours of [most, (1 + most) / 2])
        expect(meanOf(n, o, ours, rate, expected, limit).down).toBeLessThanOrEqual(1 + 1e-9);
    }
  });

  it('expects at most 1 where tasks have rates of their own', () => {
    // Two tasks an arm, of which one always fails on the gateway: on average the limit holds.
    const limit = { factor: 1, points: 0.1 };
    const rates = { gateway: [1, 0.2], official: [0.9, 0.1] };
    const events = ([a = 0, b = 0]: readonly number[]) => [(1 - a) * (1 - b), a + b - 2 * a * b, a * b];
    let mean = 0;
    for (const [k, ours] of events(rates.gateway).entries()) {
      for (const [m, theirs] of events(rates.official).entries()) {
        mean += ours * theirs * Math.exp(outside(evidenceOf([[k, 2, m, 2, 0.3]], limit)));
      }
    }
    expect(mean).toBeLessThanOrEqual(1 + 1e-9);
  });

  it('never proves both at once', () => {
    const stratum = fc
      .tuple(fc.nat(30), fc.integer({ min: 1, max: 500 }), fc.nat(60), fc.integer({ min: 1, max: 5000 }))
      .map(([k, n, m, o]) => [Math.min(k, n), n, Math.min(m, o), o, 0.02]);
    fc.assert(
      fc.property(fc.array(stratum, { minLength: 1, maxLength: 12 }), (strata) => {
        const evidence = evidenceOf(strata, { factor: 1, points: 0.01 });
        expect(outside(evidence) > 3 && within(evidence) > 3).toBe(false);
      }),
    );
  });

  it('says nothing where an arm has no tasks, or where every rate is within the limit', () => {
    const limit = { factor: 1, points: 0.01 };
    expect(new Set(evidenceOf([[5, 10, 0, 0, 0.01]], limit))).toEqual(new Set([0]));
    expect(new Set(evidenceOf([[0, 0, 7, 90, 0.01]], limit))).toEqual(new Set([0]));
    expect(new Set(evidenceOf([[9, 10, 5, 10, 0.6]], { factor: 2, points: 0 }))).toEqual(new Set([0]));
  });

  it('proves a healthy gateway within one point after about a thousand tasks, and one 1.5 points worse outside', () => {
    const windows = (failed: number) => Array.from({ length: 24 }, () => [failed, 50, 9.5, 950, 0.01]);
    const limit = { factor: 1, points: 0.01 };
    expect(within(evidenceOf(windows(0.5), limit))).toBeGreaterThan(3);
    expect(outside(evidenceOf(windows(0.5), limit))).toBeLessThan(0);
    expect(outside(evidenceOf(windows(1.75), limit))).toBeGreaterThan(3);
  });
});

function meanOf(n: number, o: number, ours: number, theirs: number, expected: number, limit: RateLimit) {
  let [up, down] = [0, 0];
  for (let k = 0; k <= n; k += 1) {
    for (let m = 0; m <= o; m += 1) {
      const probability = binomialPmf(k, n, Math.min(1, ours)) * binomialPmf(m, o, theirs);
      const evidence = evidenceOf([[k, n, m, o, expected]], limit);
      up += probability * Math.exp(outside(evidence));
      down += probability * Math.exp(within(evidence));
    }
  }
  return { up, down };
}

describe('what is expected of the official arm', () => {
  const failures = ({ failedTasks, tasks }: { failedTasks: number | null; tasks: number | null }) => {
    return { events: failedTasks ?? 0, tasks: tasks ?? 0 };
  };
  const learned = (windows: readonly (readonly [string | null, number, number])[]) =>
    windows.reduce<OfficialRates>(
      (rates, [model, tasks, failed]) =>
        addRates(
          rates,
          [{ ...(model && { model }), gateway: null, official: arm(tasks, { failed }) }],
          failures,
        ),
      [],
    );

  it('is one in a hundred before anything is known', () => {
    expect(expectedRate([], null)).toBe(0.01);
    expect(expectedRate([], 'gpt-4o')).toBe(0.01);
  });

  it('is the rate of the model, or of all models where little is known of it', () => {
    const rates = learned([
      ['small', 10_000, 20],
      ['large', 10_000, 800],
    ]);
    expect(expectedRate(rates, 'small')).toBeCloseTo(0.0022, 3);
    expect(expectedRate(rates, 'large')).toBeCloseTo(0.08, 3);
    expect(expectedRate(rates, 'new')).toBeCloseTo(0.041, 3);
    expect(expectedRate(rates, null)).toBeCloseTo(0.041, 3);
  });

  it('follows a rate that changes', () => {
    const changed = learned([
      ...Array.from({ length: 100 }, () => [null, 1000, 10] as const),
      ...Array.from({ length: 40 }, () => [null, 1000, 40] as const),
    ]);
    expect(expectedRate(changed, null)).toBeGreaterThan(0.03);
  });

  it('is bounded in the number of models', () => {
    expect(learned(Array.from({ length: 90 }, (_, index) => [`model ${index}`, 10, 1] as const)).length).toBe(
      25,
    );
  });
});
