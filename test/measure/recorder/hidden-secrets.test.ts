import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import * as zlib from 'node:zlib';
import { expect, test } from 'vitest';
import { serve } from '../../gateway/loopback.ts';
import { CHAT, post, record, STREAM } from './recording.ts';

const REAL = 'sk-real-0123456789abcdefghij';
const TENANT = 'tenant-token-8f3a77c1';

const COMPRESSED = {
  identity: (body: string) => Buffer.from(body),
  gzip: zlib.gzipSync,
  deflate: zlib.deflateSync,
  br: zlib.brotliCompressSync,
  zstd: zlib.zstdCompressSync,
  'gzip, br': (body: string) => zlib.brotliCompressSync(zlib.gzipSync(body)),
} as const;

test.each(Object.entries(COMPRESSED))(
  'an answer in %s that echoes the key and a header shows the program neither',
  async (coding, compress) => {
    const origin = await serve((incoming, response) => {
      incoming.resume();
      const message = `Incorrect API key: ${incoming.headers.authorization} for ${incoming.headers['x-tenant']}`;
      const body = compress(JSON.stringify({ error: { message, type: 'invalid_request_error' } }));
      const length = coding === 'identity' ? { 'content-length': body.length } : {};
      response.writeHead(401, `No ${REAL}`, {
        'content-type': 'application/json',
        'content-encoding': coding,
        'x-debug': `key=${Buffer.from(REAL).toString('base64')}`,
        'x-request-id': 'req_1',
        ...length,
      });
      response.write(body.subarray(0, 45));
      setTimeout(() => response.end(body.subarray(45)), 20);
    });
    const access = { baseUrl: `${origin}/v1`, apiKey: REAL, headers: { 'x-tenant': TENANT } };
    const recording = await record(access, { secrets: [REAL, TENANT] });
    const answer = await post(recording, CHAT);
    const body = await answer.text();
    const base64 = Buffer.from(REAL).toString('base64').slice(0, -3);
    const seen = JSON.stringify([answer.status, answer.statusText, [...answer.headers], body]);
    for (const secret of [REAL, TENANT, base64]) expect(seen).not.toContain(secret);
    expect(JSON.parse(body).error.message).toBe(
      `Incorrect API key: Bearer ${recording.apiKey} for ${'x'.repeat(TENANT.length)}`,
    );
    expect(answer.headers.get('content-encoding')).toBe(coding);
    expect(await recording.records()).toMatchObject([{ status: 401, error: 'invalid_key' }]);
  },
);

test('a compressed stream passes piece by piece', async () => {
  const gzip = zlib.createGzip({ flush: zlib.constants.Z_SYNC_FLUSH });
  const origin = await serve((incoming, response) => {
    incoming.resume();
    response.writeHead(200, { 'content-type': 'text/event-stream', 'content-encoding': 'gzip' });
    gzip.pipe(response);
    gzip.write('data: one\n\n');
  });
  const recording = await record({ baseUrl: `${origin}/v1`, apiKey: REAL });
  const received = (await post(recording, STREAM)).body?.getReader();
  const next = async () => Buffer.from((await received?.read())?.value ?? []).toString();
  expect(await next()).toBe('data: one\n\n');
  gzip.write('data: two\n\n');
  expect(await next()).toBe('data: two\n\n');
  gzip.end();
});

/** Answers with the key, not compressed at all. */
const wronglyCoded = (coding: string, type: string) =>
  serve((incoming, response) => {
    incoming.resume();
    response.writeHead(200, { 'content-type': type, 'content-encoding': coding });
    response.end(`{"key":"${REAL}"}`);
  });

test.each(['gzip', 'compress', 'gzip, br', 'gzip, gzip, gzip'])(
  'a body that %s does not describe, or that nobody can read, is replaced by an error',
  async (coding) => {
    const origin = await wronglyCoded(coding, 'application/json');
    const recording = await record({ baseUrl: `${origin}/v1`, apiKey: REAL });
    const answer = await post(recording, CHAT);
    expect([answer.status, answer.headers.get('x-should-retry')]).toEqual([502, 'false']);
    expect(await answer.text()).toContain('does not decompress as its content-encoding says');
    expect(await recording.records()).toMatchObject([{ status: 502, error: 'unreachable', used: false }]);
    expect(recording.attempts[0]?.message).toContain('does not decompress');
  },
);

