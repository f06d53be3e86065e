/** The App starts the workflow that measures when a window is due: GitHub delays and drops scheduled runs. */
import { expect, it } from 'vitest';
import { readManifest } from '../support/github/manifest.ts';
import { HOUR, MINUTE, type Scenario, type ScenarioOptions, startScenario } from './rollout-scenario.ts';

const FILE = 'gateway-observe.yml';
const CONFIG = `gateway: { base_url: https://gateway.example/v1 }
models: [gpt-4o-mini]
measure: { source: prometheus, workflow: ${FILE}, interval: 15m }
traffic: [{ variable: { name: GATEWAY_SHARE } }]
rollout: { stages: [5%, 100%] }
`;
const WORKFLOW = `.github/workflows/${FILE}`;

async function begun(
  on = '{ schedule: [{ cron: "*/15 * * * *" }], workflow_dispatch: }',
  options: ScenarioOptions = {},
): Promise<Scenario> {
  const scenario = await startScenario(options);
  await scenario.github.pushes({ [WORKFLOW]: `on: ${on}\n` }, { by: 'alice' });
  await scenario.pushesConfig(CONFIG);
  return scenario;
}

const started = ({ github }: Scenario) => github.startedRuns().filter(({ file }) => file === FILE);

it('once a window, as soon as its data is complete, also by a new process', async () => {
  const scenario = await begun();
  await scenario.passes(16 * MINUTE);
  expect(started(scenario)).toEqual([]);
  await scenario.passes(2 * MINUTE);
  expect(started(scenario)).toMatchObject([{ by: 'gateway-rollout[bot]', inputs: {}, conclusion: null }]);
  await scenario.passes(5 * MINUTE);
  await scenario.restarts();
  await scenario.passes(5 * MINUTE);
  expect(started(scenario)).toHaveLength(1);
  await scenario.observesFor(15 * MINUTE, '5%', 5);
  await scenario.passes(16 * MINUTE);
  expect(started(scenario)).toHaveLength(1);
  await scenario.passes(MINUTE);
  expect(started(scenario)).toHaveLength(2);
});

it('not while the schedule does, and again after a run that failed', async () => {
  const scenario = await begun();
  await scenario.passes(10 * MINUTE);
  await scenario.github.runFinished(FILE, { event: 'schedule', conclusion: 'failure' });
  await scenario.passes(10 * MINUTE);
  expect(started(scenario)).toEqual([]);
  await scenario.passes(5 * MINUTE);
  expect(started(scenario)).toHaveLength(1);
});

it('not where traffic was taken back', async () => {
  const scenario = await begun();
  await scenario.says('alice', '/rollback-rollout');
  await scenario.passes(HOUR);
  expect(started(scenario)).toEqual([]);
});

it('says once that it cannot, and measures by the schedule alone until it can', async () => {
  const scenario = await begun('{ schedule: [{ cron: "*/15 * * * *" }] }');
  await scenario.passes(20 * MINUTE);
  await scenario.passes(20 * MINUTE);
  const said = (await scenario.replies()).filter((reply) => reply.includes('could not start'));
  expect(said).toHaveLength(1);
  expect(said[0]).toContain(`${FILE}: `);
  await scenario.github.pushes({ [WORKFLOW]: 'on: { workflow_dispatch: }\n' }, { by: 'alice' });
  await scenario.passes(20 * MINUTE);
  expect(started(scenario)).toHaveLength(1);
  expect(await scenario.lastReply()).toContain('Resolved');
});

it('without the permission it asks for it, and sends nothing', async () => {
  const permissions = { ...readManifest().permissions, actions: 'read' } as const;
  const scenario = await begun(undefined, { permissions });
  await scenario.passes(20 * MINUTE);
  expect(await scenario.body()).toContain('actions: write (for starting the measurements)');
  expect(scenario.github.requests().filter(({ path }) => path.endsWith('/dispatches'))).toEqual([]);
});
