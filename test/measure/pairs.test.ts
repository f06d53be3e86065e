import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ARMS } from '../../src/config/arms.ts';
import { addPairs } from '../../src/measure/add.ts';
import { Aggregator } from '../../src/measure/aggregate.ts';
import { boundMeasurement } from '../../src/measure/bounds.ts';
import { differencesOf, stepOf } from '../../src/measure/differences.ts';
import type { Window } from '../../src/measure/instant.ts';
import {
  EMPTY_ARM,
  MOST_PAIR_SLICES,
  measurementSchema,
  type PairSlice,
} from '../../src/measure/measurement.ts';
import { loadPriceBook } from '../../src/measure/models.ts';
import { endOf, formatRecord, type RequestRecord } from '../../src/measure/record.ts';
import { jsonlSource } from '../../src/measure/sources/jsonl.ts';
import { temporaryDirectory } from '../support/files.ts';
import { emptyMeasurement } from './measurements.ts';
import { record, START, windowOf } from './records.ts';

const book = await loadPriceBook([], {});

/** An official request and its copy, which take half a second unless said. */
function pair(
  task: string,
  at: number,
  official: Partial<RequestRecord> = {},
  gateway: Partial<RequestRecord> = {},
): RequestRecord[] {
  return [
    record({ at, task, arm: 'official', ...official }),
    record({ at, task, arm: 'gateway', shadow: true, ...gateway }),
  ];
}

/** The counts of a stage that copies requests, of records in the order of their ends. */
function count(records: readonly RequestRecord[], window: Window = windowOf(3_600), copies = true) {
  const aggregator = new Aggregator(book, { window, slice: null, without: [], copies });
  for (const each of records.toSorted((a, b) => endOf(a) - endOf(b))) aggregator.add(each);
  const pairs = aggregator.pairs?.finish() ?? null;
  return { arms: aggregator.finish(), pairs, copies: aggregator.pairs?.copies };
}

const DOWN = { status: 503, error: 'overloaded' } as const;

