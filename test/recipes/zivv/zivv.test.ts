import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { performObserve } from '../../../src/commands/observe/perform.ts';
import { checkOnce, EMBEDDER, probeOf, withKey } from '../../check/check-once.ts';
import { tree } from '../../support/files.ts';
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

it('shows what each key and member costs, at the prices of both arms', async () => {
  const ts = Math.floor(Date.now() / 60_000) * 60_000 - 2_400_000;
  const recordOf = (arm: 'official' | 'gateway', key: string, member: string) =>
    JSON.stringify({
      ...{ ts, arm, key, member, task: `${arm} ${member}`, attempt: 0, endpoint: '/chat/completions' },
      ...{ model: 'gpt-4o-mini', status: 200, duration_ms: 800, input_tokens: 1_000_000, output_tokens: 0 },
    });
  const records = [recordOf('official', 'team', 'ada'), recordOf('gateway', 'zivv-key', 'ada')];
  const directory = tree({ 'records.jsonl': `${records.join('\n')}\n` });
  const outcome = await performObserve({ since: '1h', stage: '5%' }, recipeConfig('zivv'), {
    directory,
    environment: { MEASURE_JSONL: 'records.jsonl' },
    front: 'command-line',
    isPrivate: true,
    now: Date.now,
    onSecrets: () => undefined,
    onNote: () => undefined,
  });
  if (outcome.kind !== 'observed') throw new Error(outcome.kind);
  const { official, gateway } = outcome.measurement.arms;
  const costs = (arm: typeof official) =>
    [arm?.byKey, arm?.byMember].map((list) => list?.map(({ name, cost }) => [name, cost?.usd]));
  expect(costs(official)).toEqual([[['team', 0.15]], [['ada', 0.15]]]);
  expect(costs(gateway)).toEqual([[['zivv-key', 0.15]], [['ada', 0.15]]]);
});
