/** The platforms' own accounts, read from servers that speak their wire formats. */
import { describe, expect, it } from 'vitest';
import { loadOfficialPrices } from '../../../src/gateway/prices.ts';
import type { SourceEndpoint } from '../../../src/measure/fetch-source.ts';
import { armCountsSchema } from '../../../src/measure/measurement.ts';
import { ModelBook } from '../../../src/measure/models.ts';
import type { Source, SourceQuery, SourceResult } from '../../../src/measure/source.ts';
import { createLitellmSource } from '../../../src/measure/sources/litellm.ts';
import { createNewApiSource } from '../../../src/measure/sources/new-api.ts';
import { createOpenaiSource } from '../../../src/measure/sources/openai.ts';
import { createOpenrouterSource } from '../../../src/measure/sources/openrouter.ts';
import {
  breakOff,
  litellmServer,
  newApiServer,
  openaiUsageServer,
  openrouterServer,
  page,
  refuse,
} from '../../support/usage-servers.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
const TOKEN = 'sk-admin-1234567890abcdefghij';
const T = Date.parse('2026-11-20T12:00:00Z');

const official = await loadOfficialPrices();
const book = { official, models: new ModelBook(official, [], {}) };

describe('openai', () => {
  const usage = (minute: number, model: string, requests: number) => ({
    at: T + minute * MINUTE,
    model,
    api_key_id: 'key_backend',
    user_id: 'user-ada',
    num_model_requests: requests,
    input_tokens: requests * 1_000,
    output_tokens: requests * 100,
    input_cached_tokens: requests * 500,
  });

  it('adds up all pages of minutes inside the window, by key, member and model', async () => {
    const server = await openaiUsageServer(TOKEN, [
      usage(-1, 'gpt-4o-mini', 1_000),
      usage(0, 'gpt-4o-mini', 3),
      usage(8, 'gpt-4o-mini', 2),
      usage(14, 'gpt-4.1', 1),
      usage(15, 'gpt-4.1', 1_000),
    ]);
    const { official: arm } = armsIn(await openai(server.baseUrl).measure(query(T, T + 15 * MINUTE)));
    expect(arm).toMatchObject({
      // It counts attempts, and tells neither failures nor times.
      tasks: null,
      attempts: 6,
      failedAttempts: null,
      latency: [],
      tokens: { input: 6_000, cachedInput: 3_000, output: 600, unknown: 0 },
      byKey: [{ name: 'key_backend', attempts: 6 }],
      byMember: [{ name: 'user-ada', attempts: 6 }],
      cost: { priced: 6, unpriced: 0 },
    });
    expect(arm.byModel.map(({ name, attempts }) => [name, attempts])).toEqual([
      ['gpt-4.1', 1],
      ['gpt-4o-mini', 5],
    ]);
    const first = new URL(server.seen[0]?.slice('GET '.length) ?? '', server.baseUrl);
    expect(first.pathname + first.search).toBe(
      `/v1/organization/usage/completions?start_time=${T / 1000}&end_time=${T / 1000 + 900}&bucket_width=1m&limit=1440&group_by%5B%5D=model&group_by%5B%5D=api_key_id&group_by%5B%5D=user_id&group_by%5B%5D=batch&group_by%5B%5D=service_tier`,
    );
    expect(server.seen.filter((each) => each.includes('completions'))).toHaveLength(5);
  });

  it.each([
    ['at the list price', {}, 0.3],
    ['standard', { service_tier: 'default' }, 0.3],
    ['in a batch', { batch: true }, 0.225],
    ['in a batch, partly cached', { batch: true, input_cached_tokens: 1_000 }, null],
    ['with priority', { service_tier: 'priority' }, null],
    ['flex', { service_tier: 'flex' }, null],
    ['audio', { input_audio_tokens: 900_000 }, null],
    ['images', { output_image_tokens: 1 }, null],
    ['written to a cache', { input_cache_write_tokens: 5_000 }, null],
  ])('prices a million tokens right or not at all: %s', async (_, more, usd) => {
    const tokens = { input_tokens: 1_000_000, output_tokens: 0, input_cached_tokens: 0 };
    const server = await openaiUsageServer(TOKEN, [
      { ...usage(1, 'gpt-4o-mini', 10), ...tokens, ...more },
      { ...usage(2, 'gpt-4o-mini', 10), ...tokens },
    ]);
    const { official: arm } = armsIn(await openai(server.baseUrl).measure(query(T, T + 15 * MINUTE)));
    const cost = { usd: usd ?? 0.15, priced: usd === null ? 10 : 20, unpriced: usd === null ? 10 : 0 };
    expect(arm).toMatchObject({ attempts: 20, tokens: { input: 2_000_000 }, cost, atOfficialPrices: cost });
    expect(server.seen.find((each) => each.includes('embeddings'))).not.toMatch(/batch|service_tier/);
  });

  it('counts each minute in one of two windows that meet inside it', async () => {
    const server = await openaiUsageServer(TOKEN, [usage(7, 'gpt-4o-mini', 4)]);
    const cut = T + 7 * MINUTE + 20_000;
    const before = await openai(server.baseUrl).measure(query(T, cut));
    const after = await openai(server.baseUrl).measure(query(cut, T + 15 * MINUTE));
    expect(before.kind).toBe('no-data');
    expect(armsIn(after).official.attempts).toBe(4);
  });

  it('notes what was charged for whole days of the window, and measures without the note if costs cannot be read', async () => {
    const day = Math.floor(T / DAY) * DAY;
    const costs = [-1, 0, 1, 2].map((index) => ({ day: day + index * DAY, usd: index + 1.25 }));
    const days = query(day - MINUTE, day + 2.5 * DAY);
    const notes = async (options: Parameters<typeof openaiUsageServer>[2]) => {
      const server = await openaiUsageServer(TOKEN, [usage(7, 'gpt-4o-mini', 4)], {
        pageSize: 1_440,
        ...options,
      });
      const answer = await openai(server.baseUrl).measure(days);
      return answer.kind === 'measured' ? answer.notes.map(({ message }) => message) : answer;
    };
    expect(await notes({ costs })).toEqual([
      'OpenAI charged 3.50 USD from 2026-11-20 to the beginning of 2026-11-22 (whole UTC days), for all usage, not only tokens.',
    ]);
    expect(await notes({})).toEqual([]);
  });
});