describe('copies and their originals', () => {
  it('are pairs, while the arms count what users met', () => {
    const { arms, pairs } = count([
      ...pair('a', 1, { duration_ms: 1_000 }, { duration_ms: 2_000 }),
      ...pair('b', 2, {}, DOWN),
      ...pair('c', 3, DOWN, DOWN),
      record({ at: 4, task: 'd', arm: 'official' }),
    ]);
    expect(arms.official).toMatchObject({ tasks: 4, failedTasks: 1 });
    expect(arms.gateway).toMatchObject({ tasks: 0, attempts: 0 });
    expect(pairs).toMatchObject([
      {
        name: 'gpt-4o-mini',
        official: { tasks: 3, failedTasks: 1 },
        gateway: { tasks: 3, failedTasks: 2, errorsByClass: { overloaded: 2 } },
        bothFailed: 1,
        differences: { latency: [[stepOf(Math.log(2)), 1]], tokens: [[0, 1]], cost: [[0, 1]] },
      },
    ]);
  });

  it('show a hidden prompt in the tokens, and a lost cache in cached input and cost', () => {
    const cached = { input_tokens: 1_000, cached_input_tokens: 900, output_tokens: 100 };
    const { pairs } = count(pair('a', 1, cached, { ...cached, input_tokens: 1_200, cached_input_tokens: 0 }));
    const [slice] = pairs ?? [];
    expect(slice?.differences.tokens).toEqual([[stepOf(Math.log(1_300 / 1_100)), 1]]);
    expect(slice?.differences.cache).toEqual([[stepOf(0.9), 1]]);
    expect(slice?.differences.cost[0]?.[0]).toBeGreaterThan(20);
  });

  it('show whose answers a scorer found better', () => {
    const verdicts = ['official', 'official', 'gateway', 'tie', undefined] as const;
    const { pairs } = count(verdicts.flatMap((quality, at) => pair(`${at}`, at, {}, { quality })));
    expect(pairs?.[0]?.differences.quality).toEqual([
      [-64, 1],
      [0, 1],
      [64, 2],
    ]);
  });

  it('pair retries by their number', () => {
    const { pairs } = count([
      ...pair('a', 1, DOWN, { duration_ms: 3_000 }),
      ...pair('a', 2, { attempt: 1 }, { attempt: 1 }),
    ]);
    expect(pairs).toMatchObject([{ official: { tasks: 2, failedTasks: 1 }, gateway: { failedTasks: 0 } }]);
  });

  it('belong to the window in which the second of them ended, once', () => {
    const copy = record({ at: 1, task: 'x', duration_ms: 2_000, shadow: true });
    const late = [
      record({ at: 0.5, task: 'x', arm: 'official', duration_ms: 400 }),
      { ...copy, ts: START + 100 },
    ];
    const [first, second] = [windowOf(1), { from: START + 1_000, to: START + 3_600_000 }];
    expect(count(late, first).pairs).toEqual([]);
    expect(count(late, second).pairs).toMatchObject([{ gateway: { tasks: 1 } }]);
    expect(count([...late, ...late], second).pairs).toMatchObject([{ gateway: { tasks: 1 } }]);
  });

  it('without an original are counted, and pair with nothing later', () => {
    const copy = record({ at: 1, task: 'a', shadow: true });
    const later = record({ at: 90, task: 'a', arm: 'official' });
    expect(count([copy, later])).toMatchObject({ pairs: [], copies: { all: 1, alone: 1 } });
  });

  it('are not looked for in other stages, but each copy costs what it costs, once', () => {
    const copies = [...pair('a', 1), ...pair('b', 2, {}, { model: 'unheard-of' }), ...pair('late', 3_700)];
    // For the noise, the official API may be asked once more.
    const again = record({ at: 1, task: 'a', arm: 'official', shadow: true });
    const { pairs, arms } = count([...copies, again, ...copies], windowOf(3_600), false);
    expect(pairs).toBeNull();
    expect(arms.gateway).toMatchObject({ tasks: 0, cost: { usd: 0 }, copied: { priced: 1, unpriced: 1 } });
    expect(arms.gateway.copied?.usd).toBe(arms.official.cost.usd / 2);
    expect(arms.official).toMatchObject({ tasks: 2, copied: { priced: 1 } });
    expect(count([]).arms.gateway).not.toHaveProperty('copied');
  });

  it('of many models stay small', () => {
    const many = Array.from({ length: 60 }, (_, at) =>
      pair(`t${at}`, at, { model: `m${at}` }, { model: `m${at}` }),
    );
    const { pairs } = count(many.flat());
    expect(pairs).toHaveLength(MOST_PAIR_SLICES + 1);
    expect(pairs?.reduce((sum, { gateway }) => sum + (gateway.tasks ?? 0), 0)).toBe(60);
  });
});

const someMs = fc.integer({ min: 1, max: 100_000 });
const somePair = fc
  .record({
    at: fc.integer({ min: 0, max: 3_500 }),
    official: fc.record({ duration_ms: someMs, ttft_ms: someMs, output_tokens: fc.nat(500) }),
    gateway: fc.record({ duration_ms: someMs, status: fc.constantFrom(200, 200, 503) }),
    model: fc.constantFrom('gpt-4o-mini', 'gpt-4o'),
  })
  .map(({ at, official, gateway, model }) => ({
    at,
    official: { ...official, model },
    gateway: { ...gateway, model },
  }));
const somePairs = fc.array(somePair, { maxLength: 30 }).map((drawn) => {
  const records = drawn.flatMap(({ at, official, gateway }, index) =>
    pair(`t${index}`, at, official, gateway),
  );
  return count(records).pairs ?? [];
});
const written = (pairs: readonly PairSlice[]) => JSON.stringify(pairs);

