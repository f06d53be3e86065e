import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createClient } from '../../src/gateway/http.ts';
import { profileByName } from '../../src/gateway/profiles/index.ts';
import { answerOf, get, KEY, LIST_MODELS, noResponseOf } from './exchanges.ts';
import { type IncomingMessage, sendJson, serve } from './loopback.ts';

describe('what is sent', () => {
  it('puts the path behind the base URL, whatever its slashes and query', async () => {
    const seen: (string | undefined)[] = [];
    const origin = await serve((request, response) => {
      seen.push(request.url);
      sendJson(response, 200, { data: [] });
    });
    for (const suffix of ['', '/v1', '/v1/', '/v1?api-version=2']) await get(origin + suffix);
    await createClient({ baseUrl: `${origin}/v1?a=1`, apiKey: null }).call({
      ...LIST_MODELS,
      path: '/models?b=2',
    });
    expect(seen).toEqual([
      '/models',
      '/v1/models',
      '/v1/models',
      '/v1/models?api-version=2',
      '/v1/models?a=1&b=2',
    ]);
  });

  it('sends the key, the configured headers and JSON to the base URL', async () => {
    const seen: IncomingMessage[] = [];
    const bodies: string[] = [];
    const origin = await serve((request, response) => {
      seen.push(request);
      request.on('data', (part) => bodies.push(String(part))).on('end', () => sendJson(response, 200, {}));
    });
    const client = createClient({ baseUrl: origin, apiKey: KEY, headers: { 'X-Route': 'blue' } });
    await client.call({
      method: 'POST',
      path: '/chat/completions',
      body: { model: 'm' },
      deadlineMs: 5_000,
      acceptEncoding: 'identity',
    });
    expect(seen[0]?.headers).toMatchObject({
      authorization: `Bearer ${KEY}`,
      'x-route': 'blue',
      'content-type': 'application/json',
      'accept-encoding': 'identity',
    });
    expect(bodies).toEqual(['{"model":"m"}']);
  });

  it('sends another key or none on request, and then no key from the configured headers either', async () => {
    const seen: (string | undefined)[] = [];
    const origin = await serve((request, response) => {
      seen.push(request.headers.authorization, String(request.headers['api-key']));
      sendJson(response, 200, {});
    });
    const client = createClient({
      baseUrl: origin,
      apiKey: KEY,
      headers: { Authorization: 'Bearer other', 'api-key': 'spare' },
    });
    await client.call({ ...LIST_MODELS, apiKey: 'wrong' });
    await client.call({ ...LIST_MODELS, apiKey: null });
    expect(seen).toEqual(['Bearer wrong', 'undefined', undefined, 'undefined']);
  });

  it('keeps key and configured headers from every other origin', async () => {
    const seen: IncomingMessage['headers'][] = [];
    const home = await serve((_, response) => sendJson(response, 200, {}));
    const elsewhere = await serve((request, response) => {
      seen.push(request.headers);
      sendJson(response, 200, {});
    });
    const client = createClient({ baseUrl: home, apiKey: KEY, headers: { 'x-secret': 'route' } });
    await client.call({ method: 'GET', url: `${elsewhere}/status`, apiKey: 'override', deadlineMs: 5_000 });
    expect(JSON.stringify(seen)).not.toMatch(/test-0123|override|route/);
  });

  it('reports a key that cannot be sent, without showing it', async () => {
    const exchange = await createClient({ baseUrl: 'http://127.0.0.1:9', apiKey: 'sk-secret\nvalue' }).call(
      LIST_MODELS,
    );
    expect(noResponseOf(exchange)).toMatchObject({ layer: 'http', code: 'INVALID_HEADER' });
    expect(JSON.stringify(exchange)).not.toContain('secret');
  });
});

