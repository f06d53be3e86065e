/** Request records, written shortly and drawn at random, and how they are counted. */
import fc from 'fast-check';
import { ARMS } from '../../src/config/arms.ts';
import { ERROR_CLASSES } from '../../src/gateway/refusal.ts';
import { type AggregateOptions, aggregate, type Counting } from '../../src/measure/aggregate.ts';
import type { Window } from '../../src/measure/instant.ts';
import type { RequestRecord } from '../../src/measure/record.ts';

export const START = Date.parse('2026-11-22T00:00:00.000Z');

/** A served attempt on the gateway; `at` is its end in seconds after {@link START}. */
export function record({ at = 1, ...rest }: Partial<RequestRecord> & { at?: number } = {}): RequestRecord {
  const duration = rest.duration_ms ?? 500;
  return {
    ts: START + at * 1000 - duration,
    arm: 'gateway',
    attempt: 0,
    endpoint: '/chat/completions',
    model: 'gpt-4o-mini',
    status: 200,
    duration_ms: duration,
    input_tokens: 1000,
    output_tokens: 100,
    ...rest,
  };
}

/** The first `seconds` after {@link START}. */
export function windowOf(seconds: number): Window {
  return { from: START, to: START + seconds * 1000 };
}

/** The counts of the first hour, of everything, at the prices of the table. */
export function count(records: readonly RequestRecord[], options: Partial<AggregateOptions & Counting> = {}) {
  const everything = { slice: null, without: [], models: [], ownPrices: {} };
  return aggregate(records, { window: windowOf(3_600), ...everything, ...options });
}

const name = fc.stringMatching(/^[a-z]{1,3}$/);
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

/** Any record of two hours or so, as a log could hold it. */
export const anyRecord: fc.Arbitrary<RequestRecord> = fc.record({
  ts: fc.integer({ min: 0, max: 7_200_000 }).map((ms) => START + ms),
  arm: fc.constantFrom(...ARMS),
  task: maybe(name),
  attempt: fc.nat(3),
  endpoint: fc.constantFrom('/chat/completions', '/embeddings'),
  model: fc.constantFrom('gpt-4o-mini', 'gpt-4o', 'house', ''),
  answered_model: maybe(fc.constantFrom('gpt-4o-mini-2024-07-18', 'gpt-4o', 'other')),
  status: fc.constantFrom(0, 200, 200, 200, 429, 503),
  error: maybe(fc.constantFrom(...ERROR_CLASSES)),
  duration_ms: fc.oneof(
    fc.nat(100_000),
    fc.nat(1_000_000).map((tenths) => tenths / 10),
  ),
  ttft_ms: maybe(fc.nat(5_000)),
  input_tokens: maybe(fc.nat(400_000)),
  cached_input_tokens: maybe(fc.nat(1_000)),
  output_tokens: maybe(fc.nat(5_000)),
  cost_usd: maybe(fc.nat(1_000_000).map((millionths) => millionths / 1e6)),
  key: maybe(name),
  member: maybe(name),
  workload: maybe(name),
  unit: maybe(name),
  finish_reason: maybe(fc.constantFrom('stop', 'length')),
  empty: maybe(fc.boolean()),
  used: maybe(fc.boolean()),
  request_id: maybe(fc.uuid()),
});
