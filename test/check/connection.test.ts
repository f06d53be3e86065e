import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { connect, type SendTo, variants } from '../../src/check/connection.ts';
import { listModels, plainChat } from '../../src/check/requests.ts';
import { createClient } from '../../src/gateway/http.ts';
import { serve } from '../gateway/loopback.ts';
import {
  type QuirkyGateway,
  type QuirkyGatewayOptions,
  startQuirkyGateway,
} from '../support/quirky-gateway.ts';

const DEADLINE_MS = 5_000;

const askWith =
  (apiKey: string, deadlineMs = DEADLINE_MS): SendTo =>
  (baseUrl, what) =>
    createClient({ baseUrl, apiKey }).call({
      ...(what === 'models' ? listModels() : plainChat('gpt-4o-mini')),
      deadlineMs,
    });

/** Connect to a gateway by a base URL that a person may have typed. */
async function connectTo(
  options: QuirkyGatewayOptions,
  typed: (gateway: QuirkyGateway) => string = ({ baseUrl }) => baseUrl,
  apiKey?: string,
) {
  const gateway = await startQuirkyGateway(options);
  try {
    const baseUrl = typed(gateway);
    const connection = await connect(baseUrl, askWith(apiKey ?? gateway.apiKey));
    const origin = new RegExp(gateway.origin, 'g');
    /** Everything but the port, which differs from run to run. */
    const told = JSON.parse(JSON.stringify(connection).replace(origin, ''));
    return { connection, told, requests: gateway.requests.map(({ method, path }) => `${method} ${path}`) };
  } finally {
    await gateway.stop();
  }
}

describe('a correct base URL', () => {
  it('is known by one request', async () => {
    const { connection, requests } = await connectTo({});
    expect(connection.kind).toBe('connected');
    expect(requests).toEqual(['GET /v1/models']);
  });

  it.each([
    ['with a slash at its end', (gateway: QuirkyGateway) => `${gateway.baseUrl}/`],
    ['with a query, as some gateways want it', (gateway: QuirkyGateway) => `${gateway.baseUrl}?version=1`],
  ])('may be written %s', async (_, typed) => {
    expect((await connectTo({}, typed)).connection.kind).toBe('connected');
  });

  it('is recognised even if the key is refused', async () => {
    const { connection, requests } = await connectTo({}, undefined, 'sk-wrong-000000000000');
    expect(connection).toMatchObject({ kind: 'connected', list: { status: 401 } });
    expect(requests).toHaveLength(1);
  });

  it('is known by a chat where the model list is missing', async () => {
    const { connection, requests } = await connectTo({ quirks: ['models-missing'] });
    expect(connection).toMatchObject({ kind: 'connected', list: { status: 404 } });
    expect(requests).toEqual(['GET /v1/models', 'POST /v1/chat/completions']);
  });

  it('is known by a list without any model', async () => {
    expect((await connectTo({ quirks: ['models-empty'] })).connection.kind).toBe('connected');
  });
});

describe('a wrong base URL is reported together with the one that works', () => {
  it.each([
    ['/v1', ''],
    ['/v1', '/'],
    ['/v1', '/v1/v1'],
    ['/v1', '/v2'],
    ['/v1', '/v1/chat/completions'],
    ['/v1', '/v1/models'],
    ['/v1', '/v1/responses/'],
    ['/v1', '/v1/embeddings'],
    ['/api/v1', '/v1'],
    ['/api/v1', ''],
    ['/openai/v1', '/v1'],
    ['/team/a/v1', '/team/a'],
    ['/team/a/v1', '/team/a/v1/v1'],
    ['/team/a/v1', '/team/a/v1/chat/completions'],
    ['/openai/deployments', '/openai/deployments/v1'],
    ['', '/v1'],
  ])('the API at "%s", given "%s"', async (basePath, given) => {
    const { told, requests } = await connectTo({ basePath }, ({ origin }) => `${origin}${given}`);
    expect(told).toEqual({ kind: 'wrong-base-url', works: basePath, seen: 'HTTP 404 application/json' });
    expect(requests.length).toBeLessThanOrEqual(8);
  });

  it('even if the key is wrong too', async () => {
    const { told } = await connectTo({}, ({ origin }) => origin, 'sk-wrong-000000000000');
    expect(told).toMatchObject({ kind: 'wrong-base-url', works: '/v1' });
  });
});

