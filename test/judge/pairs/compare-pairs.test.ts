import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { comparePairs, lnDiscordance } from '../../../src/judge/pairs/compare-pairs.ts';
import { addDifference, lnLean, NO_LEAN_EVIDENCE } from '../../../src/judge/pairs/lean-evidence.ts';
import type { RecordPair } from '../../../src/measure/pairs.ts';
import type { RequestRecord } from '../../../src/measure/record.ts';
import { normal, seeded } from '../../support/random.ts';

describe('the evidence of a lean', () => {
  it('gains by a difference what it loses by the opposite one', () => {
    const differences = fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { maxLength: 40 });
    fc.assert(
      fc.property(differences, fc.double({ noNaN: true, min: -1e6, max: 1e6 }), (earlier, next) => {
        const before = earlier.reduce(addDifference, NO_LEAN_EVIDENCE);
        for (const side of ['above', 'below'] as const) {
          const [up, down] = [next, -next].map((each) => Math.exp(lnLean(addDifference(before, each), side)));
          expect(((up ?? 0) + (down ?? 0)) / 2 / Math.exp(lnLean(before, side))).toBeCloseTo(1, 9);
        }
      }),
    );
  });
});

describe('the evidence of pairs in which one arm is worse', () => {
  it('gains by one what it loses by the opposite one, so that equal arms prove nothing', () => {
    const counts = fc.integer({ min: 0, max: 400 });
    fc.assert(
      fc.property(counts, counts, (gateway, official) => {
        const [before, worse, better] = [
          lnDiscordance(gateway, official),
          lnDiscordance(gateway + 1, official),
          lnDiscordance(gateway, official + 1),
        ].map(Math.exp) as [number, number, number];
        // Logarithms are rounded down to a step.
        expect((worse + better) / 2 / before).toBeLessThanOrEqual(1 + 1e-5);
        expect((worse + better) / 2 / before).toBeGreaterThan(1 - 1e-4);
      }),
    );
  });
});

const BASE: RequestRecord = {
  ts: Date.UTC(2026, 0),
  arm: 'official',
  attempt: 0,
  endpoint: '/chat/completions',
  model: 'gpt-4o-mini',
  status: 200,
  duration_ms: 500,
  input_tokens: 1_000,
  cached_input_tokens: 900,
  output_tokens: 50,
  finish_reason: 'stop',
};

interface World {
  readonly slower?: number;
  readonly hidden?: number;
  readonly isCacheLost?: boolean;
  readonly failing?: number;
}

/** Latency: a part of the prompt's (σ 0.5) and a part of each arm's, together a spread of 0.6. */
function pairsOf(
  seed: number,
  n: number,
  { slower = 1, hidden = 0, isCacheLost = false, failing = 0.01 }: World,
) {
  const random = seeded(seed);
  return Array.from({ length: n }, (): RecordPair => {
    const prompt = 0.5 * normal(random);
    const latency = (factor: number) =>
      500 * factor * Math.exp(prompt + Math.sqrt(0.36 - 0.25) * normal(random));
    const failed = (share: number) =>
      random() < share ? ({ status: 503, error: 'overloaded' } as const) : {};
    return {
      official: { ...BASE, duration_ms: latency(1), ...failed(0.01) },
      other: {
        ...BASE,
        arm: 'gateway',
        duration_ms: latency(slower),
        input_tokens: 1_000 + hidden,
        cached_input_tokens: isCacheLost ? 0 : 900,
        ...failed(failing),
      },
    };
  });
}

const LOG10_20 = Math.log10(20);
const SEEDS = Array.from({ length: 60 }, (_, index) => index + 1);

function medianPairs(world: World, most: number, evidence: (pairs: readonly RecordPair[]) => number): number {
  const needed = SEEDS.map((seed) => {
    const pairs = pairsOf(seed, most, world);
    let [low, high] = [1, most];
    if (evidence(pairs) < LOG10_20) return Number.POSITIVE_INFINITY;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (evidence(pairs.slice(0, middle)) >= LOG10_20) high = middle;
      else low = middle + 1;
    }
    return low;
  });
  return needed.toSorted((a, b) => a - b)[30] ?? Number.NaN;
}

