/** A rollout whose target is a workflow of the team. */
import { expect, it } from 'vitest';
import { readManifest } from '../support/github/manifest.ts';
import { MINUTE, type Scenario, type ScenarioOptions, startScenario } from './rollout-scenario.ts';

const FILE = 'gateway-traffic.yml';
const CONFIG = `gateway: { base_url: https://gateway.example/v1 }
models: [gpt-4o-mini]
traffic: [{ workflow: { file: ${FILE}, timeout: 10m } }]
rollout: { stages: [local, 5%, 50%, 100%], gates: { default: { manual: true }, local: { manual: true } } }
`;
const READ_ONLY = { ...readManifest().permissions, actions: 'read' } as const;

async function started(options: ScenarioOptions = {}) {
  const scenario = await startScenario(options);
  await scenario.github.pushes({
    [`.github/workflows/${FILE}`]: 'on: { workflow_dispatch: { inputs: { share: , payload: } } }\n',
  });
  await scenario.pushesConfig(CONFIG);
  return scenario;
}

/** The newest run ends. */
async function ends(scenario: Scenario, conclusion: 'success' | 'failure' = 'success'): Promise<void> {
  const { github } = scenario;
  await github.runFinished(FILE, { run: github.startedRuns().at(-1)?.id ?? 0, conclusion });
  await scenario.settled();
}

const sharesOf = ({ github }: Scenario) => github.startedRuns().map(({ inputs }) => inputs.share);

it('starts a run for each stage, and one that failed pauses the rollout until it is written again', async () => {
  const scenario = await started();
  await scenario.says('alice', '/advance-rollout');
  expect(await scenario.headline()).toContain('**local**');
  await ends(scenario);
  await scenario.says('alice', '/advance-rollout');
  expect(await scenario.headline()).toContain('**5%**');
  await ends(scenario, 'failure');
  expect(await scenario.headline()).toContain('Paused');
  expect(await scenario.lastReply()).toContain('ended with failure');
  await scenario.says('alice', '/resume-rollout');
  expect(sharesOf(scenario)).toEqual(['0', '5', '5']);
  await ends(scenario);
  expect(await scenario.body()).not.toContain('Not verified yet');
});

it('continues in a new process, which learns of the end by its webhook or by a tick', async () => {
  const scenario = await started();
  await scenario.restarts();
  await ends(scenario);
  await scenario.says('alice', '/advance-rollout');
  await scenario.restarts();
  scenario.github.nextDelivery('lost', ({ event }) => event === 'workflow_run');
  await ends(scenario);
  expect(await scenario.body()).toContain('Not verified yet');
  await scenario.tick();
  expect(await scenario.body()).not.toContain('Not verified yet');
});

it('takes traffic back at once while an earlier run continues', async () => {
  const scenario = await started();
  await ends(scenario);
  await scenario.says('alice', '/advance-rollout');
  await scenario.says('alice', '/rollback-rollout');
  expect(sharesOf(scenario)).toEqual(['0', '5', '0']);
  const [, raise] = scenario.github.startedRuns();
  await scenario.github.runFinished(FILE, { run: raise?.id ?? 0, conclusion: 'cancelled' });
  await scenario.settled();
  await ends(scenario);
  expect(await scenario.headline()).toContain('Rolled back');
});

it('pauses after the timeout', async () => {
  const scenario = await started();
  await ends(scenario);
  await scenario.says('alice', '/advance-rollout');
  await scenario.passes(11 * MINUTE);
  expect(await scenario.headline()).toContain('Paused');
  expect(await scenario.lastReply()).toContain('did not end within 10 minutes');
});

it('waits for the run whose start was answered, after a response that was lost', async () => {
  const scenario = await started({ app: { retries: 0 } });
  const { github } = scenario;
  await ends(scenario);
  github.fails({
    kind: 'reset',
    when: 'after',
    method: 'POST',
    path: /\/actions\/workflows\/.*\/dispatches$/,
  });
  await scenario.says('alice', '/advance-rollout');
  expect(sharesOf(scenario)).toEqual(['0', '5']);
  await scenario.passes(MINUTE);
  expect(sharesOf(scenario)).toEqual(['0', '5', '5']);
  expect(await scenario.body()).toContain('Not verified yet');
  await ends(scenario);
  expect(await scenario.body()).not.toContain('Not verified yet');
});

it('does not wait on a server that names no run, and says so once', async () => {
  const scenario = await startScenario();
  scenario.github.runDetails('refused');
  await scenario.github.pushes({
    [`.github/workflows/${FILE}`]: 'on: { workflow_dispatch: { inputs: { share: , payload: } } }\n',
  });
  await scenario.pushesConfig(CONFIG);
  await scenario.tick();
  await scenario.says('alice', '/advance-rollout');
  await scenario.tick();
  expect(sharesOf(scenario)).toEqual(['0', '5']);
  const said = (await scenario.replies()).filter((reply) => reply.includes('does not say which run'));
  expect(said).toHaveLength(1);
});

it('blocks the start without the permission', async () => {
  const scenario = await started({ permissions: READ_ONLY });
  expect(await scenario.headline()).toContain('Paused');
  expect((await scenario.replies()).join('\n')).toContain('actions: write');
  await scenario.tick();
  expect(await scenario.body()).toContain('Missing: actions: write (for the workflow target).');
});

it('holds when somebody else runs the workflow', async () => {
  const scenario = await started();
  await ends(scenario);
  await scenario.says('alice', '/advance-rollout');
  await ends(scenario);
  await scenario.passes(MINUTE);
  await scenario.github.runFinished(FILE, { event: 'workflow_dispatch', by: 'bob' });
  await scenario.tick();
  expect(await scenario.headline()).toContain('Paused');
  expect(await scenario.lastReply()).toContain('a later run, started by bob');
});
