import { execFile } from 'node:child_process';
import type { ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { parseRecord } from '../../../src/measure/parse-record.ts';
import { closedPort, sendJson, serve } from '../../gateway/loopback.ts';
import { askAndLeave, CHAT, client, MODEL, post, quirky, record, STREAM } from './recording.ts';

describe('what passes through', () => {
  it('is the same: status, headers and bodies, compressed as they were', async () => {
    const body = gzipSync(JSON.stringify({ object: 'list', data: [], usage: { prompt_tokens: 3 } }));
    const origin = await serve((request, response) => {
      request.resume();
      if (request.url?.includes('missing')) return sendJson(response, 418, { error: { message: 'tea' } });
      response.writeHead(201, 'Made', [
        ['content-encoding', 'gzip'],
        ['X-Twice', 'one'],
        ['X-Twice', 'two'],
      ]);
      response.end(body);
    });
    const recording = await record({ baseUrl: `${origin}/v1`, apiKey: 'real' });
    const run = promisify(execFile);
    const ask = async (path: string) => {
      const key = `authorization: Bearer ${recording.apiKey}`;
      const { stdout } = await run('curl', ['-si', '-H', key, `${recording.baseUrl}${path}`], {
        encoding: 'buffer',
      });
      const end = stdout.indexOf('\r\n\r\n');
      return { head: stdout.subarray(0, end).toString(), body: stdout.subarray(end + 4) };
    };
    const made = await ask('/embeddings?a=b');
    expect(made.head).toMatch(/^HTTP\/1.1 201 Made\r\n/);
    expect(made.head).toContain('X-Twice: one\r\nX-Twice: two');
    expect(made.head).toContain('content-encoding: gzip');
    expect(gunzipSync(made.body)).toEqual(gunzipSync(body));
    expect((await ask('/missing')).head).toMatch(/^HTTP\/1.1 418 /);
    expect(await recording.records()).toMatchObject([
      { endpoint: '/embeddings', status: 201 },
      { endpoint: '/missing', status: 418, error: 'bad_request' },
    ]);
  });

  it('comes as it is sent: each piece is there before the next one is made', async () => {
    const pieces = ['one', ' two', ' three', ' four'].map((content) => {
      const choices = [{ index: 0, delta: { content }, finish_reason: null }];
      return `data: ${JSON.stringify({ object: 'chat.completion.chunk', model: MODEL, choices })}\n\n`;
    });
    const end = 'data: [DONE]\n\n';
    const streams: ServerResponse[] = [];
    const origin = await serve((request, response) => {
      request.resume();
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write(pieces[0]);
      streams.push(response);
    });
    const recording = await record({ baseUrl: `${origin}/v1`, apiKey: 'real' });
    const answer = await post(recording, STREAM);
    const [stream] = streams;
    const received = answer.body?.getReader();
    const next = async () => Buffer.from((await received?.read())?.value ?? []).toString();
    expect(await next()).toBe(pieces[0]);
    for (const piece of [...pieces.slice(1), end]) {
      stream?.write(piece);
      expect(await next()).toBe(piece);
    }
    stream?.end();
    expect((await received?.read())?.done).toBe(true);
    const [only] = await recording.records();
    expect(only?.ttft_ms).toBeLessThanOrEqual(only?.duration_ms ?? -1);
  });

  it('carries the real key and the configured headers, never the name of a task', async () => {
    const gateway = await quirky();
    const recording = await record({ ...gateway, headers: { 'X-Route': 'blue', 'x-title': 'ours' } });
    await post(recording, CHAT, {
      headers: { 'X-Title': 'theirs', 'X-Rollout-Task': 'order 7', 'x-kept': '1' },
    });
    expect(gateway.requests[0]?.headers).toMatchObject({
      authorization: `Bearer ${gateway.apiKey}`,
      'x-route': 'blue',
      'x-title': 'ours',
      'x-kept': '1',
    });
    expect(JSON.stringify(gateway.requests)).not.toContain('order 7');
    expect(JSON.stringify(gateway.requests)).not.toContain(recording.apiKey);
    expect(await recording.records()).toMatchObject([{ task: 'order 7', attempt: 0, used: true }]);
  });
});

describe('what is rejected', () => {
  it('every key but its own, and every URL outside the base URL', async () => {
    const gateway = await quirky();
    const recording = await record(gateway);
    const wrong = await post({ ...recording, apiKey: gateway.apiKey }, CHAT);
    expect(wrong.status).toBe(401);
    expect(await wrong.json()).toMatchObject({
      error: { message: expect.stringContaining('OPENAI_API_KEY') },
    });
    const beside = await post({ ...recording, baseUrl: recording.baseUrl.replace('/v1', '') }, CHAT);
    expect(beside.status).toBe(404);
    expect(gateway.requests).toEqual([]);
    expect(await recording.records()).toEqual([]);
    expect(recording.turnedAway).toEqual({ wrongKey: 1, elsewhere: 1 });
  });
});

describe('tokens', () => {
  it.each([
    ['a whole answer', CHAT, { input_tokens: 14, cached_input_tokens: 0, output_tokens: 1 }],
    ['a stream that was asked for its usage', STREAM, { input_tokens: 14, output_tokens: 1 }],
  ])('are those of %s', async (_, body, expected) => {
    const recording = await record(await quirky());
    await (await post(recording, body)).text();
    expect(await recording.records()).toMatchObject([
      { ...expected, model: MODEL, answered_model: MODEL, status: 200, finish_reason: 'stop', empty: false },
    ]);
  });

  it.each([
    ['a stream that was not asked for it', {}, { ...CHAT, stream: true }],
    ['a gateway that leaves it out', { quirks: ['usage-missing'] }, CHAT],
    ['a gateway that counts nothing', { quirks: ['usage-zero'] }, CHAT],
  ] as const)('are not told by %s, and not taken for 0', async (_, options, body) => {
    const recording = await record(await quirky(options));
    await (await post(recording, body)).text();
    const [only] = await recording.records();
    expect(only).toMatchObject({ status: 200, used: true });
    expect([only?.input_tokens, only?.output_tokens, only?.cost_usd]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('of a compressed stream are read as well', async () => {
    const recording = await record(await quirky({ quirks: ['stream-gzip'] }));
    await (await post(recording, STREAM)).text();
    expect(await recording.records()).toMatchObject([
      { input_tokens: 14, output_tokens: 1, finish_reason: 'stop' },
    ]);
  });
});

describe('what counts as a failure', () => {
  it.each([
    ['stream-cut', STREAM, { status: 200, error: 'unreachable' }],
    ['stream-no-finish-reason', STREAM, { status: 200, error: 'upstream_error' }],
    ['stream-error-chunk', STREAM, { status: 200, error: 'upstream_error' }],
    ['finish-reason-error', STREAM, { status: 200, error: 'upstream_error' }],
    ['stream-error-200-json', STREAM, { status: 200, error: 'upstream_error' }],
    ['error-200', CHAT, { status: 200, error: 'overloaded' }],
    ['html-page', CHAT, { status: 200, error: 'not_openai_shape' }],
    ['cloudflare-524', CHAT, { status: 524, error: 'timeout' }],
  ] as const)('%s', async (quirk, body, expected) => {
    const recording = await record(await quirky({ quirks: [quirk] }));
    await post(recording, body).then((answer) => answer.text().catch(() => ''));
    expect(await recording.records()).toMatchObject([{ ...expected, used: false }]);
  });

  it.each(['stream-no-done', 'stream-text-plain', 'usage-chunk-doubled'] as const)(
    'not %s: the text is whole',
    async (quirk) => {
      const recording = await record(await quirky({ quirks: [quirk] }));
      await (await post(recording, STREAM)).text();
      const [only] = await recording.records();
      expect(only).toMatchObject({ used: true, output_tokens: 1 });
      expect(only?.error).toBeUndefined();
    },
  );

  it('a client that gives up waiting', async () => {
    const gateway = await quirky({ quirks: ['never-answers'] });
    const recording = await record(gateway);
    await askAndLeave(recording, gateway);
    expect(await recording.records()).toMatchObject([{ status: 0, error: 'timeout', used: false }]);
  });

  it('an endpoint where nothing listens: the client loses its connection, too', async () => {
    const recording = await record({ baseUrl: `http://127.0.0.1:${await closedPort()}/v1`, apiKey: 'k' });
    await expect(post(recording, CHAT)).rejects.toThrow('fetch failed');
    expect(await recording.records()).toMatchObject([{ status: 0, error: 'unreachable' }]);
    expect(recording.attempts[0]?.message).toContain('refuses connections');
  });
});

describe('which attempts are one task', () => {
  it('those that the official client counts', async () => {
    const gateway = await quirky();
    const recording = await record(gateway, { fault: '503:retry-after=0.01@2-3' });
    const sdk = client(recording);
    await sdk.chat.completions.create(CHAT);
    await sdk.chat.completions.create(CHAT);
    await sdk.chat.completions.create(CHAT);
    const records = await recording.records();
    expect(records.map(({ attempt }) => attempt)).toEqual([0, 0, 1, 2, 0]);
    expect(new Set(records.map(({ task }) => task)).size).toBe(3);
    expect(new Set(records.slice(1, 4).map(({ task }) => task)).size).toBe(1);
  });

  it('those with the same body after a failure, for clients that count nothing', async () => {
    const recording = await record(await quirky(), { fault: '500@1' });
    for (const body of [CHAT, STREAM, CHAT, CHAT]) await (await post(recording, body)).text();
    const records = await recording.records();
    expect(records.map(({ attempt }) => attempt)).toEqual([0, 0, 1, 0]);
    expect(records[2]?.task).toBe(records[0]?.task);
    expect(new Set(records.map(({ task }) => task)).size).toBe(3);
  });
});

describe('the end', () => {
  it('waits for an answer that is still being read, and leaves nothing listening', async () => {
    const gateway = await quirky({ streamMs: 100 });
    const recording = await record(gateway, { fault: 'cut' });
    await expect(post(recording, STREAM).then((answer) => answer.text())).rejects.toThrow();
    await recording.stop();
    expect(recording.attempts).toHaveLength(1);
    expect(recording.attempts[0]?.record.output_tokens).toBe(1);
    await expect(post(recording, CHAT)).rejects.toThrow('fetch failed');
  });
});

describe('whatever clients and gateways do', () => {
  it.each([[[]], [['stream-cut']], [['stream-gzip']], [['hidden-retries', 'errors-as-400']]] as const)(
    'each request has one record, and its tokens are at most those served (%s)',
    async (quirks) => {
      const gateway = await quirky({ quirks: [...quirks], streamMs: 30, latencyMs: 5, silenceMs: 20 });
      const recording = await record(gateway, { fault: '503@5,cut@9-12,stall:20ms@20-25,slow:10ms@30-40' });
      const bodies = [CHAT, STREAM, { ...CHAT, model: 'no-such' }, { ...STREAM, stream_options: {} }];
      const asked = Array.from({ length: 80 }, async (_, index) => {
        // A third of them leave early, at every moment of an answer.
        const signal = index % 3 === 0 ? AbortSignal.timeout(1 + (index % 45)) : null;
        const answer = await post(recording, bodies[index % bodies.length], { signal });
        await answer.text();
      });
      await Promise.allSettled(asked);
      const records = await recording.records();
      const numbers = recording.attempts.map(({ request }) => request);
      expect(new Set(numbers).size).toBe(numbers.length);
      // Those that stay are all there; a client that leaves before it has asked is in no record.
      expect(records.length).toBeGreaterThanOrEqual(80 - 27);
      expect(records.length).toBeLessThanOrEqual(80);
      for (const each of records) expect(parseRecord(Buffer.from(JSON.stringify(each))).ok).toBe(true);
      const tokens = records.reduce((sum, { input_tokens }) => sum + (input_tokens ?? 0), 0);
      expect(tokens).toBeLessThanOrEqual(gateway.count('/chat/completions') * 14);
    },
  );
});
