/** One model, then everything, with an emulated GitHub. */
import { expect, it } from 'vitest';
import { HOUR, MINUTE, startScenario } from '../../app/rollout-scenario.ts';
import { recipeFiles } from '../recipe.ts';

it('moves one model before the others, and takes everything back when all models fail', async () => {
  const scenario = await startScenario();
  const { github } = scenario;
  await github.pushes(recipeFiles('one-model-first'), { by: 'alice' });
  await scenario.settled();
  const shares = async () => JSON.parse((await github.file('deploy/share.json')) ?? '');

  await scenario.says('alice', '/advance-rollout');
  await scenario.says('alice', '/advance-rollout');
  expect(await shares()).toEqual({ fast: 5, everything: 0 });
  await staysHealthy('fast: 5%', 5);
  expect(await shares()).toEqual({ fast: 50, everything: 0 });
  await staysHealthy('fast: 50%', 50);
  expect(await scenario.headline()).toContain(': **25%**');
  expect(await shares()).toEqual({ fast: 50, everything: 25 });

  await scenario.observesFor(HOUR, '25%', 25, { failing: 0.2 });
  expect(await scenario.headline()).toContain('Rolled back');
  expect(await shares()).toEqual({ fast: 0, everything: 0 });

  async function staysHealthy(stage: string, share: number): Promise<void> {
    for (let hours = 0; hours < 24; hours += 6) await scenario.observesFor(6 * HOUR, stage, share);
    await scenario.observesFor(10 * MINUTE, stage, share);
  }
});
