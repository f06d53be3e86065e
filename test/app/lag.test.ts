/** GitHub answers reads from copies that lag behind, or is in trouble for a while. */
import { expect, it } from 'vitest';
import { MINUTE, startScenario } from './rollout-scenario.ts';

const CONFIG = `gateway: { base_url: https://gateway.example/v1 }
models: [gpt-4o-mini]
traffic: [{ file: { path: flags.json, set: { /share: share } } }]
rollout: { stages: [5%, 100%], gates: { default: { manual: true, min_duration: 0s, min_tasks: 0, metrics: {} } } }
`;

async function started() {
  const scenario = await startScenario({ app: { retries: 0 } });
  await scenario.github.pushes({ 'flags.json': '{ "share": 0 }\n' });
  await scenario.pushesConfig(CONFIG);
  expect(await scenario.github.file('flags.json')).toContain('5');
  return scenario;
}

it('a rollback is written although GitHub still shows the file from before the traffic was raised', async () => {
  const scenario = await startScenario({ app: { retries: 0 } });
  const { github } = scenario;
  await github.pushes({ 'flags.json': '{ "share": 0 }\n' });
  let older = 0;
  github.lag.which = ({ path }) => (path.includes('flags.json') && older-- > 0 ? 'older' : 'newest');
  await scenario.pushesConfig(CONFIG);
  expect(await github.file('flags.json')).toContain('5');
  older = 2;
  await scenario.says('alice', '/rollback-rollout');
  expect(await github.file('flags.json')).toContain('0');
});

it('a webhook that GitHub keeps from being handled is a warning, and the next tick makes it good', async () => {
  const scenario = await started();
  scenario.github.fails({ kind: 'bad_gateway', method: 'GET', path: /\/permission$/ });
  await scenario.says('alice', '/pause-rollout');
  const failures = scenario.app().logged.filter(({ msg }) => msg === 'a webhook was not handled completely');
  expect(failures.map(({ level }) => level)).toEqual([40]);
  await scenario.passes(5 * MINUTE);
  expect(await scenario.headline()).toContain('Paused');
});

it('reactions that GitHub does not take are tried once in a while, not at every event', async () => {
  const scenario = await started();
  const { github } = scenario;
  github.fails({ kind: 'bad_gateway', method: 'POST', path: /\/reactions$/, times: 1_000 });
  for (const text of ['/pause-rollout', '/resume-rollout', '/rollout-status'])
    await scenario.says('alice', text);
  github.forgetRequests();
  await scenario.passes(5 * MINUTE);
  const tried = github.requests().filter(({ route }) => route.endsWith('/reactions'));
  expect(tried.length).toBeLessThanOrEqual(3);
});
