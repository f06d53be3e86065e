/** Commands of which no webhook came, where the tick that should find them meets more trouble. */
import { expect, it } from 'vitest';
import { HOUR, MINUTE, type Scenario, startScenario } from './rollout-scenario.ts';

const CONFIG = `gateway: { base_url: https://gateway.example/v1 }
models: [gpt-4o-mini]
traffic: [{ variable: { name: GATEWAY_SHARE } }]
rollout: { stages: [5%, 100%], gates: { default: { manual: true } } }
`;

const GATE =
  'min_duration: 1h, min_tasks: 100, metrics: { success_rate: { min: 95% }, latency_p95: { max: 10s } }';
const MEASURED = `${CONFIG.replace('manual: true', GATE)}
measure: { source: prometheus, workflow: gateway-observe.yml, interval: 1h }
`;

async function inProduction(): Promise<Scenario> {
  const scenario = await startScenario();
  await scenario.pushesConfig(CONFIG);
  expect(scenario.github.variable('GATEWAY_SHARE')).toBe('5');
  return scenario;
}

function saysUnheard(scenario: Scenario, text: string): Promise<number> {
  scenario.github.nextDelivery('lost', ({ event }) => event === 'issue_comment');
  return scenario.says('mara', text);
}

it('takes the traffic of a completed rollout back, although the webhook of the rollback was lost', async () => {
  const scenario = await inProduction();
  await scenario.says('alice', '/advance-rollout');
  await scenario.says('alice', '/advance-rollout');
  expect(await scenario.headline()).toContain('Completed');
  await scenario.passes(MINUTE);
  const comment = await saysUnheard(scenario, '/rollback-rollout');
  await scenario.passes(MINUTE);
  expect(scenario.github.variable('GATEWAY_SHARE')).toBe('0');
  expect(await scenario.reactions(comment)).toEqual(['eyes', 'rocket']);
});

it('answers commands after the end of a rollout, even if their webhooks were lost', async () => {
  const scenario = await inProduction();
  await scenario.says('mara', '/abort-rollout');
  const comment = await saysUnheard(scenario, '/advance-rollout');
  await scenario.passes(MINUTE);
  expect(await scenario.reactions(comment)).toEqual(['eyes', 'confused']);
});

it('finds a command at the next tick if GitHub failed to list the comments at this one', async () => {
  const scenario = await inProduction();
  await scenario.passes(MINUTE);
  const comment = await saysUnheard(scenario, '/pause-rollout');
  scenario.github.fails({ kind: 'bad_gateway', method: 'GET', path: /\/issues\/1\/comments$/, times: 4 });
  await scenario.passes(MINUTE);
  expect(await scenario.reactions(comment)).toEqual([]);
  await scenario.passes(MINUTE);
  expect(await scenario.reactions(comment)).toEqual(['eyes', 'rocket']);
});

it.each([
  ['the same process', async () => undefined],
  ['a new process', (scenario: Scenario) => scenario.restarts()],
] as const)('finds a command, by %s, that GitHub did not list yet at an earlier tick', async (_, begin) => {
  const scenario = await inProduction();
  await scenario.passes(MINUTE);
  scenario.github.listsLag(10_000, 'all');
  // For its reply, the tick writes the state, and which comments it has read.
  await scenario.says('alice', '/rollout-status');
  await saysUnheard(scenario, '/rollback-rollout');
  await scenario.passes(3_000);
  expect(scenario.github.variable('GATEWAY_SHARE')).toBe('5');
  await begin(scenario);
  await scenario.passes(MINUTE);
  expect(scenario.github.variable('GATEWAY_SHARE')).toBe('0');
});

it('judges a bad window without a webhook before the good one that follows', async () => {
  const scenario = await startScenario();
  await scenario.pushesConfig(MEASURED);
  scenario.github.nextDelivery('lost', ({ event }) => event === 'workflow_run');
  await scenario.observesFor(HOUR, '5%', 5, { failing: 0.4 });
  await scenario.observesFor(2 * HOUR, '5%', 5);
  expect(await scenario.headline()).toContain('Rolled back');
  expect(scenario.github.variable('GATEWAY_SHARE')).toBe('0');
});

it('does not advance on a good window if a later bad one is known already', async () => {
  const scenario = await startScenario();
  await scenario.pushesConfig(MEASURED);
  scenario.github.nextDelivery('lost', ({ event }) => event === 'workflow_run');
  await scenario.observesFor(2 * HOUR, '5%', 5);
  await scenario.observesFor(HOUR, '5%', 5, { failing: 0.4 });
  expect(await scenario.headline()).toContain('Rolled back');
  expect((await scenario.replies()).join('\n')).not.toContain('**100%**');
});

it('does not advance on a good window if the later bad one cannot be written to GitHub', async () => {
  const scenario = await startScenario();
  await scenario.pushesConfig(MEASURED);
  scenario.github.nextDelivery('lost', ({ event }) => event === 'workflow_run');
  await scenario.observesFor(2 * HOUR, '5%', 5);
  // The good window is written, the bad one is not: neither at its webhook nor at the tick, each time tried four times.
  let writes = 0;
  scenario.github.leaveToChance({
    fateOf: () => 'delivered',
    failing({ method, path }) {
      if (method === 'PUT' && path.endsWith('/contents/state.json')) writes += 1;
      return method === 'PUT' && writes > 1 && writes < 10 ? { kind: 'bad_gateway' } : null;
    },
  });
  await scenario.observesFor(HOUR, '5%', 5, { failing: 0.4 });
  await scenario.passes(MINUTE);
  scenario.github.leaveToChance(null);
  await scenario.passes(MINUTE);
  expect(writes).toBeGreaterThan(8);
  expect((await scenario.replies()).join('\n')).not.toContain('**100%**');
  expect(await scenario.headline()).toContain('Rolled back');
});

it('does not advance on a good window if the run after it has failed', async () => {
  const scenario = await startScenario();
  await scenario.pushesConfig(MEASURED);
  scenario.github.nextDelivery('lost', ({ event }) => event === 'workflow_run');
  await scenario.observesFor(2 * HOUR, '5%', 5);
  await scenario.github.runFinished('gateway-observe.yml', { event: 'schedule', conclusion: 'failure' });
  await scenario.settled();
  expect(await scenario.headline()).toContain('5%');
  expect((await scenario.replies()).join('\n')).not.toContain('**100%**');
});