test('a stream that is not compressed as its header says breaks off, and its record says why', async () => {
  const origin = await wronglyCoded('gzip', 'text/event-stream');
  const recording = await record({ baseUrl: `${origin}/v1`, apiKey: REAL });
  await expect(post(recording, STREAM).then((answer) => answer.text())).rejects.toThrow();
  expect(await recording.records()).toMatchObject([{ status: 200, error: 'unreachable', used: false }]);
  expect(recording.attempts[0]?.message).toContain('does not decompress');
});

/** Sends a path as it stands; `fetch` would tidy it up. */
async function statusOf(recording: { baseUrl: string; apiKey: string }, path: string): Promise<number> {
  const { hostname, port } = new URL(recording.baseUrl);
  const headers = { authorization: `Bearer ${recording.apiKey}` };
  return new Promise((resolve, reject) => {
    request({ hostname, port, path, headers }, async (answer) => {
      await text(answer);
      resolve(answer.statusCode ?? 0);
    })
      .on('error', reject)
      .end();
  });
}

test('a path that leaves the base URL is rejected in any spelling, others pass as they are', async () => {
  const paths: string[] = [];
  const origin = await serve((incoming, response) => {
    paths.push(incoming.url ?? '');
    response.end('{}');
  });
  const recording = await record({ baseUrl: `${origin}/v1`, apiKey: REAL });
  const leaving = [
    '/v1/../admin',
    '/v1/..',
    '/v1/./../admin',
    '/v1/%2e%2e/admin',
    '/v1/.%2E/admin',
    '/v1/%2e./admin',
    '/v1/%252e%252e/admin',
    '/v1/%25252e%25252e/admin',
    '/v1/..%2fadmin',
    '/v1/..%252Fadmin',
    '/v1/..\\admin',
    '/v1/..%5cadmin',
    '/v1/%5c..%5cadmin',
    '/v1/..;/admin',
    '/v1/..;a=b/admin',
    '/v1/..%3b/admin',
    '/v1/..%00/admin',
    '/v1/.%09./admin',
    '/v1/..%20/admin',
    '/v1/..%23/admin',
    '/v1/..%3f/admin',
    '/v1/%c0%ae%c0%ae/admin',
    '/v1/%u002e%u002e/admin',
    '/v1/%ef%bc%8e%ef%bc%8e/admin',
    '/v1/models/..?a=b',
    '/v1x/admin',
    '/admin',
    '//v1/models',
    `${origin}/v1/models`,
    '*',
  ];
  for (const path of leaving) expect([path, await statusOf(recording, path)]).toEqual([path, 404]);
  expect(paths).toEqual([]);
  const staying = [
    '/v1/models/openai%2Fgpt-4o',
    '/v1/models?after=../x',
    '/v1/files/a..b',
    '/v1/files/...',
    '/v1//models',
    '/v1/models/gr%C3%BC%C3%9Fe;v=1',
  ];
  for (const path of staying) expect([path, await statusOf(recording, path)]).toEqual([path, 200]);
  expect(paths).toEqual(staying);
  expect(recording.turnedAway).toEqual({ wrongKey: 0, elsewhere: leaving.length });
});

test('no header sends a request elsewhere', async () => {
  const sent: string[] = [];
  const origin = await serve((incoming, response) => {
    sent.push(...incoming.rawHeaders);
    response.end('{}');
  });
  const recording = await record({ baseUrl: `${origin}/v1`, apiKey: REAL });
  await post(recording, CHAT, { headers: { 'x-original-url': '/admin', 'X-Rewrite-URL': '/admin' } });
  expect(sent).toContain(new URL(origin).host);
  expect(sent).not.toContain('/admin');
});
