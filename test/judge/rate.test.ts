import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  concentrationFor,
  isRateAbove,
  isRateBelow,
  lnEvidenceAgainstRate,
  rateInterval,
} from '../../src/judge/rate.ts';

/**
 * mpmath 1.3 with 50 digits: `lnB(c*p+k, c*(1-p)+t-k) - lnB(c*p, c*(1-p)) - k*log(p) - (t-k)*log(1-p)` with
 * `lnB(a, b) = loggamma(a) + loggamma(b) - loggamma(a+b)`; ends by 140 bisections; `against`: at 0.001, 0.01, 0.5.
 */
const REFERENCES = [
  { k: 0, t: 1, alpha: 0.05, sharpestAt: 500, low: 0, high: 1, against: [0, 0, 0] },
  { k: 1, t: 1, alpha: 0.05, sharpestAt: 500, low: 0, high: 1, against: [0, 0, 0] },
  {
    k: 0,
    t: 500,
    alpha: 0.05,
    sharpestAt: 500,
    low: 0,
    high: 0.00821390236347266,
    against: [0.363101691328076, 3.65116819368443, 269.275175709002],
  },
  {
    k: 500,
    t: 500,
    alpha: 0.05,
    sharpestAt: 500,
    low: 0.991786097636527,
    high: 1,
    against: [3255.30636659605, 2109.86131321107, 269.275175709002],
  },
  {
    k: 5,
    t: 500,
    alpha: 0.05,
    sharpestAt: 500,
    low: 0.00125847321430311,
    high: 0.0292197389822843,
    against: [3.79067777165698, -1.21391957986579, 255.407851078709],
  },
  {
    k: 3,
    t: 10,
    alpha: 0.05,
    sharpestAt: 500,
    low: 0.0052909237223663,
    high: 0.936158843483956,
    against: [5.98143968311793, 2.04094490590396, 0.0374011566784517],
  },
  {
    k: 50,
    t: 5000,
    alpha: 0.05 / 48,
    sharpestAt: 500,
    low: 0.00489839931394533,
    high: 0.0173707686996073,
    against: [65.4614363331551, -2.80830778028508, 3139.0221266423],
  },
  {
    k: 4999,
    t: 5000,
    alpha: 0.05,
    sharpestAt: 500,
    low: 0.998435777679725,
    high: 1,
    against: [34189.5430809161, 22686.0526427954, 3314.40552393953],
  },
  {
    k: 12345,
    t: 1e7,
    alpha: 0.001,
    sharpestAt: 100000,
    low: 0.00118395528328397,
    high: 0.00128635701653139,
    against: [251.979084323919, 62140.7861808471, 6820717.02019102],
  },
  {
    k: 1e7,
    t: 2e7,
    alpha: 0.05,
    sharpestAt: 500,
    low: 0.499516734483303,
    high: 0.500483265516697,
    against: [55224561.9189547, 32289214.019426, -6.34606504208621],
  },
  {
    k: 1e7,
    t: 1e10,
    alpha: 0.05 / 48,
    sharpestAt: 500,
    low: 0.000998123231442514,
    high: 0.00100187893501111,
    against: [-10.782350604111, 67381996.5852855, 6852399166.10865],
  },
  {
    k: 0,
    t: 1e7,
    alpha: 0.05,
    sharpestAt: 500,
    low: 0,
    high: 2.99595471545724e-7,
    against: [10004.25933242, 100495.915677681, 6931090.20945809],
  },
  {
    k: 1e7,
    t: 1e7,
    alpha: 0.001,
    sharpestAt: 500,
    low: 0.999999309198903,
    high: 1,
    against: [69077146.6065385, 46051302.3177113, 6931280.41771595],
  },
  {
    k: 2.5,
    t: 731.25,
    alpha: 0.05,
    sharpestAt: 500,
    low: 3.8593863329073e-5,
    high: 0.0139795647825794,
    against: [-1.26331089524058, 1.00490431037865, 410.674814003044],
  },
] as const;

const ALPHA = 0.05;
const CONCENTRATION = concentrationFor(500, ALPHA);

