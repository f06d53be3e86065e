import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addHistograms, HistogramCounter, quantileBounds } from '../../src/measure/histogram.ts';
import {
  type ArmCounts,
  EMPTY_ARM,
  formatMeasurement,
  type Measurement,
  measurementSchema,
} from '../../src/measure/measurement.ts';
import { addMoney } from '../../src/measure/money.ts';
import { boundSlices, OTHERS, SLICE_LIMIT, UNIT_LIMIT } from '../../src/measure/sample.ts';
import { addMeasurements, emptyMeasurement } from './measurements.ts';
import { START } from './records.ts';

const count = fc.nat(1_000_000);
const known = fc.option(count, { nil: null, freq: 8 });
const money = fc.record({
  usd: fc.nat(1_000_000_000).map((grains) => grains / 1e10),
  priced: count,
  unpriced: count,
});
const histogram = fc
  .array(fc.oneof(fc.double({ min: 0.001, max: 2000, noNaN: true }), fc.constant(Infinity)))
  .map((seconds) => {
    const counter = new HistogramCounter();
    for (const each of seconds) counter.add(each);
    return counter.histogram();
  });
const tokens = fc.record({ input: count, cachedInput: count, output: count, unknown: count });
const name = fc.stringMatching(/^[a-c]{1,2}$/);
const counts = {
  tasks: known,
  failedTasks: known,
  retriedTasks: known,
  attempts: known,
  failedAttempts: known,
  errorsByClass: fc.dictionary(fc.constantFrom('timeout', 'overloaded', 'other_model'), count),
  fallbacks: known,
  truncated: known,
  empty: known,
  latency: histogram,
  ttft: histogram,
  tokens: fc.option(tokens, { nil: null, freq: 8 }),
  cost: money,
  retryCost: money,
  atOfficialPrices: money,
};
const spender = fc.record({
  name,
  tasks: known,
  failedTasks: known,
  attempts: known,
  tokens: fc.option(tokens, { nil: null }),
  cost: money,
  retryCost: money,
  atOfficialPrices: money,
});
const byName = <T extends { name: string }>(slice: fc.Arbitrary<T>) =>
  fc
    .uniqueArray(slice, { selector: (each) => each.name, maxLength: 4 })
    .map((slices) => slices.sort((a, b) => (a.name < b.name ? -1 : 1)));
const units = fc
  .uniqueArray(
    fc.record(
      { unit: name, tasks: count, failedTasks: count, slower: fc.array(count, { maxLength: 11 }) },
      { requiredKeys: ['unit', 'tasks', 'failedTasks'] },
    ),
    { selector: ({ unit }) => unit },
  )
  .map((list) => list.sort((a, b) => (a.unit < b.unit ? -1 : 1)));
const arm: fc.Arbitrary<ArmCounts | null> = fc.option(
  fc.record(
    {
      ...counts,
      byModel: byName(fc.record({ name, ...counts })),
      byKey: byName(spender),
      byMember: byName(spender),
      units,
    },
    { requiredKeys: [...objectKeys(counts), 'byModel', 'byKey', 'byMember'] },
  ),
  { nil: null, freq: 8 },
);
const measurement: fc.Arbitrary<Measurement> = fc.record({
  schema: fc.constant(1 as const),
  window: fc
    .tuple(fc.nat(1e9), fc.nat(1e9))
    .map(([from, length]) => ({ from: START + from, to: START + from + length })),
  stage: fc.constant('5%'),
  share: fc.constantFrom(5, 5, 6, null),
  source: fc.constantFrom('jsonl', 'prometheus', 'litellm+openai'),
  arms: fc.record({ official: arm, gateway: arm }),
});

function objectKeys<T extends object>(of: T): (keyof T)[] {
  return Object.keys(of).filter((key): key is keyof T & string => key in of);
}

const empty = emptyMeasurement({ window: { from: START, to: START } });

describe('measurements add up', () => {
  it('in any order, to the byte', () => {
    fc.assert(
      fc.property(measurement, measurement, (a, b) => {
        expect(formatMeasurement(addMeasurements(a, b))).toBe(formatMeasurement(addMeasurements(b, a)));
      }),
      { numRuns: 60 },
    );
  });

  it('in any grouping, to the byte', () => {
    fc.assert(
      fc.property(measurement, measurement, measurement, (a, b, c) => {
        const left = addMeasurements(addMeasurements(a, b), c);
        const right = addMeasurements(a, addMeasurements(b, c));
        expect(formatMeasurement(left)).toBe(formatMeasurement(right));
      }),
      { numRuns: 60 },
    );
  });

  it('and adding nothing changes nothing', () => {
    fc.assert(
      fc.property(arm, (some) => {
        const a = { ...empty, arms: { official: some, gateway: EMPTY_ARM } };
        const sum = addMeasurements(a, empty).arms.official;
        const named = some && { ...some, errorsByClass: sum?.errorsByClass };
        expect(sum).toEqual(named ?? EMPTY_ARM);
        expect(sum?.errorsByClass).toEqual(some?.errorsByClass ?? {});
      }),
      { numRuns: 60 },
    );
  });

  it('survives the file', () => {
    fc.assert(
      fc.property(measurement, (a) => {
        expect(measurementSchema.parse(JSON.parse(formatMeasurement(a)))).toEqual(a);
      }),
      { numRuns: 60 },
    );
  });

  it('reports what is no longer known', () => {
    const blind = {
      ...empty,
      arms: { official: { ...EMPTY_ARM, tasks: 7, failedTasks: null }, gateway: null },
    };
    const sum = addMeasurements(
      { ...empty, arms: { official: { ...EMPTY_ARM, tasks: 1 }, gateway: null } },
      blind,
    );
    expect(sum.arms.official).toMatchObject({ tasks: 8, failedTasks: null });
    expect(sum.arms.gateway).toBeNull();
  });
});

