/** `gateway-rollout/client` with the official SDK, before two servers. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import OpenAI from 'openai';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { shareReader } from '../../src/client/files.ts';
import { type RolloutOptions, rolloutFetch } from '../../src/client/index.ts';
import { parseRecord } from '../../src/measure/parse-record.ts';
import type { RequestRecord } from '../../src/measure/record.ts';
import { temporaryDirectory } from '../support/files.ts';
import { type ArmServer, startArmServer } from './arm-server.ts';

const OFFICIAL_KEY = 'sk-official-0123456789';
const GATEWAY_KEY = 'sk-gateway-0123456789';
const ASK = { model: 'gpt-4o-mini', messages: [{ role: 'user' as const, content: 'Hi.' }] };
const chat = (content = 'Hi.') => ({ ...ASK, messages: [{ role: 'user' as const, content }] });

let official: ArmServer;
let gateway: ArmServer;
let directory: string;
let problems: string[];

beforeEach(async () => {
  [official, gateway] = await Promise.all([startArmServer(), startArmServer()]);
  directory = temporaryDirectory();
  problems = [];
});
afterEach(() => Promise.all([official.stop(), gateway.stop()]));

const shareFile = () => join(directory, 'share.json');
const recordFile = () => join(directory, 'records.jsonl');

/** The official SDK, set up as without a rollout but for its `fetch`. */
function sdk(share: unknown, options: Partial<RolloutOptions> = {}): OpenAI {
  const own = problems;
  writeFileSync(shareFile(), typeof share === 'string' ? share : JSON.stringify(share));
  const fetch = rolloutFetch({
    gateway: { baseUrl: gateway.baseUrl, apiKey: GATEWAY_KEY },
    share: shareFile(),
    records: recordFile(),
    onProblem: (problem) => void own.push(problem),
    ...options,
  });
  return new OpenAI({ baseURL: official.baseUrl, apiKey: OFFICIAL_KEY, organization: 'org-1', fetch });
}

/** The records once there are as many, each valid by the schema. */
async function records(count: number): Promise<readonly RequestRecord[]> {
  const lines = () =>
    existsSync(recordFile()) ? readFileSync(recordFile(), 'utf8').split('\n').slice(0, -1) : [];
  await expect.poll(() => lines().length, { timeout: 5_000 }).toBe(count);
  return lines().map((line) => {
    const parsed = parseRecord(Buffer.from(line));
    if (!parsed.ok) throw new Error(`${line}: ${parsed.message}`);
    return parsed.record;
  });
}