describe('pairs add up', () => {
  it('in any order and grouping, to the byte', () => {
    fc.assert(
      fc.property(somePairs, somePairs, somePairs, (a, b, c) => {
        expect(written(addPairs(a, b))).toBe(written(addPairs(b, a)));
        expect(written(addPairs(addPairs(a, b), c))).toBe(written(addPairs(a, addPairs(b, c))));
        expect(written(addPairs(a, []))).toBe(written(a));
      }),
      { numRuns: 12 },
    );
  });

  it('and survive the file', () => {
    fc.assert(
      fc.property(somePairs, (pairs) => {
        const measurement = { ...emptyMeasurement({ window: windowOf(3_600) }), pairs };
        const { window: _, ...rest } = measurement;
        const window = { from: new Date(START).toISOString(), to: new Date(START + 3_600_000).toISOString() };
        expect(measurementSchema.parse(JSON.parse(JSON.stringify({ ...rest, window })))).toEqual(measurement);
      }),
      { numRuns: 12 },
    );
  });
});

describe('files of records', () => {
  const read = async (records: readonly RequestRecord[]) => {
    const path = join(temporaryDirectory(), 'records.jsonl');
    await writeFile(path, records.map((each) => `${formatRecord(each)}\n`).join(''));
    const query = { window: windowOf(3_600), now: START + 7_200_000, slice: null, without: [], copies: true };
    return jsonlSource({ paths: [path], arms: ARMS, book, intervalMs: 900_000 }).measure(query);
  };

  it('give pairs beside the arms', async () => {
    expect(await read(pair('a', 1))).toMatchObject({
      kind: 'measured',
      arms: { official: { tasks: 1 }, gateway: { tasks: 0 } },
      pairs: [{ gateway: { tasks: 1 } }],
    });
  });

  it('are an error where most copies name no original, and say so where some do not', async () => {
    const nameless = pair('a', 1).map((each) => ({ ...each, task: undefined }));
    expect(await read(nameless)).toMatchObject({ kind: 'error', reasonCode: 'copies_alone' });
    const some = await read([...pair('a', 1), ...pair('b', 2), record({ at: 3, task: 'c', shadow: true })]);
    expect(some).toMatchObject({ kind: 'measured', notes: [{ reasonCode: 'copies_alone' }] });
  });
});

describe('pairs that contradict each other', () => {
  const [good] = count([...pair('a', 1), ...pair('b', 2, DOWN, DOWN)]).pairs ?? [];
  const withPairs = (change: Partial<PairSlice>) => {
    const pairs = good === undefined ? [] : [{ ...good, ...change }];
    return { ...emptyMeasurement({ window: windowOf(3_600) }), pairs };
  };
  const bounded = (change: Partial<PairSlice>) => boundMeasurement(withPairs(change));

  it.each([
    { bothFailed: 2 },
    { official: { ...EMPTY_ARM, tasks: 3, failedTasks: 1 } },
    { differences: differencesOf(() => [[0, 1e9]]) },
  ])('%# cannot be read', (change) => {
    const read = measurementSchema.shape.pairs.safeParse(withPairs(change).pairs);
    expect(read.error?.issues[0]?.message).toContain('as many copies as requests');
    expect(measurementSchema.shape.pairs.safeParse(withPairs({}).pairs).success).toBe(true);
  });

  it('are refused as a whole, and others stay as they are but for absurd amounts', () => {
    const gone = { ...EMPTY_ARM, tasks: 2, failedTasks: 5 };
    expect(bounded({ gateway: gone })).toEqual({
      kind: 'refused',
      problems: ['pairs[0].gateway: 5 failed of 2 tasks'],
    });
    expect(bounded({})).toMatchObject({ kind: 'bounded', measurement: { pairs: [good] }, leftOut: [] });
    const gateway = { ...EMPTY_ARM, ...good?.gateway, cost: { usd: 1e9, priced: 2, unpriced: 0 } };
    expect(bounded({ gateway })).toMatchObject({
      kind: 'bounded',
      leftOut: ['pairs[0].gateway.cost.usd is 1000000000'],
    });
  });
});
