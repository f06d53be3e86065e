/** Two rollouts in one repository, one App, an emulated GitHub. */
import { expect, it } from 'vitest';
import { startScenario } from '../../app/rollout-scenario.ts';
import { recipeFiles } from '../recipe.ts';

it('one push opens two rollouts, and each moves independently', async () => {
  const scenario = await startScenario();
  const { github } = scenario;
  github.team('acme/search', ['bob']);
  await github.pushes(recipeFiles('monorepo'), { by: 'alice' });
  await scenario.settled();
  const titles = (await github.issues()).map(({ number, title }) => [title, number] as const);
  const issues = Object.fromEntries(titles);
  const assistant = issues['Gateway rollout: assistant'];
  const search = issues['Gateway rollout: search'];
  expect(Object.keys(issues).sort()).toEqual(['Gateway rollout: assistant', 'Gateway rollout: search']);
  const shares = async () =>
    Promise.all(['assistant', 'search'].map((name) => github.file(`services/${name}/share.json`)));
  const before = await scenario.body(search);

  await scenario.says('alice', '/advance-rollout', assistant);
  await scenario.says('alice', '/advance-rollout', assistant);
  expect(await scenario.headline(assistant)).toContain(': **5%**');
  expect(await shares()).toEqual(['{ "gateway": 5 }\n', '{ "gateway": 0 }\n']);
  expect(await scenario.body(search)).toBe(before);

  const refused = await scenario.says('alice', '/advance-rollout', search);
  expect(await scenario.reactions(refused, search)).toEqual(['eyes', 'confused']);
  await scenario.says('bob', '/advance-rollout', search);
  expect(await scenario.headline(search)).toContain(': **50%**');
  expect(await shares()).toEqual(['{ "gateway": 5 }\n', '{ "gateway": 50 }\n']);

  await scenario.says('alice', '/rollback-rollout', assistant);
  expect(await scenario.headline(assistant)).toContain('Rolled back');
  expect(await shares()).toEqual(['{ "gateway": 0 }\n', '{ "gateway": 50 }\n']);
  expect(await scenario.headline(search)).toContain(': **50%**');
});
