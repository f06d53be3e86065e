import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createSourceClient, type SourceAuth, type SourceRequest } from '../../src/measure/fetch-source.ts';
import type { Patience } from '../../src/measure/patience.ts';
import { closedPort, sendJson, serve } from '../gateway/loopback.ts';

const TOKEN = 'glsa_AbCdEfGh1234567890';
const QUICK: Partial<Patience> = { firstPauseMs: 1, deadlineMs: 5_000 };

interface More {
  readonly auth?: SourceAuth;
  readonly patience?: Partial<Patience>;
  readonly signal?: AbortSignal;
}

function clientFor(baseUrl: string, { auth, patience, signal }: More = {}) {
  const endpoint = {
    baseUrl,
    auth: auth ?? { kind: 'bearer' as const, token: TOKEN },
    patience: { ...QUICK, ...patience },
  };
  const client = createSourceClient('Prometheus', endpoint, signal);
  return { ask: (request: SourceRequest) => client.read(request, z.unknown(), 'JSON') };
}

describe('requests to a source', () => {
  it('retries when the server asked for it, and no sooner', async () => {
    const times: number[] = [];
    const origin = await serve((_, response) => {
      times.push(performance.now());
      if (times.length > 1) return sendJson(response, 200, { ok: true });
      sendJson(response, 503, { error: 'starting' }, { 'retry-after': '1' });
    });
    expect(await clientFor(origin).ask({ path: '/x' })).toEqual({ kind: 'read', value: { ok: true } });
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(950);
  });

  it('gives up if the wait is too long, and reports how long it would have been', async () => {
    let asked = 0;
    const origin = await serve((_, response) => {
      asked++;
      const later = new Date(Date.now() + 3_600_000).toUTCString();
      sendJson(response, 429, { error: 'slow down' }, { 'retry-after': later });
    });
    const answer = await clientFor(origin).ask({ path: '/x' });
    expect(answer).toMatchObject({ kind: 'error', reasonCode: 'rate_limited' });
    expect(answer.kind === 'error' && answer.retryAfterMs).toBeGreaterThan(3_500_000);
    expect(asked).toBe(1);
  });

  it('gives up after four attempts on a server that keeps failing', async () => {
    let asked = 0;
    const origin = await serve((_, response) => {
      asked++;
      sendJson(response, 502, { error: 'bad gateway' });
    });
    expect(await clientFor(origin).ask({ path: '/api/v1/query' })).toEqual({
      kind: 'error',
      reasonCode: 'server_error',
      reason:
        'Prometheus returned status 502 for /api/v1/query (4 attempts): bad gateway. Wait, or contact its operator.',
    });
    expect(asked).toBe(4);
  });

  it('gives up on a server that accepts the request and never responds', async () => {
    const origin = await serve(() => {});
    const answer = await clientFor(origin, { patience: { deadlineMs: 50, attempts: 2 } }).ask({ path: '/x' });
    expect(answer).toMatchObject({ kind: 'error', reasonCode: 'no_answer' });
    expect(answer.kind === 'error' && answer.reason).toContain('(2 attempts)');
  });

  it('reports that nothing listens there', async () => {
    const answer = await clientFor(`http://127.0.0.1:${await closedPort()}`).ask({ path: '/x' });
    expect(answer).toMatchObject({ kind: 'error', reasonCode: 'no_answer' });
    expect(answer.kind === 'error' && answer.reason).toContain('refuses connections');
  });

  it('does not retry a refusal, and removes the token from what the server echoes', async () => {
    let asked = 0;
    const origin = await serve((request, response) => {
      asked++;
      sendJson(response, 401, { error: `no such token: ${request.headers.authorization}` });
    });
    const answer = await clientFor(origin).ask({ path: '/x' });
    expect(answer).toMatchObject({ kind: 'error', reasonCode: 'unauthorized' });
    expect(JSON.stringify(answer)).not.toMatch(/AbCdEfGh|34567890/);
    expect(asked).toBe(1);
  });

  it.each([
    [
      'as settings',
      (origin: string) => origin,
      { kind: 'basic', user: 'ada', password: 'p:ss wörd' } as const,
    ],
    [
      'in the address',
      (origin: string) => origin.replace('://', `://ada:${encodeURIComponent('p:ss wörd')}@`),
      { kind: 'none' } as const,
    ],
  ])('sends a user and a password given %s, and never shows them', async (_, address, auth) => {
    const origin = await serve((request, response) =>
      sendJson(response, 403, { error: `you are ${request.headers.authorization}, p:ss wörd` }),
    );
    const answer = await clientFor(address(origin), { auth }).ask({ path: '/x' });
    expect(answer.kind === 'error' && answer.reason).toContain('you are Basic ***');
    const secret = Buffer.from('ada:p:ss wörd').toString('base64');
    expect(JSON.stringify(answer)).not.toContain('p:ss');
    expect(JSON.stringify(answer)).not.toContain(secret.slice(0, 12));
  });

  it('does not follow a redirect with the token', async () => {
    const seen: string[] = [];
    const elsewhere = await serve((request, response) => {
      seen.push(request.headers.authorization ?? '');
      sendJson(response, 200, {});
    });
    const origin = await serve((_, response) => response.writeHead(302, { location: elsewhere }).end());
    expect(await clientFor(origin).ask({ path: '/x' })).toMatchObject({
      kind: 'error',
      reasonCode: 'unreadable_answer',
    });
    expect(seen).toEqual([]);
  });

  it('does not read an endless body', async () => {
    const origin = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write(`["${'x'.repeat(3 * 1024 * 1024)}`);
      response.end('"]');
    });
    const patience = { bodyLimitBytes: 2 * 1024 * 1024 };
    const answer = await clientFor(origin, { patience }).ask({ path: '/x' });
    expect(answer.kind === 'error' && answer.reason).toContain('larger than 2 MiB');
  });

  it('ends at once when it is aborted', async () => {
    const abort = new AbortController();
    const origin = await serve((_, response) => {
      sendJson(response, 503, {}, { 'retry-after': '30' });
      abort.abort();
    });
    const answer = await clientFor(origin, { signal: abort.signal }).ask({ path: '/x' });
    expect(answer.kind).toBe('error');
  });

  it('keeps a path and a query of the URL', async () => {
    const seen: string[] = [];
    const origin = await serve((request, response) => {
      seen.push(request.url ?? '');
      sendJson(response, 200, {});
    });
    await clientFor(`${origin}/prometheus/?tenant=a`).ask({
      path: '/api/v1/query',
      query: [
        ['x[]', 1],
        ['x[]', 2],
      ],
    });
    expect(seen).toEqual(['/prometheus/api/v1/query?tenant=a&x%5B%5D=1&x%5B%5D=2']);
  });
});
