/** A rollout in which nothing happens leaves few commits, and nothing of what was measured is lost. */
import { expect, it } from 'vitest';
import { DAY, MINUTE, type Scenario, startScenario } from './rollout-scenario.ts';

const CONFIG = `gateway: { base_url: https://gateway.example/v1 }
models: [gpt-4o-mini]
traffic: [{ variable: { name: GATEWAY_SHARE } }]
measure: { source: prometheus, workflow: gateway-observe.yml, interval: 15m }
rollout: { stages: [5%, 100%], max_duration: 30d, gates: { default: { manual: true, min_duration: 20d, metrics: { success_rate: { min: 95% }, slow_ratio: { max: 2 } } } } }
`;
const BRANCH = 'gateway-rollout/shop';

/** What the issue counts: official, gateway. */
async function tasksShown(scenario: Scenario): Promise<string | undefined> {
  return /\| Tasks \|([^\n]*)\|/.exec(await scenario.body())?.[1]?.trim();
}

it('two quiet weeks at 15 minutes are fewer than 200 commits', async () => {
  const scenario = await startScenario();
  await scenario.pushesConfig(CONFIG);
  const before = (await scenario.github.commitIds(BRANCH)).length;
  for (let window = 0; window < DAY / 2 / (15 * MINUTE); window += 1) {
    await scenario.observesFor(15 * MINUTE, '5%', 5);
  }
  const inHalfADay = (await scenario.github.commitIds(BRANCH)).length - before;
  expect(28 * inHalfADay).toBeLessThan(200);
  expect(await tasksShown(scenario)).toBe('68,400 | 3,600');
});

it('a process that ends between two commits loses no window', async () => {
  const scenario = await startScenario();
  await scenario.pushesConfig(CONFIG);
  for (let window = 0; window < 10; window += 1) {
    await scenario.observesFor(15 * MINUTE, '5%', 5);
    if (window % 3 === 0) await scenario.restarts();
    await scenario.tick();
  }
  expect(await tasksShown(scenario)).toBe('14,250 | 750');
  await scenario.restarts();
  await scenario.observesFor(15 * MINUTE, '5%', 5, { failing: 0.9 });
  expect(scenario.github.variable('GATEWAY_SHARE')).toBe('0');
});