describe('litellm', () => {
  const row = (endMinute: number, more: Readonly<Record<string, unknown>> = {}) => ({
    request_id: `chatcmpl-${endMinute}`,
    call_type: 'acompletion',
    api_key: '88dc28d0f030c55ed4ab77ed8faf098196cb1c05df778539800c9f1243fe6b4b',
    spend: 0.01,
    total_tokens: 110,
    prompt_tokens: 100,
    completion_tokens: 10,
    startTime: new Date(T + (endMinute - 1) * MINUTE).toISOString(),
    endTime: new Date(T + endMinute * MINUTE).toISOString(),
    completionStartTime: new Date(T + (endMinute - 0.5) * MINUTE).toISOString(),
    model: 'openai/gpt-4o-mini',
    model_group: 'gpt-4o-mini',
    user: 'ada',
    status: 'success',
    metadata: {
      user_api_key_alias: 'backend',
      usage_object: { prompt_tokens_details: { cached_tokens: 40 } },
    },
    ...more,
  });
  const failure = (code: string, name: string) => ({
    status: 'failure',
    spend: 0,
    prompt_tokens: 0,
    completion_tokens: 0,
    metadata: {
      status: 'failure',
      error_information: { error_code: code, error_class: name, error_message: 'x' },
    },
  });

  const measured = async (rows: Parameters<typeof litellmServer>[1]) => {
    const server = await litellmServer(TOKEN, rows, rows.length);
    return armsIn(await litellm(server.baseUrl).measure(query(T, T + 15 * MINUTE)));
  };

  it('counts what ended in the window, with spend, failures, keys and members', async () => {
    const rows = [
      row(0.5),
      row(3),
      row(4, failure('429', 'RateLimitError')),
      row(5, failure('', 'Timeout')),
      row(15),
    ];
    const server = await litellmServer(TOKEN, rows, 5);
    const { gateway } = armsIn(await litellm(server.baseUrl).measure(query(T, T + 15 * MINUTE)));
    expect(gateway).toMatchObject({
      tasks: null,
      attempts: 4,
      failedAttempts: 2,
      errorsByClass: { rate_limited: 1, timeout: 1 },
      tokens: { input: 200, cachedInput: 80, output: 20, unknown: 1 },
      cost: { usd: 0.02, priced: 4, unpriced: 0 },
      atOfficialPrices: { priced: 3, unpriced: 1 },
      byKey: [
        // The failed rows name no alias: the beginning of the key's hash stands for it.
        { name: '88dc28d0', attempts: 2 },
        { name: 'backend', attempts: 2 },
      ],
      byMember: [{ name: 'ada', attempts: 4 }],
    });
    expect(server.seen).toEqual([
      'GET /spend/logs?start_date=2026-11-20&end_date=2026-11-21&summarize=false',
    ]);
  });

  it('leaves out what is nobody’s call of a model', async () => {
    const rows = [
      row(1),
      row(2, { api_key: 'litellm-internal-health-check', metadata: {} }),
      row(3, { metadata: { status: 'failure', user_api_key_alias: 'litellm-internal-health-check' } }),
      row(4, { call_type: 'call_mcp_tool', model: 'MCP: search', model_group: '' }),
      row(5, { call_type: 'list_mcp_tools' }),
      row(6, { call_type: 'aretrieve_batch' }),
      row(7, { ...failure('401', 'ProxyException'), call_type: '/v1/models', model: '', model_group: '' }),
      ...['asearch', 'aget_responses', 'adelete_responses', 'alist_input_items', 'avideo_content'].map(
        (call_type) => row(8, { call_type }),
      ),
      ...['acreate_thread', 'a_add_message', 'arun_code', 'aquery'].map((call_type) => row(9, { call_type })),
      ...['aresponses', 'aanthropic_messages', 'agenerate_content'].map((call_type) =>
        row(10, { call_type }),
      ),
    ];
    const { gateway } = await measured(rows);
    expect(gateway).toMatchObject({ attempts: 4, failedAttempts: 0, cost: { usd: 0.04 } });
  });

  it('counts no tokens that LiteLLM only estimates, but those of an answer that broke off', async () => {
    const rows = [
      row(1, { ...failure('503', 'ServiceUnavailableError'), prompt_tokens: 14 }),
      row(2, { ...failure('', 'Timeout'), prompt_tokens: 14 }),
      row(3, {
        ...failure('500', 'APIConnectionError'),
        prompt_tokens: 20,
        completion_tokens: 5,
        spend: 0.001,
      }),
    ];
    const { gateway } = await measured(rows);
    expect(gateway).toMatchObject({ failedAttempts: 3, tokens: { input: 20, output: 5, unknown: 1 } });
  });

  it.each([
    ['spend', { spend: null }],
    ['prompt_tokens', { prompt_tokens: -1 }],
    ['model', { model: null, model_group: null }],
    ['endTime', { endTime: 'yesterday' }],
    ['metadata.user_api_key_alias', { metadata: { user_api_key_alias: 7 } }],
  ])('names an odd row and its field, and not the address: %s', async (field, odd) => {
    const server = await litellmServer(TOKEN, [row(1), row(2, odd), row(20)], 3);
    const answer = await litellm(server.baseUrl).measure(query(T, T + 15 * MINUTE));
    expect(answer).toMatchObject({ kind: 'error', reasonCode: 'odd_row' });
    const reason = answer.kind === 'error' ? answer.reason : '';
    expect(reason).toContain(`request_id chatcmpl-2, ${field} (`);
    expect(reason).not.toMatch(/address|LITELLM_/);
  });

  it('reads metadata that is stored as text, and odd rows do not touch the windows of others', async () => {
    const { gateway } = await measured([
      row(1, { metadata: JSON.stringify({ user_api_key_alias: 'backend' }) }),
      row(20, { spend: null }),
    ]);
    expect(gateway).toMatchObject({ attempts: 1, byKey: [{ name: 'backend' }] });
  });

  it('is an error where LiteLLM lists its newest rows only, and they begin in the window', async () => {
    const rows = Array.from({ length: 10_000 }, (_, index) => row(1 + index / 1_000));
    const server = await litellmServer(TOKEN, rows, rows.length);
    const source = litellm(server.baseUrl);
    expect(await source.measure(query(T, T + 15 * MINUTE))).toMatchObject({ reasonCode: 'log_cut' });
    expect(await source.measure(query(T + 10.5 * MINUTE, T + 25.5 * MINUTE))).toMatchObject({
      arms: { gateway: { attempts: 500 } },
    });
  });

  it('has no data where nothing came', async () => {
    const server = await litellmServer(TOKEN, [], 0);
    expect(await litellm(`${server.baseUrl}/v1`).measure(query(T, T + 15 * MINUTE))).toMatchObject({
      kind: 'no-data',
    });
  });

  it('does not mistake a disabled log for an idle gateway', async () => {
    const server = await litellmServer(TOKEN, [], 71);
    expect(await litellm(server.baseUrl).measure(query(T, T + 15 * MINUTE))).toMatchObject({
      kind: 'error',
      reasonCode: 'log_switched_off',
      reason: expect.stringContaining('counted 71 requests'),
    });
  });
});

