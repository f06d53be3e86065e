import dns from 'node:dns';
import { afterEach, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { createForwarder } from '../../src/gateway/forward.ts';
import { createClient } from '../../src/gateway/http.ts';
import { createSourceClient } from '../../src/measure/fetch-source.ts';
import { sendJson, serve } from './loopback.ts';

afterEach(() => vi.restoreAllMocks());

/** All names resolve to these addresses. */
function resolveTo(...addresses: readonly string[]): void {
  const found = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  const lookup = (_name: string, { all }: dns.LookupOptions, done: (...results: unknown[]) => void) => {
    process.nextTick(done, null, ...(all ? [found] : [found[0]?.address, found[0]?.family]));
  };
  vi.spyOn(dns, 'lookup').mockImplementation(lookup as unknown as typeof dns.lookup);
}

test.each([
  [['169.254.169.254']],
  [['127.0.0.1', '169.254.169.254']],
  [['fe80::1', '127.0.0.1']],
  [['::ffff:a9fe:a9fe']],
])('a name that resolves to %s gets neither a request nor a key', async (addresses) => {
  let requests = 0;
  const origin = await serve((_, response) => {
    requests += 1;
    sendJson(response, 200, {});
  });
  const { port } = new URL(origin);
  resolveTo(...addresses);
  const access = { baseUrl: `http://gateway.example:${port}/v1`, apiKey: 'sk-real-0123456789', headers: {} };
  const called = await createClient(access).call({ method: 'GET', path: '/models', deadlineMs: 1_000 });
  expect(called).toMatchObject({
    kind: 'no-response',
    layer: 'dns',
    message: expect.stringContaining('resolves to a link-local or cloud metadata address'),
  });
  const forwarder = createForwarder(access);
  const call = { method: 'GET', path: '/v1/models', rawHeaders: [], body: Buffer.alloc(0) };
  await expect(forwarder.send(call, AbortSignal.timeout(1_000))).rejects.toThrow('link-local');
  forwarder.close();
  const source = createSourceClient('Prometheus', {
    baseUrl: `http://prometheus.example:${port}`,
    auth: { kind: 'bearer', token: 'secret-token' },
    patience: { attempts: 1 },
  });
  expect(await source.read({ path: '/api' }, z.unknown(), 'JSON')).toMatchObject({ kind: 'error' });
  expect(requests).toBe(0);
});

test('a name that resolves to this machine is asked', async () => {
  const origin = await serve((_, response) => sendJson(response, 200, { data: [] }));
  resolveTo('127.0.0.1');
  const baseUrl = `http://gateway.example:${new URL(origin).port}/v1`;
  const called = await createClient({ baseUrl, apiKey: 'k' }).call({
    method: 'GET',
    path: '/models',
    deadlineMs: 1_000,
  });
  expect(called).toMatchObject({ kind: 'response', status: 200 });
});