describe('pairs show', () => {
  it.each([
    [
      '30 % more latency within 100',
      { slower: 1.3 },
      200,
      100,
      (pairs) => comparePairs(pairs).latency.log10E,
    ],
    [
      'a hidden prompt of 200 tokens within 15',
      { hidden: 200 },
      40,
      15,
      (pairs) => comparePairs(pairs).inputTokens.log10E,
    ],
    [
      'a lost cache within 40',
      { isCacheLost: true },
      60,
      40,
      (pairs) => comparePairs(pairs).lostCache.log10E,
    ],
    [
      '5 % failures for 1 % within 350',
      { failing: 0.05 },
      900,
      350,
      (pairs) => comparePairs(pairs).failures.log10E,
    ],
  ] satisfies [string, World, number, number, (pairs: readonly RecordPair[]) => number][])(
    '%s',
    (_, world, most, limit, evidence) => {
      expect(medianPairs(world, most, evidence)).toBeLessThanOrEqual(limit);
    },
  );

  it('do not blame a hop of 5 %', () => {
    const blamed = SEEDS.filter(
      (seed) => comparePairs(pairsOf(seed, 1_000, { slower: 1.05 })).latency.log10E >= LOG10_20,
    );
    expect(blamed.length).toBeLessThanOrEqual(3);
  });

  it('what differs, and by how much', () => {
    const found = comparePairs(
      pairsOf(1, 400, { slower: 1.3, hidden: 200, isCacheLost: true, failing: 0.05 }),
    );
    expect(found.latency.median).toBeCloseTo(1.3, 1);
    expect(found.inputTokens).toMatchObject({ median: 200, differ: found.inputTokens.told });
    expect(found.lostCache.median).toBeCloseTo(0.9, 12);
    expect(found.failures.onlyOther).toBeGreaterThan(found.failures.onlyOfficial);
    expect(found.finishReasonsDiffer).toBe(0);
  });
});

describe('of the answers, pairs show', () => {
  /** So many pairs with these fields on the official record and on the copy. */
  const some = (n: number, official: Partial<RequestRecord>, other: Partial<RequestRecord>) =>
    Array.from(
      { length: n },
      (): RecordPair => ({ official: { ...BASE, ...official }, other: { ...BASE, ...other } }),
    );

  it.each([
    ['empty', { empty: true }, { empty: false }],
    ['refused', { refused: true }, { refused: false }],
    ['invalidJson', { valid_json: false }, { valid_json: true }],
    ['invalidArguments', { valid_arguments: false }, { valid_arguments: true }],
  ] as const)('%s on one arm alone, and whether that is chance', (name, bad, good) => {
    const found = comparePairs([
      ...some(9, good, bad),
      ...some(1, bad, good),
      ...some(5, bad, bad),
      ...some(7, good, good),
      ...some(3, {}, {}),
    ])[name];
    expect(found).toMatchObject({ onlyOther: 9, onlyOfficial: 1, both: 5, told: 22 });
    expect(found.log10E).toBeGreaterThan(0);
    expect(comparePairs(some(9, bad, good))[name].log10E).toBeLessThan(0);
  });

  it('calls that differ, among those that call', () => {
    const found = comparePairs([
      ...some(2, {}, { same_calls: false }),
      ...some(3, {}, { same_calls: true }),
      ...some(4, {}, {}),
    ]);
    expect(found.calls).toEqual({ told: 5, differ: 2 });
  });

  it.each([0.5, 2])('an answer of × %s the length', (factor) => {
    const found = comparePairs(some(60, { answer_length: 100 }, { answer_length: 100 * factor }));
    expect(found.length.median).toBeCloseTo(factor, 9);
    expect(found.length.log10E).toBeGreaterThan(LOG10_20);
  });

  it('nothing of a pair that failed', () => {
    const failed = { error: 'overloaded', status: 503, refused: true, quality: 'official' } as const;
    expect(comparePairs(some(3, {}, failed))).toMatchObject({
      refused: { told: 0 },
      quality: { told: 0 },
      failures: { onlyOther: 3 },
    });
  });
});