describe('what comes back', () => {
  it('reads a JSON response with its headers, media type and request ID', async () => {
    const origin = await serve((_, response) =>
      sendJson(
        response,
        200,
        { data: [] },
        { 'Content-Type': 'Application/JSON; charset=utf-8', 'X-Request-ID': 'req_1' },
      ),
    );
    expect(answerOf(await get(origin))).toMatchObject({
      status: 200,
      contentType: 'application/json',
      json: { data: [] },
      text: '{"data":[]}',
      requestId: { value: 'req_1', source: 'x-request-id' },
      transcript: null,
      refusal: null,
    });
  });

  it('classifies a refusal, with the rules of the profile', async () => {
    const origin = await serve((_, response) =>
      sendJson(response, 429, { code: 'USAGE_LIMIT_EXCEEDED', message: 'slow down' }),
    );
    const call = (profile: string | null) =>
      createClient({
        baseUrl: origin,
        apiKey: KEY,
        profile: profile === null ? null : profileByName(profile),
      }).call(LIST_MODELS);
    expect(answerOf(await call(null)).refusal?.class).toBe('rate_limited');
    expect(answerOf(await call('sub2api')).refusal?.class).toBe('key_quota');
  });

  it('does not follow a redirect, and names where it points', async () => {
    let followed = 0;
    const elsewhere = await serve((_, response) => {
      followed++;
      sendJson(response, 200, {});
    });
    const origin = await serve((_, response) =>
      response.writeHead(302, { location: `${elsewhere}/v1/models?token=x` }).end(),
    );
    const answer = answerOf(await get(origin));
    expect(answer.status).toBe(302);
    expect(answer.refusal?.message).toContain(`a redirect (302) to ${elsewhere}, not followed`);
    expect(answer.refusal?.message).not.toContain('token');
    expect(followed).toBe(0);
  });

  it('treats a web page with status 200 as a refusal', async () => {
    const origin = await serve((_, response) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Console</title>'),
    );
    expect(answerOf(await get(origin)).refusal).toMatchObject({
      class: 'not_openai_shape',
      message: 'an HTML page titled “Console”',
    });
  });

  it('stops reading an endless body', async () => {
    let closed = false;
    const origin = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const more = () => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
      };
      response.on('drain', more).on('close', () => {
        closed = true;
      });
      more();
    });
    const answer = answerOf(await get(origin));
    expect(answer.text.length).toBe(1024 * 1024);
    expect(answer.refusal?.message).toBe('the body is larger than 4 MiB; reading stopped there');
    await expect.poll(() => closed).toBe(true);
  });

  it('reads the JSON of a long model list to its end', async () => {
    const data = Array.from({ length: 20_000 }, (_, index) => ({
      id: `model-${index}`,
      description: 'x'.repeat(60),
    }));
    const origin = await serve((_, response) => sendJson(response, 200, { data }));
    const answer = answerOf(await get(origin));
    expect(answer.refusal).toBeNull();
    expect(answer.json).toEqual({ data });
  });
});

describe('streams', () => {
  const CHUNK = 'data: {"id":"c1","choices":[{"delta":{"content":"Hi"}}]}\n\n';

  it('are read chunk by chunk, also under a wrong media type', async () => {
    for (const contentType of ['text/event-stream; charset=utf-8', 'text/plain', 'application/json']) {
      const origin = await serve((_, response) => {
        response.writeHead(200, { 'content-type': contentType });
        response.end(`${CHUNK}data: [DONE]\n\n`);
      });
      const answer = answerOf(await get(origin));
      expect(answer.transcript).toMatchObject({ done: true, end: 'eof' });
      expect(answer.transcript?.chunks).toHaveLength(1);
      expect(answer.text).toBe(`${CHUNK}data: [DONE]\n\n`);
      expect(answer.refusal).toBeNull();
    }
  });

  it('that break off are responses that were cut', async () => {
    const origin = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(CHUNK, () => setImmediate(() => response.destroy()));
    });
    const answer = answerOf(await get(origin));
    expect(answer.transcript).toMatchObject({ done: false, end: 'cut' });
    expect(answer.transcript?.chunks).toHaveLength(1);
  });

  it('that stall are responses that hit the deadline', async () => {
    const origin = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(CHUNK);
    });
    const answer = answerOf(await get(origin, 200));
    expect(answer.transcript).toMatchObject({ done: false, end: 'deadline' });
    expect(answer.transcript?.chunks).toHaveLength(1);
  });

  it('that are refused carry their error', async () => {
    const origin = await serve((_, response) => {
      response.writeHead(429, { 'content-type': 'text/event-stream' });
      response.end(
        'data: {"error":{"message":"You exceeded your current quota","type":"t","code":"insufficient_quota"}}\n\n',
      );
    });
    expect(answerOf(await get(origin)).refusal?.class).toBe('insufficient_balance');
  });

  it('that never end are cut at the limit', async () => {
    const origin = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const more = () => {
        while (!response.destroyed && response.write(`data: "${'x'.repeat(65_000)}"\n\n`));
      };
      response.on('drain', more);
      more();
    });
    const answer = answerOf(await get(origin));
    expect(answer.transcript?.end).toBe('cut');
    expect(answer.refusal?.message).toContain('larger than 4 MiB');
  });
});

it('does not keep the process alive after the calls', async () => {
  const origin = await serve((_, response) => sendJson(response, 200, {}));
  const script = `
    import { createClient } from '${new URL('../../src/gateway/http.ts', import.meta.url).href}';
    const client = createClient({ baseUrl: '${origin}', apiKey: null });
    const { status } = await client.call({ method: 'GET', path: '/models', deadlineMs: 60_000 });
    process.stdout.write(String(status));`;
  const run = promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
    timeout: 10_000,
  });
  expect((await run).stdout).toBe('200');
});
