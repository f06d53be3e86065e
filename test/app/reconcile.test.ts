import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE, type Scenario, startScenario } from './rollout-scenario.ts';

const CONFIG = `gateway: { base_url: https://gateway.example/v1 }
models: [gpt-4o-mini]
measure: { source: prometheus, workflow: gateway-observe.yml, interval: 1h }
traffic:
  - file: { path: flags.json, set: { /share: share } }
  - variable: { name: GATEWAY_SHARE }
rollout: { stages: [local, 5%, 100%], gates: { local: { workflows: [check.yml] } } }
`;

async function started(): Promise<Scenario> {
  const scenario = await startScenario();
  await begin(scenario);
  return scenario;
}

async function inProduction(): Promise<Scenario> {
  const scenario = await startScenario();
  await goToProduction(scenario);
  return scenario;
}

async function begin(scenario: Scenario): Promise<void> {
  await scenario.github.pushes({ 'flags.json': '{ "share": 0 }\n' });
  await scenario.pushesConfig(CONFIG);
}

/** To 5 %, the workflow of `local` being green. */
async function goToProduction(scenario: Scenario): Promise<void> {
  await begin(scenario);
  await scenario.github.runFinished('check.yml');
  await scenario.settled();
  await scenario.says('alice', '/advance-rollout');
  expect(await scenario.headline()).toContain(': **5%**');
}

function loses(scenario: Scenario, event: string): void {
  scenario.github.nextDelivery('lost', (delivery) => delivery.event === event);
}

const shareOf = async ({ github }: Scenario) => JSON.parse((await github.file('flags.json')) ?? '{}').share;

describe('the next tick finds what a lost webhook would have reported', () => {
  it('a config that landed', async () => {
    const scenario = await startScenario();
    loses(scenario, 'push');
    await scenario.pushesConfig(CONFIG.replace(/ {2}- file.*\n/, ''));
    expect(await scenario.github.issues()).toEqual([]);
    await scenario.tick();
    expect(await scenario.github.issues()).toHaveLength(1);
  });

  it('a command, which runs once even if its webhook comes later', async () => {
    const scenario = await started();
    loses(scenario, 'issue_comment');
    const comment = await scenario.says('mara', '/advance-rollout --force --reason "tried by hand"');
    await scenario.tick();
    expect(await scenario.reactions(comment)).toEqual(['eyes', 'rocket']);
    expect(await scenario.headline()).toContain(': **5%**');
    const lost = scenario.github.deliveries().find(({ event }) => event === 'issue_comment');
    if (lost === undefined) throw new Error('no webhook of the comment');
    scenario.github.redeliver(lost);
    await scenario.settled();
    await scenario.tick();
    expect(await scenario.headline()).toContain(': **5%**');
    expect(await scenario.replies()).toHaveLength(1);
  });

  it('a workflow that turned green', async () => {
    const scenario = await started();
    loses(scenario, 'workflow_run');
    await scenario.github.runFinished('check.yml');
    await scenario.tick();
    expect(await scenario.body()).toContain('✅ workflow <code>check.yml</code>');
  });

  it('measurements', async () => {
    const scenario = await inProduction();
    loses(scenario, 'workflow_run');
    await scenario.observesFor(HOUR, '5%', 5);
    expect(await scenario.body()).toContain('0 of 500 tasks');
    await scenario.tick();
    expect(await scenario.body()).toContain('300 of 500 tasks');
  });

  it('an issue that was closed, deleted or transferred', async () => {
    const scenario = await started();
    loses(scenario, 'issues');
    await scenario.github.person('alice').closes(1);
    await scenario.tick();
    expect(await scenario.headline()).toContain('Paused');
    loses(scenario, 'issues');
    await scenario.github.person('alice').deletes(1);
    await scenario.passes(MINUTE);
    expect(await scenario.headline(2)).toContain('Paused');
    await scenario.says('alice', '/resume-rollout', 2);
    expect(await scenario.headline(2)).toContain(': **local**');
  });
});

describe('traffic that somebody else changed', () => {
  it('holds the rollout until it is put back', async () => {
    const scenario = await inProduction();
    await scenario.github.pushes({ 'flags.json': '{ "share": 50 }\n' });
    await scenario.passes(5 * MINUTE);
    expect(await scenario.headline()).toContain('Paused');
    expect(await scenario.lastReply()).toContain('50');
    expect(await shareOf(scenario)).toBe(50);
    await scenario.github.pushes({ 'flags.json': '{ "share": 5 }\n' });
    await scenario.passes(5 * MINUTE);
    expect(await scenario.headline()).toContain(': **5%**');
  });

  it('is taken back by a rollback', async () => {
    const scenario = await inProduction();
    scenario.github.setVariable('GATEWAY_SHARE', '80');
    await scenario.passes(5 * MINUTE);
    await scenario.says('alice', '/rollback-rollout');
    expect(scenario.github.variable('GATEWAY_SHARE')).toBe('0');
  });
});

describe('a process that dies', () => {
  it('leaves the rest to the next one: targets are written, replies come once', async () => {
    const scenario = await started();
    const { github } = scenario;
    const isBroken = /contents\/flags\.json|issues\/1\/comments/;
    github.leaveToChance({
      fateOf: () => 'delivered',
      failing: ({ method, path }) =>
        method !== 'GET' && isBroken.test(decodeURIComponent(path)) ? { kind: 'bad_gateway' } : null,
    });
    await scenario.says('mara', '/advance-rollout --force --reason "now"');
    expect(await shareOf(scenario)).toBe(0);
    github.leaveToChance(null);
    await scenario.restarts();
    await scenario.passes(5 * MINUTE);
    await scenario.passes(5 * MINUTE);
    expect(await shareOf(scenario)).toBe(5);
    expect(github.variable('GATEWAY_SHARE')).toBe('5');
    expect((await scenario.replies()).filter((reply) => reply.includes('**5%**'))).toHaveLength(1);
  });
});

it('a check that was green and then red opens the gate when it is green again', async () => {
  const scenario = await startScenario();
  await scenario.github.pushes({ 'flags.json': '{ "share": 0 }\n' });
  await scenario.pushesConfig(CONFIG.replace('workflows: [check.yml]', 'checks: [lint]'));
  for (const conclusion of ['success', 'failure', 'success'] as const) {
    await scenario.github.checkFinished('lint', { conclusion });
    await scenario.settled();
    await scenario.passes(MINUTE);
    const line = (await scenario.body()).split('\n').find((each) => each.includes('lint'));
    expect(line).toContain(conclusion === 'success' ? 'green' : 'failed');
  }
  await scenario.says('alice', '/advance-rollout');
  expect(await shareOf(scenario)).toBe(5);
});