describe('money', () => {
  it('adds a hundredth of a cent a hundred thousand times without drifting', () => {
    let sum = { usd: 0, priced: 0, unpriced: 0 };
    for (let index = 0; index < 100_000; index += 1) {
      sum = addMoney(sum, { usd: 0.0001, priced: 1, unpriced: 0 });
    }
    expect(sum.usd).toBe(10);
  });
});

describe('histograms', () => {
  it('put each time at the first bound that is not below it', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 3000, noNaN: true }), (seconds) => {
        const counter = new HistogramCounter();
        counter.add(seconds);
        const at = counter.histogram().find(({ count: tasks }) => tasks === 1)?.le;
        const bounds = counter.histogram().map(({ le }) => (le === '+Inf' ? Infinity : le));
        expect(at === '+Inf' ? Infinity : at).toBe(bounds.find((bound) => seconds <= bound));
      }),
    );
  });

  it('keep their common bounds', () => {
    const a = [
      { le: 1, count: 1 },
      { le: 2, count: 3 },
      { le: '+Inf' as const, count: 4 },
    ];
    const b = [
      { le: 2, count: 5 },
      { le: 4, count: 6 },
      { le: '+Inf' as const, count: 6 },
    ];
    expect(addHistograms(a, b)).toEqual([
      { le: 2, count: 8 },
      { le: '+Inf', count: 10 },
    ]);
  });

  it('show between which bounds a quantile lies, with failed tasks above them all', () => {
    const counter = new HistogramCounter();
    for (const seconds of [0.1, 0.2, 0.3, Infinity]) counter.add(seconds);
    expect(quantileBounds(counter.histogram(), 0.5)).toEqual({ above: 0.178, atMost: 0.2 });
    expect(quantileBounds(counter.histogram(), 0.95)).toEqual({ above: 1000, atMost: Infinity });
    expect(quantileBounds([], 0.5)).toBeNull();
  });

  it('refuse counts that fall and bounds that do not rise', () => {
    const parse = (latency: unknown) =>
      measurementSchema.safeParse({
        ...JSON.parse(formatMeasurement(empty)),
        arms: { official: { ...EMPTY_ARM, latency }, gateway: null },
      }).success;
    expect(
      parse([
        { le: 1, count: 1 },
        { le: '+Inf', count: 2 },
      ]),
    ).toBe(true);
    expect(
      parse([
        { le: 1, count: 2 },
        { le: '+Inf', count: 1 },
      ]),
    ).toBe(false);
    expect(
      parse([
        { le: 1, count: 1 },
        { le: 1, count: 2 },
        { le: '+Inf', count: 2 },
      ]),
    ).toBe(false);
    expect(parse([{ le: 1, count: 1 }])).toBe(false);
  });
});

describe('a measurement stays small', () => {
  const many = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, index) => ({
      unit: `user-${from + index}`,
      tasks: 1,
      failedTasks: 0,
    }));
  const withUnits = (from: number, to: number): Measurement => ({
    ...empty,
    arms: { official: { ...EMPTY_ARM, units: many(from, to) }, gateway: null },
  });

  it('with more users than are counted one by one: whole users are kept, the same ones in whatever order windows come', () => {
    const [a, b, c] = [withUnits(0, 6_000), withUnits(4_000, 9_000), withUnits(3_000, 5_000)] as const;
    const one = addMeasurements(addMeasurements(a, b), c).arms.official?.units ?? [];
    const other = addMeasurements(c, addMeasurements(b, a)).arms.official?.units ?? [];
    expect(one).toHaveLength(UNIT_LIMIT);
    expect(one).toEqual(other);
    // User 4500 is in all three windows.
    const shared = one.filter(({ unit }) => Number(unit.slice(5)) >= 4_000 && Number(unit.slice(5)) < 5_000);
    expect(new Set(shared.map(({ tasks }) => tasks))).toEqual(new Set([3]));
  });

  it('with more keys than the limit: the rest is one slice, and nothing is lost', () => {
    const slices = Array.from({ length: SLICE_LIMIT + 10 }, (_, index) => ({ name: `k${index}`, tasks: 2 }));
    const bound = boundSlices(slices, (a, b) => ({ name: a.name, tasks: a.tasks + b.tasks }));
    expect(bound).toHaveLength(SLICE_LIMIT + 1);
    expect(bound.at(-1)).toEqual({ name: OTHERS, tasks: 20 });
  });
});