describe('the split', () => {
  it('leaves a request to the official API as the SDK wrote it, and gives the gateway its own key alone', async () => {
    const models = { 'gpt-4o-mini': 'mini' };
    const gatewayOptions = {
      baseUrl: `${gateway.baseUrl}/`,
      apiKey: GATEWAY_KEY,
      models,
      headers: { 'x-team': 'a' },
    };
    await sdk({ gateway: 0 }).chat.completions.create(ASK);
    const answer = await sdk({ gateway: 100 }, { gateway: gatewayOptions }).chat.completions.create(ASK);
    expect(official.received).toMatchObject([
      { path: '/v1/chat/completions', headers: { authorization: `Bearer ${OFFICIAL_KEY}` }, body: ASK },
    ]);
    const [sent] = gateway.received;
    expect(sent).toMatchObject({ path: '/v1/chat/completions', body: { ...ASK, model: 'mini' } });
    expect(sent?.headers).toMatchObject({ authorization: `Bearer ${GATEWAY_KEY}`, 'x-team': 'a' });
    expect(JSON.stringify(sent)).not.toMatch(/sk-official|org-1/);
    expect(answer.choices[0]?.message.content).toBe('Hello there.');
    expect(await records(2)).toMatchObject([
      {
        arm: 'official',
        endpoint: '/chat/completions',
        model: 'gpt-4o-mini',
        attempt: 0,
        status: 200,
        used: true,
      },
      {
        arm: 'gateway',
        model: 'gpt-4o-mini',
        answered_model: 'mini',
        request_id: 'req_1',
        finish_reason: 'stop',
      },
    ]);
    expect(problems).toEqual([]);
  });

  it('sends the share of the file to the gateway', async () => {
    const client = sdk({ gateway: 5 }, { records: () => {} });
    await Promise.all(Array.from({ length: 400 }, () => client.chat.completions.create(ASK)));
    // Five standard deviations of the binomial.
    expect(Math.abs(gateway.received.length - 20)).toBeLessThan(5 * Math.sqrt(20 * 0.95));
    expect(gateway.received.length).toBeGreaterThan(0);
  });

  it.each([
    [5],
    ['5'],
    [{ gateway: '5%' }],
    [{ gateway: 0, models: { mini: 5 } }],
    [{ gateway: 5, models: { other: 90 } }],
  ])('reads %j as 5 percent', (value) => {
    expect(shareReader(() => value, expect.unreachable)('mini')).toEqual({ gateway: 5, shadow: 0 });
  });

  it.each([
    '',
    '{ "gateway": ',
    '{}',
    '{ "gateway": 101 }',
    '{ "gateway": -1 }',
    '[50]',
    'null',
    'true',
    '{ "gateway": "all" }',
    '{ "gateway": null }',
  ])('stays official with the share file %j, and says so once', async (share) => {
    const client = sdk(share);
    for (let index = 0; index < 3; index += 1) await client.chat.completions.create(ASK);
    expect(gateway.received).toEqual([]);
    expect(problems).toHaveLength(1);
  });

  it('stays official without a share file, without a key, and when the function for the share throws', async () => {
    const broken = () => {
      throw new Error('no flag server');
    };
    const none = sdk(100, { share: join(directory, 'none.json') });
    const keys = ['', 'sk-two\nlines'].map((apiKey) =>
      sdk(100, { gateway: { baseUrl: gateway.baseUrl, apiKey } }),
    );
    for (const client of [none, ...keys, sdk(0, { share: broken })])
      await client.chat.completions.create(ASK);
    expect(gateway.received).toEqual([]);
    expect(problems).toHaveLength(4);
  });

  it('follows a changed share within a second, and takes even a retry back', async () => {
    let share = 100;
    const client = sdk(0, { share: () => share });
    gateway.behave(() => {
      share = 0;
      return 'refuse';
    });
    await client.chat.completions.create(ASK);
    expect([gateway.received.length, official.received.length]).toEqual([1, 1]);

    const reader = sdk({ gateway: 0 });
    await reader.chat.completions.create(ASK);
    gateway.behave(() => 'serve');
    writeFileSync(shareFile(), '{ "gateway": 100 }');
    const ask = async () => {
      await reader.chat.completions.create(ASK);
      return gateway.received.length;
    };
    await expect.poll(ask, { timeout: 3_000 }).toBeGreaterThan(1);
  });

  it('keeps a unit on its arm while the share grows, across processes, and records a hash of it', async () => {
    const ask = async (share: number, salt: string, user: number): Promise<boolean> => {
      const before = gateway.received.length;
      await sdk(share, { salt }).chat.completions.create(ASK, {
        headers: { 'X-Rollout-Unit': `user-${user}` },
      });
      return gateway.received.length > before;
    };
    const at = async (share: number, salt = 'a') => {
      const moved: number[] = [];
      for (let user = 0; user < 40; user += 1) if (await ask(share, salt, user)) moved.push(user);
      return moved;
    };
    const [few, again, more, others] = [await at(20), await at(20), await at(60), await at(20, 'b')];
    expect(few).toEqual(again);
    expect(few.length).toBeGreaterThan(3);
    expect(few.filter((user) => !more.includes(user))).toEqual([]);
    expect(others).not.toEqual(few);
    const units = (await records(160)).map(({ unit }) => unit);
    expect(new Set(units).size).toBe(80);
    expect(JSON.stringify([units, gateway.received, official.received])).not.toMatch(/user-\d|x-rollout/i);
  });

  it('splits only what any arm can answer: stored responses and files stay official, and have no record', async () => {
    const client = sdk(100);
    await client.responses.create({ model: 'gpt-4o-mini', input: 'Hi.' }).catch(() => {});
    await client.models.list().catch(() => {});
    expect(gateway.received).toEqual([]);
    await client.embeddings.create({
      model: 'text-embedding-3-small',
      input: 'Hi.',
      encoding_format: 'float',
    });
    const unit = { headers: { 'x-rollout-unit': 'user-1' } };
    await client.responses.create({ model: 'gpt-4o-mini', input: 'Hi.', store: false }).catch(() => {});
    await client.responses.create({ model: 'gpt-4o-mini', input: 'Hi.' }, unit).catch(() => {});
    expect(gateway.received.map(({ path }) => path)).toEqual([
      '/v1/embeddings',
      '/v1/responses',
      '/v1/responses',
    ]);
    expect((await records(3))[0]).toMatchObject({
      input_tokens: 3,
      output_tokens: 0,
      endpoint: '/embeddings',
    });
    expect(problems).toHaveLength(1);
  });
});

