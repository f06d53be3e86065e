import { expect, it } from 'vitest';
import { formatMeasurement } from '../../src/measure/measurement.ts';
import { arm } from '../judge/measured.ts';
import type { RunOptions } from '../support/github/workflow-runs.ts';
import { HOUR, type Scenario, startScenario } from './rollout-scenario.ts';

const CONFIG = `gateway: { base_url: https://gateway.example/v1 }
models: [gpt-4o-mini]
measure: { source: prometheus, workflow: gateway-observe.yml, interval: 1h }
traffic: [{ variable: { name: GATEWAY_SHARE } }]
rollout:
  stages: [staging, 25%, 100%]
  gates: { staging: { workflows: [staging.yml] } }
`;

async function started(): Promise<Scenario> {
  const scenario = await startScenario();
  await scenario.pushesConfig(CONFIG);
  return scenario;
}

async function inProduction(): Promise<Scenario> {
  const scenario = await started();
  await scenario.says('mara', '/advance-rollout --force --reason "no staging today"');
  expect(scenario.github.variable('GATEWAY_SHARE')).toBe('25');
  return scenario;
}

/** An hour in which the gateway failed every second task, as the artifact of a run. */
async function alarms(scenario: Scenario, options: RunOptions, text?: string): Promise<void> {
  await scenario.passes(HOUR);
  const window = { from: scenario.now() - HOUR, to: scenario.now() };
  const arms = { gateway: arm(1_000, { failed: 500 }), official: arm(3_000, { failed: 3 }) };
  const line = formatMeasurement({ schema: 1, window, stage: '25%', share: 25, source: 'jsonl', arms });
  await scenario.github.runFinished('gateway-observe.yml', {
    artifact: { name: 'gateway-rollout-measurement', files: { 'measurement.jsonl': text ?? `${line}\n` } },
    ...options,
  });
  await scenario.settled();
}

it.each([
  ['a pull request', { event: 'pull_request' }],
  ['another branch', { branch: 'feature' }],
  ['a fork whose branch has the same name', { from: 'mallory/shop' }],
] as const)('believes no measurement of %s', async (_whose, options) => {
  const scenario = await inProduction();
  await scenario.github.pushes({ 'a.txt': 'a' }, { by: 'alice', branch: 'feature' });
  await alarms(scenario, options);
  await scenario.tick();
  expect(await scenario.headline()).toContain('In stage **25%**');
});

it('believes no measurement of a commit that is not on the default branch, as behind a tag of its name', async () => {
  const scenario = await inProduction();
  const sha = await scenario.github.pushes({ 'a.txt': 'a' }, { by: 'alice', branch: 'feature' });
  await alarms(scenario, { branch: 'main', sha });
  await scenario.tick();
  expect(await scenario.headline()).toContain('In stage **25%**');
});

it.each(['schedule', 'workflow_dispatch', 'push'])('believes a run of the event %s', async (event) => {
  const scenario = await inProduction();
  await alarms(scenario, { event });
  expect(await scenario.headline()).toContain('Rolled back');
  expect(scenario.github.variable('GATEWAY_SHARE')).toBe('0');
});

it.each([
  ['the run failed', { conclusion: 'failure' }, undefined, /failure/],
  ['the artifact holds something else', {}, 'hello\n', /no measurement/],
  ['a line is cut short', {}, '{"schema":1,"window"', /no measurement/],
] as const)('says so and stays where it is when %s', async (_what, options, text, words) => {
  const scenario = await inProduction();
  await alarms(scenario, options, text);
  expect(await scenario.body()).toMatch(words);
  expect(await scenario.headline()).toContain('In stage **25%**');
});

it('asks for a green run on the present config', async () => {
  const scenario = await started();
  await scenario.github.runFinished('staging.yml');
  await scenario.settled();
  expect(await scenario.body()).toContain('✅ workflow <code>staging.yml</code>');
  await scenario.pushesConfig(CONFIG.replace('gateway.example', 'other.example'));
  await scenario.tick();
  expect(await scenario.body()).toContain('⏳ workflow <code>staging.yml</code>');
  await scenario.github.runFinished('staging.yml', { conclusion: 'failure' });
  await scenario.settled();
  expect(await scenario.body()).toContain('❌ workflow <code>staging.yml</code>');
});
