import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ARMS } from '../../src/config/arms.ts';
import { addArm } from '../../src/measure/add.ts';
import { timedTasks } from '../../src/measure/histogram.ts';
import { type ArmCounts, EMPTY_ARM } from '../../src/measure/measurement.ts';
import type { InconsistentRecord } from '../../src/measure/task-grouper.ts';
import { anyRecord, count, record, START, windowOf } from './records.ts';

describe('attempts make tasks', () => {
  it('a request is a task of one attempt', async () => {
    const { gateway, official } = await count([record()]);
    expect(gateway).toMatchObject({ tasks: 1, failedTasks: 0, attempts: 1, failedAttempts: 0, fallbacks: 0 });
    expect(gateway.latency.find(({ count: tasks }) => tasks === 1)?.le).toBe(0.501);
    expect(official).toEqual(EMPTY_ARM);
  });

  it('a retry that is served makes the task a success, from the first start to the last end', async () => {
    const first = record({ at: 1, task: 't', status: 503, duration_ms: 1000 });
    const second = record({ at: 4, task: 't', attempt: 1, duration_ms: 1000, ttft_ms: 200 });
    const { gateway } = await count([first, second]);
    expect(gateway).toMatchObject({ tasks: 1, failedTasks: 0, attempts: 2, failedAttempts: 1 });
    expect(gateway.errorsByClass).toEqual({ overloaded: 1 });
    expect(gateway.latency.find(({ count: tasks }) => tasks === 1)?.le).toBe(4.47);
    // The first token came 3.2 s after the first attempt began.
    expect(gateway.ttft.find(({ count: tasks }) => tasks === 1)?.le).toBe(3.55);
  });

  it('a task whose attempts all failed is at +Inf, and never fast', async () => {
    const { gateway } = await count([record({ status: 429, error: 'rate_limited' })]);
    expect(gateway).toMatchObject({ tasks: 1, failedTasks: 1 });
    expect(gateway.latency.filter(({ count: tasks }) => tasks > 0)).toEqual([{ le: '+Inf', count: 1 }]);
  });

  it('is retried once, however many retries it took', async () => {
    const attempts = [0, 1, 2, 3, 4, 5].map((attempt) =>
      record({ at: 1 + 2 * attempt, task: 't', attempt, status: attempt < 5 ? 503 : 200 }),
    );
    const { gateway } = await count([...attempts, record({ at: 20, task: 'u' })]);
    expect(gateway).toMatchObject({ tasks: 2, retriedTasks: 1, attempts: 7 });
    expect(gateway.byModel[0]).toMatchObject({ retriedTasks: 1 });
  });

  it('tells cached input apart from input of which nobody said so', async () => {
    const { gateway } = await count([
      record({ input_tokens: 1_000, cached_input_tokens: 900 }),
      record({ input_tokens: 300, cached_input_tokens: undefined }),
    ]);
    expect(gateway).toMatchObject({ tokens: { input: 1_300, cachedInput: 900 }, cacheUnknown: 300 });
  });

  it('a fallback to the official arm is a failure of the gateway, with all its cost', async () => {
    const first = record({ at: 1, task: 't', status: 503 });
    const { gateway, official } = await count([
      first,
      record({ at: 3, task: 't', attempt: 1, arm: 'official' }),
    ]);
    expect(gateway).toMatchObject({ tasks: 1, failedTasks: 1, attempts: 2, fallbacks: 1 });
    expect(gateway.cost.usd).toBeGreaterThan(0);
    expect(official.tasks).toBe(0);
  });

  it('without a name, a retry finds the failed attempt that was just like it', async () => {
    const records = [
      record({ at: 1, status: 503, key: 'a' }),
      record({ at: 2, status: 503, key: 'b' }),
      record({ at: 5, attempt: 1, key: 'a' }),
      record({ at: 6, attempt: 1, key: 'b', status: 503 }),
      record({ at: 9, attempt: 2, key: 'b' }),
    ];
    const { gateway } = await count(records);
    expect(gateway).toMatchObject({
      tasks: 2,
      retriedTasks: 2,
      failedTasks: 0,
      attempts: 5,
      failedAttempts: 3,
    });
  });

  it('but not after the retry window, and not one that was served', async () => {
    const inconsistent: InconsistentRecord[] = [];
    const records = [
      record({ at: 1, status: 503 }),
      record({ at: 100, attempt: 1 }),
      record({ at: 200 }),
      record({ at: 201, attempt: 1 }),
    ];
    const { gateway } = await count(records, { inconsistent: (kind) => inconsistent.push(kind) });
    expect(gateway).toMatchObject({ tasks: 4, failedTasks: 1 });
    expect(inconsistent).toEqual(['first_attempt_missing', 'first_attempt_missing']);
  });

  it('a name that is used again much later is another task', async () => {
    const { gateway } = await count([record({ at: 1, task: '1' }), record({ at: 500, task: '1' })]);
    expect(gateway.tasks).toBe(2);
  });

  it('calls of one name, each begun after the one before was served, are tasks of their own', async () => {
    const { gateway } = await count([
      record({ at: 1, task: 'run' }),
      record({ at: 5, task: 'run', status: 503 }),
    ]);
    expect(gateway).toMatchObject({ tasks: 2, failedTasks: 1 });
  });

  it('but a retry of an unused answer, and a race between attempts, are one task', async () => {
    const { gateway } = await count([
      record({ at: 1, task: 'a' }),
      record({ at: 5, task: 'a', attempt: 1 }),
      record({ at: 10, task: 'b', duration_ms: 3_000, used: true }),
      record({ at: 12, task: 'b', duration_ms: 4_000, used: false }),
    ]);
    expect(gateway).toMatchObject({ tasks: 2, attempts: 4 });
  });

  it('counts a record once, however often it was written, and says so', async () => {
    const inconsistent: InconsistentRecord[] = [];
    const one = record({ request_id: 'req_1' });
    const { gateway } = await count([one, one, { ...one, request_id: 'req_2' }], {
      inconsistent: (kind) => inconsistent.push(kind),
    });
    expect(gateway.tasks).toBe(2);
    expect(inconsistent).toEqual(['duplicate']);
  });

  it('says when a clock ran backwards between attempts', async () => {
    const inconsistent: InconsistentRecord[] = [];
    const records = [record({ at: 10, task: 't', status: 503 }), record({ at: 5, task: 't', attempt: 1 })];
    const { gateway } = await count(records, { inconsistent: (kind) => inconsistent.push(kind) });
    expect(gateway).toMatchObject({ tasks: 1, attempts: 2 });
    expect(timedTasks(gateway.latency)).toBe(1);
    expect(inconsistent).toContain('clock_backwards');
  });

  it('counts cut off and empty results of tasks, not of attempts that were not used', async () => {
    const { gateway } = await count([
      record({ at: 1, task: 't', finish_reason: 'length', empty: true, used: false }),
      record({ at: 2, task: 't', attempt: 1, finish_reason: 'stop', used: true }),
      record({ at: 3, finish_reason: 'length' }),
      record({ at: 4, empty: true }),
    ]);
    expect(gateway).toMatchObject({ tasks: 3, truncated: 1, empty: 1 });
  });

  it('calls an answer that says it failed a failure, and knows every word for one that is cut off', async () => {
    const failed = ['error', 'insufficient_system_resource', 'MALFORMED_FUNCTION_CALL', 'cancelled'];
    const cut = ['MAX_TOKENS', 'model_length', 'max_output_tokens', 'context_length_exceeded'];
    const whole = ['stop', 'tool_calls', 'content_filter', 'end_turn'];
    const { gateway } = await count(
      [...failed, ...cut, ...whole].map((finish_reason, at) => record({ at: at + 1, finish_reason })),
    );
    expect(gateway).toMatchObject({ tasks: 12, failedTasks: 4, truncated: 4 });
    expect(gateway.errorsByClass).toEqual({ upstream_error: 4 });
  });

  it('calls an answer by another model family a failure, but not one to an alias or by a snapshot', async () => {
    const { gateway } = await count([
      record({ at: 1, model: 'gpt-4o', answered_model: 'gpt-4o-2024-08-06' }),
      record({ at: 2, model: 'gpt-4o', answered_model: 'gpt-4o-mini' }),
      record({ at: 3, model: 'gpt-4o', answered_model: 'llama-3-70b' }),
      record({ at: 4, model: 'fast', answered_model: 'llama-3-70b' }),
      record({ at: 5, model: 'text-embedding-ada-002', answered_model: 'text-embedding-ada-002-v2' }),
    ]);
    expect(gateway).toMatchObject({ tasks: 5, failedTasks: 2, errorsByClass: { other_model: 2 } });
  });
});

