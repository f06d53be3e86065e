/** One part of the product after the other, with an emulated GitHub. */
import { expect, it } from 'vitest';
import { DAY, HOUR, MINUTE, startScenario } from '../../app/rollout-scenario.ts';
import { arm } from '../../judge/measured.ts';
import { recipeFiles } from '../recipe.ts';

const HEALTHY_DAY = arm(144_000, { failed: 288, slow: 11_520 });

it('moves one part after the other, each as a whole, and takes the later ones back', async () => {
  const scenario = await startScenario();
  const { github } = scenario;
  await github.pushes(recipeFiles('workloads'), { by: 'alice' });
  await scenario.settled();
  const shares = async () => Object.values(JSON.parse((await github.file('deploy/workloads.json')) ?? ''));
  expect(await shares()).toEqual([0, 0, 0]);

  await scenario.says('alice', '/advance-rollout');
  // The official arm before the switch; afterwards there is none to compare with.
  for (let days = 0; days < 2; days += 1) {
    await scenario.passes(DAY);
    await scenario.observes('staging', null, { official: HEALTHY_DAY, gateway: null });
  }
  await scenario.says('alice', '/advance-rollout');
  expect(await shares()).toEqual([100, 0, 0]);
  await staysHealthy('internal-tools');
  expect(await scenario.headline()).toContain(': **batch**');
  expect(await shares()).toEqual([100, 100, 0]);
  await staysHealthy('batch');
  expect(await scenario.headline()).toContain(': **chat**');
  expect(await shares()).toEqual([100, 100, 100]);

  await scenario.says('alice', '/rollback-rollout to internal-tools');
  expect(await shares()).toEqual([100, 0, 0]);

  async function staysHealthy(stage: string): Promise<void> {
    for (let hours = 0; hours < 24; hours += 12) await scenario.observesFor(12 * HOUR, stage, 100);
    await scenario.observesFor(10 * MINUTE, stage, 100);
  }
});
