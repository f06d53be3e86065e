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

it('trusts only runs of the default branch’s own commits', async () => {
  const scenario = await inProduction();
  const sha = await scenario.github.pushes({ 'a.txt': 'a' }, { by: 'alice', branch: 'feature' });
  const untrusted: RunOptions[] = [
    { event: 'pull_request' },
    { branch: 'feature', event: 'schedule' },
    // A fork's branch may have any name, and so may a tag.
    { from: 'mallory/shop', event: 'push' },
    { branch: 'main', sha, event: 'push' },
  ];
  for (const options of untrusted) {
    await alarms(scenario, options);
    await scenario.tick();
    expect([options, await scenario.headline()]).toEqual([options, expect.stringContaining(': **25%**')]);
  }
  await alarms(scenario, { event: 'workflow_dispatch' });
  expect(await scenario.headline()).toContain('Rolled back');
  expect(scenario.github.variable('GATEWAY_SHARE')).toBe('0');
});

it('says what is wrong with a run or its artifact, and stays where it is', async () => {
  const scenario = await inProduction();
  const wrong: [RunOptions, string | undefined, RegExp][] = [
    [{ event: 'schedule', conclusion: 'failure' }, undefined, /ended with "failure"/],
    [{ event: 'schedule' }, 'hello\n', /Line 1 .* is not a measurement/],
    [{ event: 'schedule' }, '{"schema":1,"window"', /Line 1 .* is not a measurement/],
  ];
  for (const [options, text, words] of wrong) {
    await alarms(scenario, options, text);
    expect(await scenario.body()).toMatch(words);
    expect(await scenario.headline()).toContain(': **25%**');
  }
});

it('requires a green run with the current config', async () => {
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

it('finds the measurement of a run behind many others, those that still wait in its queue too', async () => {
  const scenario = await inProduction();
  const { github } = scenario;
  github.nextDelivery('lost', ({ event }) => event === 'workflow_run');
  await alarms(scenario, { event: 'schedule' });
  for (let others = 0; others < 100; others += 1) await github.runFinished('tests.yml');
  for (let waiting = 0; waiting < 20; waiting += 1) {
    await github.runFinished('gateway-observe.yml', { event: 'schedule', conclusion: null });
  }
  await scenario.settled();
  await scenario.tick();
  expect(await scenario.headline()).toContain('Rolled back');
});