describe('new-api', () => {
  const second = T / 1_000;
  const line = (at: number, more: Readonly<Record<string, unknown>> = {}) => ({
    id: at % 1_024,
    created_at: second + at,
    type: 2,
    content: '',
    token_name: 'backend',
    username: 'ada',
    model_name: 'gpt-4o-mini',
    quota: 5_000,
    prompt_tokens: 100,
    completion_tokens: 10,
    use_time: 2,
    is_stream: true,
    other: '{"cache_tokens":40,"frt":700}',
    ...more,
  });

  it('counts all pages, takes refunds off, and never dedupes by id', async () => {
    const lines = [
      line(900),
      line(899, { id: 1 }),
      line(500, { id: 1, other: { cache_tokens: 0, frt: -1_000 }, is_stream: false }),
      line(400, { type: 6, quota: 2_500 }),
      line(300, {
        type: 5,
        quota: 0,
        content: 'status_code=503, upstream overloaded',
        other: '{"status_code":503}',
      }),
      line(200, { type: 1, model_name: '', quota: 1_000_000 }),
      // The platform's own test of a channel, which only those that succeed are logged of.
      line(100, { token_name: '模型测试', content: '模型测试', username: 'root' }),
      line(0),
    ];
    const server = await newApiServer(TOKEN, '7', lines);
    const { gateway } = armsIn(await newApi(server.baseUrl).measure(query(T, T + 15 * MINUTE)));
    expect(gateway).toMatchObject({
      attempts: 4,
      failedAttempts: 1,
      errorsByClass: { overloaded: 1 },
      // 3 × 5,000 − 2,500 quota, at 500,000 a dollar.
      cost: { usd: 0.025, priced: 4, unpriced: 0 },
      byKey: [{ name: 'backend', attempts: 4 }],
      byMember: [{ name: 'ada' }],
    });
    // `use_time: 2` may have been just under three seconds.
    const below = gateway.latency.filter(({ le }) => le !== '+Inf' && le < 3).map(({ count }) => count);
    expect(Math.max(...below)).toBe(0);
    expect(gateway.latency.find(({ le }) => le !== '+Inf' && le >= 3)?.count).toBe(3);
  });

  it('reads the list again when a line came in between', async () => {
    let late = true;
    const lines = [800, 700, 600, 500, 400].map((at) => line(at));
    const server = await newApiServer(TOKEN, '7', lines, (pageNumber, all) => {
      if (pageNumber === 2 && late) all.unshift(line(850));
      if (pageNumber === 2) late = false;
    });
    const { gateway } = armsIn(await newApi(server.baseUrl).measure(query(T, T + 15 * MINUTE)));
    expect(gateway.attempts).toBe(6);
  });

  it('gives up on a list that keeps changing', async () => {
    const lines = [800, 700, 600].map((at) => line(at));
    const server = await newApiServer(TOKEN, '7', lines, (_, all) => all.unshift(line(850)));
    expect(await newApi(server.baseUrl).measure(query(T, T + 15 * MINUTE))).toMatchObject({
      kind: 'error',
      reason: expect.stringContaining('changed while it was read'),
    });
  });
});