describe('slices', () => {
  it('use one model name on both arms, and add up to the arm', async () => {
    const models = [{ name: 'fast', gateway_name: 'gpt-4o-mini' }];
    const { official, gateway } = await count(
      [
        record({ at: 1, arm: 'official', model: 'fast' }),
        record({ at: 2 }),
        record({ at: 3, model: 'gpt-4o' }),
      ],
      { models },
    );
    expect(official.byModel.map(({ name, tasks }) => [name, tasks])).toEqual([['fast', 1]]);
    expect(gateway.byModel.map(({ name, tasks }) => [name, tasks])).toEqual([
      ['fast', 1],
      ['gpt-4o', 1],
    ]);
    expect(official.atOfficialPrices.priced).toBe(1);
  });

  it('report costs by key and member, failures and times by unit', async () => {
    const { gateway } = await count([
      record({ at: 1, key: 'web', member: 'ann', unit: 'u1', cost_usd: 0.5 }),
      record({ at: 2, key: 'web', unit: 'u1', status: 503, cost_usd: 0 }),
      record({ at: 3, key: 'batch', unit: 'u2', cost_usd: 0.25 }),
    ]);
    expect(gateway.byKey.map(({ name, tasks, cost }) => [name, tasks, cost.usd])).toEqual([
      ['batch', 1, 0.25],
      ['web', 2, 0.5],
    ]);
    expect(gateway.byMember.map(({ name }) => name)).toEqual(['ann']);
    // Half a second is longer than a sixteenth, an eighth and a quarter; a failure is longer than all.
    expect(gateway.units).toEqual([
      { unit: 'u1', tasks: 2, failedTasks: 1, slower: [2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1] },
      { unit: 'u2', tasks: 1, failedTasks: 0, slower: [1, 1, 1] },
    ]);
  });

  it('count only what the stage moves', async () => {
    const records = [
      record({ at: 1, workload: 'internal' }),
      record({ at: 2, workload: 'core' }),
      record({ at: 3, model: 'gpt-4o' }),
    ];
    expect((await count(records, { slice: 'internal' })).gateway.tasks).toBe(1);
    expect((await count(records, { slice: 'gpt-4o-mini' })).gateway.tasks).toBe(2);
    expect((await count(records, { without: ['core', 'gpt-4o'] })).gateway.tasks).toBe(1);
  });
});

