/** One absurd number from outside neither stops the automatic rollback nor goes unsaid. */
import { describe, expect, it } from 'vitest';
import type { ArmCounts } from '../../src/measure/measurement.ts';
import { arm } from '../judge/measured.ts';
import { HOUR, type Scenario, startScenario } from './rollout-scenario.ts';

const CONFIG = `gateway: { base_url: https://gateway.example/v1 }
models: [gpt-4o-mini]
traffic: [{ variable: { name: GATEWAY_SHARE } }]
measure: { source: prometheus, workflow: gateway-observe.yml, interval: 1h }
rollout:
  stages: [5%, 50%, 100%]
  gates: { default: { min_duration: 1d, min_tasks: 100000, metrics: { success_rate: { min: 95% } } } }
`;

async function afterWindow(gateway: Partial<ArmCounts>): Promise<Scenario> {
  const scenario = await startScenario();
  await scenario.pushesConfig(CONFIG);
  expect(scenario.github.variable('GATEWAY_SHARE')).toBe('5');
  await scenario.passes(HOUR);
  await scenario.observes('5%', 5, { gateway: { ...arm(300), ...gateway }, official: arm(5_700) });
  return scenario;
}

describe.each<readonly [field: string, counts: Partial<ArmCounts>]>([
  ['cost.usd', { cost: { usd: 1e300, priced: 300, unpriced: 0 } }],
  ['cost.usd', { cost: { usd: 1e308, priced: 300, unpriced: 0 } }],
  ['tokens.input', { tokens: { input: Number.MAX_SAFE_INTEGER, cachedInput: 0, output: 9e15, unknown: 0 } }],
])('a window with an absurd %s', (field, counts) => {
  it('is said on the issue, and later failures take the traffic back', async () => {
    const scenario = await afterWindow(counts);
    expect(await scenario.body()).toContain(`arms.gateway.${field} is`);
    await scenario.observesFor(2 * HOUR, '5%', 5, { failing: 0.75 });
    await scenario.observesFor(2 * HOUR, '5%', 5, { failing: 0.75 });
    expect(scenario.github.variable('GATEWAY_SHARE')).toBe('0');
  });

  it('counts with its own failures', async () => {
    const scenario = await afterWindow({ ...arm(3_000, { failed: 2_500 }), ...counts });
    expect(scenario.github.variable('GATEWAY_SHARE')).toBe('0');
  });
});

it('a window that contradicts itself is refused and said, and later failures take the traffic back', async () => {
  const scenario = await afterWindow({ tasks: 10, failedTasks: 20 });
  expect(await scenario.body()).toContain('20 failed of 10 tasks');
  await scenario.observesFor(2 * HOUR, '5%', 5, { failing: 0.75 });
  expect(scenario.github.variable('GATEWAY_SHARE')).toBe('0');
});