const counts = fc
  .record({
    tasks: fc.integer({ min: 1, max: 1_000_000 }),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map(({ tasks, share }) => ({ tasks, events: Math.round(tasks * share) }));

describe('a rate, valid at any number of looks', () => {
  it.each(REFERENCES)(
    '$k events of $t tasks at level $alpha',
    ({ k, t, alpha, sharpestAt, low, high, against }) => {
      const concentration = concentrationFor(sharpestAt, alpha);
      const count = { events: k, tasks: t };
      const interval = rateInterval(count, alpha, concentration);
      expect(Math.abs(interval.low - low)).toBeLessThan(1e-9);
      expect(Math.abs(interval.high - high)).toBeLessThan(1e-9);
      for (const [index, p] of [0.001, 0.01, 0.5].entries()) {
        // The references have 15 digits.
        const allowed = 1e-5 + Math.abs(against[index] ?? 0) * 1e-14;
        const difference = lnEvidenceAgainstRate(p, count, concentration) - (against[index] ?? 0);
        expect(Math.abs(difference)).toBeLessThan(allowed);
      }
    },
  );

  it('equals the product over tasks, one after the other', () => {
    const small = fc.record({
      tasks: fc.integer({ min: 0, max: 400 }),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
      p: fc.double({ min: 0.001, max: 0.999, noNaN: true }),
      c: fc.double({ min: 0.001, max: 10_000, noNaN: true }),
    });
    fc.assert(
      fc.property(small, ({ tasks, share, p, c }) => {
        const events = Math.round(tasks * share);
        // Each task multiplies M by its predicted probability over its probability under p.
        let product = 0;
        for (let i = 0; i < events; i += 1) product += Math.log((c * p + i) / ((c + i) * p));
        for (let i = 0; i < tasks - events; i += 1) {
          product += Math.log((c * (1 - p) + i) / ((c + events + i) * (1 - p)));
        }
        expect(lnEvidenceAgainstRate(p, { events, tasks }, c)).toBeCloseTo(product, 8);
      }),
    );
  });

  it('expects a factor of 1 from the next task: a martingale', () => {
    fc.assert(
      fc.property(counts, fc.double({ min: 0.001, max: 0.999, noNaN: true }), ({ events, tasks }, p) => {
        const now = lnEvidenceAgainstRate(p, { events, tasks }, CONCENTRATION);
        const factor = (next: { events: number; tasks: number }) =>
          Math.exp(lnEvidenceAgainstRate(p, next, CONCENTRATION) - now);
        const mean =
          p * factor({ events: events + 1, tasks: tasks + 1 }) +
          (1 - p) * factor({ events, tasks: tasks + 1 });
        expect(mean).toBeCloseTo(1, 5);
      }),
    );
  });

  it('contains the observed rate, and is mirrored if events and non-events swap', () => {
    fc.assert(
      fc.property(counts, ({ events, tasks }) => {
        const { low, high } = rateInterval({ events, tasks }, ALPHA, CONCENTRATION);
        expect(low).toBeLessThanOrEqual(events / tasks);
        expect(high).toBeGreaterThanOrEqual(events / tasks);
        const turned = rateInterval({ events: tasks - events, tasks }, ALPHA, CONCENTRATION);
        expect(turned.low).toBeCloseTo(1 - high, 9);
        expect(turned.high).toBeCloseTo(1 - low, 9);
      }),
    );
  });

  it('agrees with the interval about every limit', () => {
    fc.assert(
      fc.property(counts, fc.double({ min: 0.0001, max: 0.9999, noNaN: true }), (count, limit) => {
        const { low, high } = rateInterval(count, ALPHA, CONCENTRATION);
        if (Math.abs(low - limit) > 1e-9) {
          expect(isRateAbove(limit, count, ALPHA, CONCENTRATION)).toBe(low > limit);
        }
        if (Math.abs(high - limit) > 1e-9) {
          expect(isRateBelow(limit, count, ALPHA, CONCENTRATION)).toBe(high < limit);
        }
      }),
    );
  });

  it('never proves more at a stricter level, and never less with ten times the same', () => {
    fc.assert(
      fc.property(counts, ({ events, tasks }) => {
        const once = rateInterval({ events, tasks }, ALPHA, CONCENTRATION);
        const strict = rateInterval({ events, tasks }, ALPHA / 50, CONCENTRATION);
        expect(strict.low).toBeLessThanOrEqual(once.low + 1e-12);
        expect(strict.high).toBeGreaterThanOrEqual(once.high - 1e-12);
        const more = rateInterval({ events: 10 * events, tasks: 10 * tasks }, ALPHA, CONCENTRATION);
        expect(more.high - more.low).toBeLessThanOrEqual(once.high - once.low + 1e-12);
      }),
    );
  });

  it('is unknown without tasks', () => {
    expect(rateInterval({ events: 0, tasks: 0 }, ALPHA, CONCENTRATION)).toEqual({ low: 0, high: 1 });
    expect(isRateAbove(0, { events: 0, tasks: 0 }, ALPHA, CONCENTRATION)).toBe(false);
    expect(isRateBelow(1, { events: 0, tasks: 0 }, ALPHA, CONCENTRATION)).toBe(false);
  });
});