describe('windows', () => {
  it('a task belongs to the window in which it ended, whole', async () => {
    const records = [record({ at: 59, task: 't', status: 503 }), record({ at: 62, task: 't', attempt: 1 })];
    const before = await count(records, { window: windowOf(60) });
    const after = await count(records, { window: { from: START + 60_000, to: START + 120_000 } });
    expect(before.gateway.tasks).toBe(0);
    expect(after.gateway).toMatchObject({ tasks: 1, failedTasks: 0, attempts: 2 });
  });

  it('add up to the one big window, whatever happened', async () => {
    const edges = [0, 900, 1_800, 5_000, 9_000].map((seconds) => START + seconds * 1000);
    await fc.assert(
      fc.asyncProperty(fc.array(anyRecord, { maxLength: 60 }), async (records) => {
        const whole = await count(records, { window: { from: START, to: START + 9_000_000 } });
        const parts = await Promise.all(
          edges.slice(1).map((to, index) => count(records, { window: { from: edges[index] ?? 0, to } })),
        );
        for (const arm of ARMS) {
          const sum = parts.map((part) => part[arm]).reduce<ArmCounts | null>(addArm, EMPTY_ARM);
          expect(sum).toEqual(whole[arm]);
        }
      }),
      { numRuns: 25 },
    );
  });

  it('hold each attempt exactly once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyRecord, { maxLength: 60 }), async (records) => {
        let duplicates = 0;
        const { official, gateway } = await count(records, {
          window: windowOf(36_000),
          inconsistent: (kind) => {
            if (kind === 'duplicate') duplicates += 1;
          },
        });
        expect((official.attempts ?? 0) + (gateway.attempts ?? 0) + duplicates).toBe(records.length);
      }),
      { numRuns: 25 },
    );
  });
});
