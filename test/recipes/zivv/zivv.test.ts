import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { checkOnce, EMBEDDER, probeOf, withKey } from '../../check/check-once.ts';
import { recipeConfig } from '../recipe.ts';

const { models, client } = recipeConfig('zivv');
const inUse = models.map(({ name, gateway_name }) => ({ name, gatewayName: gateway_name }));

beforeEach(() => {
  const local = globalThis.fetch;
  vi.stubGlobal('fetch', (input: string | URL, init?: RequestInit) =>
    // The status page has an address of its own.
    new URL(input).hostname === '127.0.0.1' ? local(input, init) : Promise.resolve(Response.json({})),
  );
});
afterEach(() => vi.unstubAllGlobals());

const check = (more: readonly (typeof EMBEDDER)[] = []) =>
  checkOnce({ platform: 'zivv', models: inUse.map(({ gatewayName }) => gatewayName) }, (gateway) => ({
    ...withKey(gateway.apiKey, 'zivv')(gateway),
    models: [...inUse, ...more],
    features: ['streaming'],
  }));

it("is ready with the recipe's models, and shows what is left and what a model costs", async () => {
  const { report } = await check();
  expect(report.verdict).toBe('ready');
  expect(probeOf(report, 'balance.left').summary).toContain('12.40 USD left, key limit 20.00 USD');
  expect(probeOf(report, 'models.hub').evidence[0]).toContain('default: 0.15 in, 0.6 out USD');
});

it('is not ready for an embedding model, which stays on the official API', async () => {
  const { report } = await check([EMBEDDER]);
  expect([report.verdict, report.reasonCode]).toEqual(['not-ready', 'models.available']);
});

it('has a client that gives up before the proxy does', () => {
  expect(client.timeout).toBeLessThan(100_000);
});