describe('openrouter', () => {
  const day = (date: string, requests: number) => ({
    date,
    model: 'openai/gpt-4o-mini',
    model_permaslug: 'openai/gpt-4o-mini-2024-07-18',
    endpoint_id: '550e8400-e29b-41d4-a716-446655440000',
    provider_name: 'OpenAI',
    usage: requests * 0.01,
    byok_usage_inference: 0,
    requests,
    prompt_tokens: requests * 100,
    completion_tokens: requests * 10,
    reasoning_tokens: 0,
  });
  const activity = [
    day('2026-11-17', 1),
    day('2026-11-18', 10),
    day('2026-11-19', 100),
    day('2026-11-20', 1_000),
  ];

  it('counts the whole days inside the window that are over', async () => {
    const server = await openrouterServer(TOKEN, activity);
    const answer = await openrouter(server.baseUrl).measure(query(T - 2.6 * DAY, T, { now: T + MINUTE }));
    expect(answer).toMatchObject({
      kind: 'measured',
      arms: { gateway: { tasks: null, attempts: 110, cost: { usd: 1.1, priced: 110, unpriced: 0 } } },
      notes: [{ reasonCode: 'whole_days' }],
    });
  });

  it('reports that it has no data for a quarter of an hour', async () => {
    const server = await openrouterServer(TOKEN, activity);
    expect(await openrouter(server.baseUrl).measure(query(T, T + 15 * MINUTE))).toMatchObject({
      kind: 'no-data',
      reason: expect.stringContaining('whole UTC days'),
    });
    expect(server.seen).toEqual([]);
  });
});

