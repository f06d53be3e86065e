import { describe, expect, it, vi } from 'vitest';
import { createOfficialClient, sdkChat, sdkStream } from '../../src/gateway/sdk.ts';
import { COMPLETION } from './completion.ts';
import { type IncomingMessage, sendJson, serve } from './loopback.ts';

const BODY = { model: 'm', messages: [{ role: 'user', content: 'ping' }] };

const clientFor = (baseUrl: string, headers: Record<string, string> = {}) =>
  createOfficialClient({ baseUrl, apiKey: 'sk-test-1', headers, timeoutMs: 5_000, maxRetries: 0 });

describe('the official client', () => {
  it('completes an ordinary call', async () => {
    const origin = await serve((_, response) =>
      sendJson(response, 200, COMPLETION, { 'x-request-id': 'req_1' }),
    );
    expect(await sdkChat(await clientFor(origin), BODY)).toEqual({
      kind: 'completion',
      text: 'pong',
      requestId: 'req_1',
      usage: { input: 3, cachedInput: 0, output: 1 },
    });
  });

  it('completes a stream', async () => {
    const chunk = (delta: object, finish: string | null) =>
      `data: ${JSON.stringify({ id: 'c1', object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
    const origin = await serve((_, response) =>
      response
        .writeHead(200, { 'content-type': 'text/event-stream' })
        .end(`${chunk({ content: 'po' }, null)}${chunk({ content: 'ng' }, 'stop')}data: [DONE]\n\n`),
    );
    expect(await sdkStream(await clientFor(origin), BODY)).toEqual({
      kind: 'completion',
      text: 'pong',
      requestId: null,
      usage: null,
    });
  });

  it('hides a wrong path, an error with status 200 and a stream that is not streamed', async () => {
    const html = await serve((_, response) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html></html>'),
    );
    const error = await serve((_, response) => sendJson(response, 200, { error: { message: 'no' } }));
    const plain = await serve((_, response) => sendJson(response, 200, COMPLETION));
    const nothing = { kind: 'completion', text: '' };
    expect(await sdkChat(await clientFor(html), BODY)).toMatchObject(nothing);
    expect(await sdkChat(await clientFor(error), BODY)).toMatchObject(nothing);
    expect(await sdkStream(await clientFor(plain), BODY)).toMatchObject(nothing);
  });

  it('fails with errors that have a name, and a message with the status', async () => {
    const origin = await serve((_, response) => sendJson(response, 429, { error: { message: 'slow down' } }));
    expect(await sdkChat(await clientFor(origin), BODY)).toEqual({
      kind: 'error',
      name: 'RateLimitError',
      message: '429 slow down',
    });
    const inStream = await serve((_, response) =>
      response
        .writeHead(200, { 'content-type': 'text/event-stream' })
        .end('data: {"error":{"message":"broken"}}\n\n'),
    );
    expect(await sdkStream(await clientFor(inStream), BODY)).toMatchObject({
      kind: 'error',
      name: 'APIError',
      message: 'broken',
    });
  });

  it('sends what is configured, and nothing from the environment', async () => {
    const seen: IncomingMessage['headers'][] = [];
    const origin = await serve((request, response) => {
      seen.push(request.headers);
      sendJson(response, 200, COMPLETION);
    });
    vi.stubEnv('OPENAI_ORG_ID', 'leak-org');
    vi.stubEnv('OPENAI_PROJECT_ID', 'leak-project');
    vi.stubEnv('OPENAI_API_KEY', 'leak-key');
    vi.stubEnv('OPENAI_ADMIN_KEY', 'leak-admin');
    vi.stubEnv('OPENAI_BASE_URL', 'http://leak.invalid');
    vi.stubEnv(
      'OPENAI_CUSTOM_HEADERS',
      'X-Leak: leak-header\nAuthorization: Bearer leak-auth\nx-route: leak-route\nno colon',
    );
    try {
      const outcome = await sdkChat(await clientFor(origin, { 'x-route': 'blue' }), BODY);
      expect(outcome.kind).toBe('completion');
    } finally {
      vi.unstubAllEnvs();
    }
    expect(JSON.stringify(seen)).not.toContain('leak');
    expect(seen[0]).toMatchObject({ authorization: 'Bearer sk-test-1', 'x-route': 'blue' });
  });

  it('treats a body that is not a chat completion as a bug of this program', async () => {
    await expect(sdkChat(await clientFor('http://127.0.0.1:9'), { model: 'm' })).rejects.toThrow(TypeError);
  });

  it('does not follow a redirect', async () => {
    let followed = 0;
    const elsewhere = await serve((_, response) => {
      followed++;
      sendJson(response, 200, COMPLETION);
    });
    const origin = await serve((_, response) => response.writeHead(307, { location: elsewhere }).end());
    expect(await sdkChat(await clientFor(origin), BODY)).toMatchObject({
      message: expect.stringMatching(/^307/),
    });
    expect(followed).toBe(0);
  });
});
