import { expect, it } from 'vitest';
import { DAY, MINUTE, type Scenario, startScenario } from './rollout-scenario.ts';

const CONFIG = `gateway: { base_url: https://gateway.example/v1 }
models: [gpt-4o-mini]
traffic: [{ variable: { name: GATEWAY_SHARE } }]
rollout: { stages: [5%, 100%], gates: { 5%: { manual: true } } }
`;
const BROKEN = CONFIG.replace('models', 'modles');
const PATH = '.github/gateway-rollout.yml';

async function started(config = CONFIG): Promise<Scenario> {
  const scenario = await startScenario();
  await scenario.pushesConfig(config);
  return scenario;
}

it('opens no issue for a config that is invalid from the start, and marks the commit', async () => {
  const scenario = await started(BROKEN);
  const { github } = scenario;
  expect(await github.issues()).toEqual([]);
  expect(await github.checks('main')).toMatchObject([
    {
      name: 'gateway-rollout',
      conclusion: 'failure',
      title: expect.stringContaining('No rollout was started'),
    },
  ]);
  await scenario.pushesConfig(CONFIG);
  expect(await scenario.headline()).toContain(': **5%**');
});

it('reports an invalid config once, stops advancing, and still rolls back', async () => {
  const scenario = await started();
  const before = (await scenario.replies()).length;
  await scenario.pushesConfig(BROKEN);
  await scenario.passes(5 * MINUTE);
  const said = (await scenario.replies()).slice(before);
  expect(said).toHaveLength(1);
  expect(said[0]).toContain('did you mean');
  await scenario.says('alice', '/advance-rollout');
  expect(await scenario.headline()).toContain('**5%**');
  await scenario.says('alice', '/rollback-rollout');
  expect(scenario.github.variable('GATEWAY_SHARE')).toBe('0');
});

it('continues when the config is fixed', async () => {
  const scenario = await started();
  await scenario.pushesConfig(BROKEN);
  await scenario.pushesConfig(CONFIG);
  await scenario.says('alice', '/advance-rollout');
  expect(await scenario.headline()).toContain(': **100%**');
});

it('keeps the last valid config when the file is deleted or names another rollout', async () => {
  const scenario = await started();
  await scenario.pushesConfig(`name: other\n${CONFIG}`);
  expect(await scenario.lastReply()).toMatch(/shop.*other/);
  expect(await scenario.github.issues()).toHaveLength(1);
  await scenario.github.pushes({ [PATH]: null }, { by: 'alice' });
  await scenario.settled();
  expect(await scenario.lastReply()).toContain('deleted');
  await scenario.says('alice', '/rollback-rollout');
  expect(scenario.github.variable('GATEWAY_SHARE')).toBe('0');
});

it('applies a changed config, even if its webhook was lost', async () => {
  const scenario = await started();
  scenario.github.nextDelivery('lost', ({ event }) => event === 'push');
  await scenario.pushesConfig(CONFIG.replace('[5%, 100%]', '[5%, 50%, 100%]'));
  expect(await scenario.body()).not.toContain('stage=50%25');
  await scenario.tick();
  expect(await scenario.body()).toContain('stage=50%25');
});

it('applies a config that is changed and changed back', async () => {
  const scenario = await started();
  const other = CONFIG.replace('gateway.example', 'other.example');
  for (const [config, host] of [
    [other, 'other.example'],
    [CONFIG, 'gateway.example'],
    [other, 'other.example'],
  ] as const) {
    await scenario.pushesConfig(config);
    expect(await scenario.github.file('state.json', 'gateway-rollout/shop')).toContain(`https://${host}/v1`);
  }
});

it('restarts a finished rollout only by a command', async () => {
  const scenario = await started();
  await scenario.says('mara', '/abort-rollout');
  await scenario.pushesConfig(`${CONFIG}# again\n`);
  await scenario.passes(DAY);
  expect(await scenario.github.issues()).toHaveLength(1);
  const issue = await scenario.github.person('alice').opens('Once more');
  await scenario.says('alice', '/start-rollout', issue);
  expect((await scenario.github.issues()).map(({ title }) => title)).toEqual([
    'Gateway rollout: shop',
    'Once more',
    'Gateway rollout: shop',
  ]);
  expect(await scenario.headline(3)).toContain(': **5%**');
});

it('runs one rollout for each config of a repository', async () => {
  const scenario = await startScenario();
  await scenario.pushesConfig(CONFIG, '.github/gateway-rollout/assistant.yml');
  await scenario.pushesConfig(
    CONFIG.replace('GATEWAY_SHARE', 'SEARCH_SHARE'),
    '.github/gateway-rollout/search.yml',
  );
  expect((await scenario.github.issues()).map(({ title }) => title)).toEqual([
    'Gateway rollout: assistant',
    'Gateway rollout: search',
  ]);
  await scenario.says('alice', '/advance-rollout', 2);
  expect(scenario.github.variable('GATEWAY_SHARE')).toBe('5');
  expect(scenario.github.variable('SEARCH_SHARE')).toBe('100');
});

it('refuses to start while the policy forbids it, and starts when the code is fixed', async () => {
  const scenario = await startScenario();
  await scenario.github.pushes({
    'src/assistant.py':
      'from openai import OpenAI\nclient = OpenAI()\nclient.beta.assistants.create(model="gpt-4o-mini")\n',
  });
  await scenario.pushesConfig(CONFIG);
  expect(await scenario.lastReply()).toContain('src/assistant.py:3');
  expect(scenario.github.variable('GATEWAY_SHARE')).toBeNull();
  await scenario.github.pushes({ 'src/assistant.py': null });
  await scenario.passes(5 * MINUTE);
  expect(scenario.github.variable('GATEWAY_SHARE')).toBe('5');
});

it('refuses to start under a contract with the provider', async () => {
  const scenario = await started(`${CONFIG}policy: { compliance_contract: true }\n`);
  expect(await scenario.lastReply()).toContain('contract');
  expect(scenario.github.variable('GATEWAY_SHARE')).toBeNull();
});
