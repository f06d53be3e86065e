import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { HOUR, type Scenario, startScenario } from './rollout-scenario.ts';

const KEY = 'sk-a-key-that-nobody-may-see';

/** A platform of the kind New API, and what it was asked with. */
async function startPlatform() {
  const platform = { quota: 5_000_000, keys: new Set<string>(), url: '' };
  const server = createServer((request, response) => {
    platform.keys.add(request.headers.authorization ?? '');
    const data =
      request.url === '/api/usage/token/'
        ? { total_available: platform.quota, total_granted: 5_000_000, unlimited_quota: false }
        : [];
    response
      .writeHead(200, { 'content-type': 'application/json', 'x-new-api-version': 'v1' })
      .end(JSON.stringify({ object: 'list', data }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  platform.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  return platform;
}

const configOf = (url: string) => `gateway: { base_url: "${url}", profile: new-api }
models: [gpt-4o-mini]
measure: { source: prometheus, workflow: gateway-observe.yml, interval: 12h }
traffic: [{ variable: { name: GATEWAY_SHARE } }]
rollout:
  stages: [local, 5%, 100%]
  gates:
    local: { manual: true }
    default: { min_tasks: 1, min_duration: 1h, metrics: { success_rate: { min: 50% }, latency_p95: { max: 30s } } }
`;

const stateOf = async (scenario: Scenario) => {
  const replies = await scenario.replies();
  return {
    share: scenario.github.variable('GATEWAY_SHARE'),
    warnings: replies.filter((reply) => reply.includes('will not last the stage')),
  };
};

/** At `local`, with what the operator may have set. */
async function atLocal(base: string, environment: Readonly<Record<string, string>>): Promise<Scenario> {
  const scenario = await startScenario({ app: { environment } });
  await scenario.pushesConfig(configOf(base));
  return scenario;
}

describe('before the share goes up', () => {
  it('warns if no balance is left, and still raises the share', async () => {
    const platform = await startPlatform();
    platform.quota = 0;
    const environment = { GATEWAY_BASE_URL: `${platform.url}/`, GATEWAY_API_KEY: KEY };
    const scenario = await atLocal(platform.url, environment);
    await scenario.says('alice', '/advance-rollout');
    const state = await stateOf(scenario);
    expect(state).toMatchObject({
      share: '5',
      warnings: [expect.stringContaining('0 quota left on this key')],
    });
    expect([...platform.keys]).toEqual([`Bearer ${KEY}`]);
    expect(JSON.stringify([scenario.app().logged, await scenario.body(), state])).not.toContain(KEY);
  });

  it('warns if the balance is less than the stage will spend, and reports when it is enough again', async () => {
    const platform = await startPlatform();
    const environment = { GATEWAY_BASE_URL: platform.url, GATEWAY_API_KEY: KEY };
    const scenario = await atLocal(platform.url, environment);
    await scenario.says('alice', '/advance-rollout');
    expect(await stateOf(scenario)).toEqual({ share: '5', warnings: [] });
    // 6,000 tasks an hour at a tenth of a cent are 6 USD, and 2,500,000 quota are 5.
    platform.quota = 2_500_000;
    await scenario.observesFor(3 * HOUR, '5%', 5);
    const { share, warnings } = await stateOf(scenario);
    expect(share).toBe('100');
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('stage 100% will spend about 6.00 USD before its gate can be met');
    platform.quota = 500_000_000;
    await scenario.says('alice', '/rollback-rollout');
    await scenario.says('alice', '/retry-rollout');
    expect(await scenario.replies()).toContainEqual(expect.stringContaining('Resolved'));
  });

  it('never sends the key to an address that only the config names', async () => {
    const platform = await startPlatform();
    const environment = { GATEWAY_BASE_URL: 'https://gateway.example/v1', GATEWAY_API_KEY: KEY };
    const scenario = await atLocal(platform.url, environment);
    await scenario.says('alice', '/advance-rollout');
    expect(await stateOf(scenario)).toEqual({ share: '5', warnings: [] });
    expect(platform.keys.size).toBe(0);
  });

  it('does not wait for a gateway that is down', async () => {
    const base = 'http://127.0.0.1:1/v1';
    const scenario = await atLocal(base, { GATEWAY_BASE_URL: base, GATEWAY_API_KEY: KEY });
    await scenario.says('alice', '/advance-rollout');
    expect(await stateOf(scenario)).toEqual({ share: '5', warnings: [] });
  });
});