describe('retries and fallbacks', () => {
  it("keep each task's attempts on one arm, however many alike are under way", async () => {
    const client = sdk(50);
    for (const arm of [official, gateway])
      arm.behave(({ headers }) => (headers['x-stainless-retry-count'] === '2' ? 'serve' : 'refuse'));
    const callers = Array.from({ length: 60 }, (_, index) => index);
    await Promise.all(
      callers.map((index) =>
        client.chat.completions.create(chat(), { headers: { 'x-caller': `${index % 30}` } }),
      ),
    );
    const found = await records(180);
    const tasks = new Map<unknown, RequestRecord[]>();
    for (const record of found) tasks.set(record.task, [...(tasks.get(record.task) ?? []), record]);
    expect(tasks.size).toBe(60);
    for (const attempts of tasks.values()) {
      expect(attempts.map(({ attempt }) => attempt)).toEqual([0, 1, 2]);
      expect(new Set(attempts.map(({ arm }) => arm)).size).toBe(1);
      expect(attempts.map(({ used }) => used)).toEqual([false, false, true]);
    }
    expect(new Set(found.map(({ arm }) => arm))).toEqual(new Set(['official', 'gateway']));
  });

  it.each([
    ['refuse', { status: 503, error: undefined }],
    ['deny', { status: 400, error: undefined }],
    ['reset', { status: 0, error: 'unreachable' }],
    ['empty', { error: 'unreachable' }],
    ['page', { status: 200, error: 'not_openai_shape' }],
    ['error', { status: 200, error: 'upstream_error' }],
  ] as const)(
    'lose no request when the gateway answers with %s: the official API answers instead',
    async (behaviour, record) => {
      gateway.behave(() => behaviour);
      const client = sdk(100, { fallback: 'official' });
      const { choices } = await client.chat.completions.create(ASK, { maxRetries: 0 });
      expect(choices[0]?.message.content).toBe('Hello there.');
      const [first, second] = await records(2);
      expect(first).toMatchObject({ arm: 'gateway', attempt: 0, used: false, ...record });
      expect(second).toMatchObject({ arm: 'official', attempt: 1, used: true, task: first?.task });
    },
  );

  it('reach the official API after a gateway that hangs, once the SDK has lost patience', async () => {
    gateway.behave(() => 'hang');
    const client = sdk(100, { fallback: 'official' });
    await client.chat.completions.create(ASK, { timeout: 100, maxRetries: 1 });
    const found = await records(2);
    expect(found).toMatchObject([
      { arm: 'gateway', status: 0, error: 'timeout' },
      { arm: 'official', attempt: 1 },
    ]);
    expect(new Set(found.map(({ task }) => task)).size).toBe(1);
  });

  it('send nothing elsewhere unless told so: not to the official API, and never to a gateway without a share', async () => {
    gateway.behave(() => 'refuse');
    await expect(sdk(100).chat.completions.create(ASK, { maxRetries: 0 })).rejects.toThrow('503');
    expect(official.received).toEqual([]);
    gateway.behave(() => 'serve');
    official.behave(() => 'reset');
    const either = (share: number) =>
      sdk(share, { fallback: 'either' }).chat.completions.create(ASK, { maxRetries: 0 });
    await expect(either(0)).rejects.toThrow('Connection error');
    expect(gateway.received).toHaveLength(1);
    await either(0.0001);
    expect(gateway.received).toHaveLength(2);
    official.behave(() => 'deny');
    await expect(either(0.0001)).rejects.toThrow('400');
    expect(gateway.received).toHaveLength(2);
  });
});

describe('streams and aborts', () => {
  it('pass pieces on as they come, and record tokens and the first token', async () => {
    const stream = await sdk(100).chat.completions.create({
      ...ASK,
      stream: true,
      stream_options: { include_usage: true },
    });
    let text = '';
    for await (const { choices } of stream) text += choices[0]?.delta.content ?? '';
    expect(text).toBe('Hello.');
    const [record] = await records(1);
    expect(record).toMatchObject({
      input_tokens: 12,
      cached_input_tokens: 4,
      output_tokens: 5,
      finish_reason: 'stop',
      empty: false,
      used: true,
    });
    expect(record?.ttft_ms).toBeLessThan(record?.duration_ms ?? 0);
  });

  it('record a stream that breaks off, and one that its reader leaves, whose server learns of it at once', async () => {
    gateway.behave(() => 'cut');
    const client = sdk(100, { fallback: 'official' });
    const read = async (request: object) => {
      for await (const _ of await client.chat.completions.create({ ...ASK, ...request, stream: true }))
        if ('max_tokens' in request) break;
    };
    await expect(read({})).rejects.toThrow();
    gateway.behave(() => 'serve');
    await read({ max_tokens: 1 });
    await expect.poll(() => gateway.received.at(-1)?.left).toBe(true);
    expect(await records(2)).toMatchObject([
      { status: 200, error: 'unreachable', used: false },
      { status: 200, error: 'timeout', used: false },
    ]);
    expect(official.received).toEqual([]);
  });

  it("throw what the SDK throws when the caller aborts, and don't ask the other arm", async () => {
    gateway.behave(() => 'hang');
    const controller = new AbortController();
    const asked = sdk(100, { fallback: 'either' }).chat.completions.create(ASK, {
      signal: controller.signal,
    });
    await expect.poll(() => gateway.received.length).toBe(1);
    controller.abort();
    await expect(asked).rejects.toThrow(OpenAI.APIUserAbortError);
    expect(await records(1)).toMatchObject([{ status: 0, error: 'timeout' }]);
    expect(official.received).toEqual([]);
  });
});

