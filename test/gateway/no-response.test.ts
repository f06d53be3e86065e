import { describe, expect, it } from 'vitest';
import { createClient } from '../../src/gateway/http.ts';
import { expiredCertificate, selfSignedCertificate } from '../support/certificates.ts';
import { get, KEY, LIST_MODELS, noResponseOf } from './exchanges.ts';
import { closedPort, sendJson, serve, serveHangUp, serveTls } from './loopback.ts';

describe('requests without a response', () => {
  it('at a closed port: tcp', async () => {
    const port = await closedPort();
    expect(noResponseOf(await get(`http://127.0.0.1:${port}`))).toMatchObject({
      layer: 'tcp',
      code: 'ECONNREFUSED',
      message: `127.0.0.1:${port} refuses connections: nothing listens there, or a firewall rejects them; check the port (ECONNREFUSED).`,
    });
  });

  it('at a self-signed certificate: tls', async () => {
    const exchange = noResponseOf(await get(await serveTls(await selfSignedCertificate())));
    expect(exchange).toMatchObject({ layer: 'tls', code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
    expect(exchange.message).toContain('self-signed certificate');
  });

  it('at an expired certificate: tls', async () => {
    const exchange = noResponseOf(await get(await serveTls(await expiredCertificate())));
    expect(exchange.layer).toBe('tls');
  });

  it('at a port that speaks plain HTTP: tls', async () => {
    const origin = await serve((_, response) => sendJson(response, 200, {}));
    const exchange = noResponseOf(await get(origin.replace('http:', 'https:')));
    expect(exchange.layer).toBe('tls');
    expect(exchange.message).toMatch(/TLS/);
  });

  it('at a server that hangs up: http', async () => {
    expect(noResponseOf(await get(await serveHangUp())).layer).toBe('http');
  });

  it('at a body that breaks off: http', async () => {
    const origin = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
      response.write('{"data":', () => setImmediate(() => response.destroy()));
    });
    expect(noResponseOf(await get(origin)).layer).toBe('http');
  });

  it('at the deadline, with what had arrived', async () => {
    const silent = await serve(() => {});
    const stalling = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{');
    });
    const [first, second] = await Promise.all([get(silent, 150), get(stalling, 150)]);
    expect(noResponseOf(first)).toMatchObject({ layer: 'deadline', code: 'DEADLINE' });
    expect(noResponseOf(first).message).toMatch(/sent no response within 0\.15 s\.$/);
    expect(noResponseOf(second).message).toMatch(
      /started a response with status 200 but did not finish it within 0\.15 s\.$/,
    );
    expect(noResponseOf(first).durationMs).toBeGreaterThanOrEqual(140);
  });

  it.each([
    ['ENOTFOUND', 'dns'],
    ['EAI_AGAIN', 'dns'],
    ['EHOSTUNREACH', 'tcp'],
    ['ETIMEDOUT', 'tcp'],
    ['UND_ERR_CONNECT_TIMEOUT', 'tcp'],
    ['CERT_HAS_EXPIRED', 'tls'],
    ['CERT_REVOKED', 'tls'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls'],
    ['EPROTO', 'tls'],
    ['ECONNRESET', 'http'],
    ['UND_ERR_SOCKET', 'http'],
    ['HPE_INVALID_CONSTANT', 'http'],
    ['Z_DATA_ERROR', 'http'],
    ['UND_ERR_HEADERS_TIMEOUT', 'deadline'],
    ['E_NEVER_SEEN', 'http'],
  ])('with %s: %s', async (code, layer) => {
    const cause = Object.assign(new Error('cause'), { code });
    const aggregate = new AggregateError([cause]);
    const client = createClient({
      baseUrl: 'https://gateway.test/v1',
      apiKey: KEY,
      fetch: () => Promise.reject(new TypeError('fetch failed', { cause: aggregate })),
    });
    const exchange = noResponseOf(await client.call(LIST_MODELS));
    expect(exchange).toMatchObject({ layer, code });
    expect(exchange.message).toMatch(new RegExp(`^gateway\\.test:443 .+ \\(${code}\\)\\.$`));
  });

  it('in the handshake, though the code is that of a reset: tls', async () => {
    const message = 'Client network socket disconnected before secure TLS connection was established';
    const cause = Object.assign(new Error(message), { code: 'ECONNRESET' });
    const client = createClient({
      baseUrl: 'https://gateway.test',
      apiKey: KEY,
      fetch: () => Promise.reject(new TypeError('fetch failed', { cause })),
    });
    expect(noResponseOf(await client.call(LIST_MODELS)).layer).toBe('tls');
  });

  it('at a port that HTTP clients refuse to call: tcp', async () => {
    const client = createClient({ baseUrl: 'http://127.0.0.1:9/v1', apiKey: null });
    expect(await client.call({ method: 'GET', path: '/models', deadlineMs: 1_000 })).toMatchObject({
      kind: 'no-response',
      layer: 'tcp',
      code: 'BAD_PORT',
    });
  });
});