describe('a URL without an API', () => {
  it.each([
    ['html-page', 'page', 'HTTP 200 text/html'],
    ['challenge-page', 'page', 'HTTP 403 text/html'],
    ['redirect', 'redirect', 'HTTP 302 text/html'],
  ] as const)('that responds with %s is reported as a %s', async (quirk, found, seen) => {
    const { told } = await connectTo({ quirks: [quirk] });
    expect(told).toMatchObject({ kind: 'no-api', found, seen });
    expect(told.tried).toEqual(['/v1', '', '/api/v1', '/openai/v1']);
  });

  it.each([
    ['JSON of its own', 'application/json', '{"status":"up"}'],
    ['no JSON under the type of JSON', 'application/json', 'up'],
    ['a text', 'text/plain', 'It works!'],
    ['nothing', '', ''],
  ])('that responds with %s is something else', async (_, contentType, body) => {
    const origin = await serve((_request, response) => {
      if (contentType !== '') response.setHeader('content-type', contentType);
      response.end(body);
    });
    const connection = await connect(`${origin}/v1`, askWith('key'));
    const seen = `HTTP 200 ${contentType || 'without a content type'}`;
    expect(connection).toMatchObject({ kind: 'no-api', found: 'something-else', seen });
  });
});

describe('an endpoint that does not respond is unreachable, and nothing else is tried', () => {
  it('because nothing listens there', async () => {
    const gateway = await startQuirkyGateway();
    await gateway.stop();
    const asked: string[] = [];
    const connection = await connect(gateway.baseUrl, (baseUrl, what) => {
      asked.push(what);
      return askWith(gateway.apiKey)(baseUrl, what);
    });
    expect(connection).toMatchObject({
      kind: 'unreachable',
      failure: { layer: 'tcp', code: 'ECONNREFUSED' },
    });
    expect(asked).toEqual(['models']);
  });

  it('because it never responds', async () => {
    const gateway = await startQuirkyGateway({ quirks: ['never-answers'] });
    const connection = await connect(gateway.baseUrl, askWith(gateway.apiKey, 200));
    await gateway.stop();
    expect(connection).toMatchObject({ kind: 'unreachable', failure: { layer: 'deadline' } });
  });
});

describe('the variants of a base URL', () => {
  it.each([
    ['https://a.example/v1', ['', '/api/v1', '/openai/v1']],
    ['https://a.example', ['/v1', '/api/v1', '/openai/v1']],
    ['https://a.example/v1/v1/', ['/v1', '', '/api/v1', '/openai/v1']],
    ['https://a.example/b/v1/chat/completions', ['/b/v1', '/b', '/v1', '/api/v1', '/openai/v1', '']],
  ])('%s come nearest first', (baseUrl, paths) => {
    expect(variants(baseUrl)).toEqual(paths.map((path) => `https://a.example${path}`));
  });

  it('are of the same origin, so that the key goes nowhere else, each once and never the base URL itself', () => {
    const segment = fc.oneof(
      fc.constantFrom('v1', 'chat', 'completions', 'models', 'api', 'openai', ''),
      fc.webSegment(),
    );
    const path = fc
      .array(segment, { maxLength: 5 })
      .map((segments) => segments.map((each) => `/${each}`).join(''));
    fc.assert(
      fc.property(fc.webAuthority(), path, (authority, pathname) => {
        fc.pre(URL.canParse(`https://${authority}${pathname}`));
        const url = new URL(`https://${authority}${pathname}`);
        const found = variants(url.href);
        expect(new Set(found).size).toBe(found.length);
        expect(found).not.toContain(`${url.origin}${url.pathname.replace(/\/+$/, '')}`);
        for (const each of found) expect(new URL(each).origin).toBe(url.origin);
      }),
    );
  });
});