describe('records and copies', () => {
  it.each(['refuse', 'reset', 'hang', 'cut'] as const)(
    'a copy that meets %s is not noticed by its caller',
    async (behaviour) => {
      gateway.behave(() => behaviour);
      const client = sdk({ gateway: 0, shadow: 100 });
      for (let index = 0; index < 3; index += 1) await client.chat.completions.create(ASK);
      await expect.poll(() => gateway.received.length).toBe(3);
      expect(gateway.received[0]?.headers.authorization).toBe(`Bearer ${GATEWAY_KEY}`);
      const found = await records(behaviour === 'hang' ? 3 : 6);
      expect(found.filter(({ shadow }) => !shadow)).toMatchObject(
        Array(3).fill({ arm: 'official', used: true }),
      );
    },
  );

  it('a copy has the task of its original, and only requests without an effect are copied', async () => {
    const client = sdk({ gateway: 0, shadow: 100 });
    await client.chat.completions.create(ASK);
    const found = await records(2);
    const copy = found.find(({ shadow }) => shadow);
    expect(copy).toMatchObject({
      arm: 'gateway',
      attempt: 0,
      input_tokens: 12,
      answered_model: 'gpt-4o-mini',
    });
    expect(copy?.task).toBe(found.find(({ arm }) => arm === 'official')?.task);
    await client.chat.completions.create({ ...ASK, store: true });
    await client.chat.completions.create({ ...ASK, web_search_options: {} });
    await records(3);
    expect(gateway.received).toHaveLength(1);
  });

  const piece = (finish_reason: string | null, content = 'Hi.') =>
    `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content }, finish_reason }] })}\n\n`;
  const whole = (message: object, more = {}) =>
    JSON.stringify({ choices: [{ index: 0, message, finish_reason: 'stop' }], ...more });

  it.each([
    [
      'a stream that ends in a failure',
      true,
      `${piece(null)}${piece('insufficient_system_resource', '')}data: [DONE]\n\n`,
      'upstream_error',
    ],
    ['a stream that never ends, with "null" as a text', true, piece('null'), 'upstream_error'],
    ['a stream of something else', true, 'data: pong\n\ndata: [DONE]\n\n', 'upstream_error'],
    ['a list of parts', false, whole({ content: [{ type: 'text', text: 'Hi.' }] }), 'not_openai_shape'],
    ['another kind of answer', false, '{"data":[]}', 'not_openai_shape'],
    ['no stream where one was asked for', true, whole({ content: 'Hi.' }), 'not_openai_shape'],
    ['an answer', false, whole({ content: 'Hi.' }, { usage: { prompt_tokens: 0, completion_tokens: 0 } })],
  ])('judge %s as the recorder does', async (_, stream, body, error = undefined) => {
    const recorded: unknown[] = [];
    const headers = { 'content-type': body.startsWith('data:') ? 'text/event-stream' : 'application/json' };
    const send = rolloutFetch({
      gateway: { baseUrl: gateway.baseUrl, apiKey: 'gw-key' },
      share: () => 100,
      records: (record) => recorded.push(record),
      fetch: async () => new Response(body, { headers: { ...headers, 'x-litellm-call-id': 'call-1' } }),
    });
    const request = JSON.stringify({ ...ASK, stream });
    await (await send(`${official.baseUrl}/chat/completions`, { method: 'POST', body: request })).text();
    expect(recorded).toMatchObject([{ status: 200, used: error === undefined, request_id: 'call-1' }]);
    // Tokens of 0 beside words are not counted at all.
    expect(recorded).toEqual([expect.objectContaining({ error })]);
    expect(recorded).toEqual([expect.not.objectContaining({ input_tokens: 0 })]);
  });

  it('that cannot be written fail no request', async () => {
    mkdirSync(recordFile());
    const throwing = () => {
      throw new Error('no log');
    };
    await sdk(100).chat.completions.create(ASK);
    await sdk(100, { records: throwing }).chat.completions.create(ASK);
    await sdk(100, { records: throwing, onProblem: throwing }).chat.completions.create(ASK);
    await expect.poll(() => problems.length).toBe(2);
    rmSync(recordFile(), { recursive: true });
    expect(gateway.received).toHaveLength(3);
  });
});