const QUARTER = query(T, T + 15 * MINUTE);

describe.each([
  ['openai', () => openaiUsageServer(TOKEN, []), openai, QUARTER],
  ['litellm', () => litellmServer(TOKEN, [], 0), litellm, QUARTER],
  ['new-api', () => newApiServer(TOKEN, '7', []), newApi, QUARTER],
  ['openrouter', () => openrouterServer(TOKEN, []), openrouter, query(T - 3 * DAY, T)],
])('%s in trouble', (_, start, source, window) => {
  it('is an error with wrong credentials, requested once, and never shows them', async () => {
    const server = await start();
    const answer = await source(server.baseUrl, 'sk-wrong-0987654321zyxwvu').measure(window);
    expect(answer).toMatchObject({ kind: 'error', reasonCode: 'unauthorized' });
    expect(JSON.stringify(answer)).not.toMatch(/0987654321|zyxwvu|1234567890/);
  });

  it('continues after a 500, a broken response and a rate limit', async () => {
    const server = await start();
    const limit = refuse(429, { error: { message: 'slow down' } }, { 'retry-after': '0' });
    server.trouble.push(refuse(500, { error: { message: 'oops' } }), breakOff, limit);
    expect((await source(server.baseUrl).measure(window)).kind).toBe('no-data');
  });

  it('is an error, never empty, if an HTML page comes instead', async () => {
    const server = await start();
    server.trouble.push(page(200));
    expect(await source(server.baseUrl).measure(window)).toMatchObject({
      kind: 'error',
      reasonCode: 'unreadable_answer',
    });
  });

  it('is an error where JSON of another program answers', async () => {
    const server = await start();
    server.trouble.push(refuse(200, { hello: 'world' }));
    expect(await source(server.baseUrl).measure(window)).toMatchObject({
      kind: 'error',
      reasonCode: 'unreadable_answer',
    });
  });
});

function openai(baseUrl: string, token?: string): Source {
  return createOpenaiSource({ endpoint: endpointFor(baseUrl, token), book });
}

function litellm(baseUrl: string, token?: string): Source {
  return createLitellmSource({ endpoint: endpointFor(baseUrl, token), book });
}

function newApi(baseUrl: string, token?: string): Source {
  return createNewApiSource({ endpoint: endpointFor(baseUrl, token), userId: '7', scope: 'own', book });
}

function openrouter(baseUrl: string, token?: string): Source {
  return createOpenrouterSource({ endpoint: endpointFor(baseUrl, token), book });
}

function endpointFor(baseUrl: string, token = TOKEN): SourceEndpoint {
  return { baseUrl, auth: { kind: 'bearer', token }, patience: { firstPauseMs: 5, deadlineMs: 5_000 } };
}

function query(from: number, to: number, more: Partial<SourceQuery> = {}): SourceQuery {
  return { window: { from, to }, now: to + 5 * MINUTE, slice: null, without: [], ...more };
}

function armsIn(answer: SourceResult) {
  if (answer.kind !== 'measured') throw new Error(`expected a measurement: ${JSON.stringify(answer)}`);
  const parsed = (arm: unknown) => armCountsSchema.parse(arm);
  return {
    get official() {
      return parsed(answer.arms.official);
    },
    get gateway() {
      return parsed(answer.arms.gateway);
    },
  };
}
