/** What the policy refuses, in the inventory and in the App, and who may advance once it allows the move. */
import { describe, expect, it } from 'vitest';
import { runInventoryCommand } from '../../../src/commands/inventory.ts';
import { startScenario } from '../../app/rollout-scenario.ts';
import { tree } from '../../support/files.ts';
import { recipeFile, recipeFiles } from '../recipe.ts';

const RECIPE = 'regulated';
const CONFIG = '.github/gateway-rollout.yml';
const PROGRAM = `from openai import OpenAI
client = OpenAI()
helper = client.beta.assistants.create(model="gpt-4o-mini", name="helper")
`;
const FILES = { ...recipeFiles(RECIPE), 'assistant/app.py': PROGRAM };
const text = recipeFile(RECIPE, CONFIG);
const reviewed = text
  .replace('compliance_contract: true', 'compliance_contract: false')
  .replace('allow_experimental: []', 'allow_experimental: [assistants]');

async function inventory(config: string): Promise<string> {
  let stdout = '';
  const path = tree({ ...FILES, [CONFIG]: config });
  const io = {
    stdout: (more: string) => (stdout += more),
    stderr: () => {},
    color: false,
    columns: 500,
    live: null,
  };
  expect(await runInventoryCommand({ path, version: '0' }, io)).toBe(0);
  return stdout;
}

describe('the recipe for regulated teams', () => {
  it('the inventory reports what forbids the move, until the contract is signed and the area reviewed', async () => {
    const forbidden = await inventory(text);
    expect(forbidden).toContain('requires a direct contract with the provider');
    expect(forbidden).toMatch(/assistants is in use: .*experimental/);
    expect(forbidden).toContain('assistant/app.py:3');
    const allowed = await inventory(reviewed);
    expect(allowed).not.toContain('a direct contract');
    expect(allowed).toContain('policy.allow_experimental allows migrating it');
  });

  it('the rollout starts only as the policy allows, advances only with two people of the team, and logs who', async () => {
    const scenario = await startScenario();
    const { github } = scenario;
    github.team('acme/ai-risk', ['bob', 'rita']);
    await github.pushes(FILES, { by: 'alice' });
    await scenario.settled();
    expect(await scenario.lastReply()).toContain('requires a direct contract with the provider');
    expect(await scenario.lastReply()).toContain('assistants is in use');
    expect(await scenario.headline()).toContain('Paused');

    await scenario.pushesConfig(reviewed);
    expect(await scenario.headline()).toContain('Paused');
    await scenario.says('bob', '/resume-rollout');
    expect(await scenario.headline()).toContain(': **local**');

    await github.runFinished('gateway-check.yml');
    await scenario.settled();
    const stranger = await scenario.says('mara', '/advance-rollout');
    expect(await scenario.reactions(stranger)).toEqual(['eyes', 'confused']);
    await scenario.says('bob', '/advance-rollout');
    expect(await scenario.headline()).toContain(': **staging**');
    await scenario.says('bob', '/advance-rollout');
    await scenario.says('bob', '/advance-rollout');
    expect(await scenario.headline()).toContain(': **staging**');
    await scenario.says('rita', '/advance-rollout');
    expect(await scenario.headline()).toContain(': **5%**');
    expect(await github.file('deploy/share.json')).toBe('{ "gateway": 5 }\n');

    const log = await github.commits('gateway-rollout/shop');
    expect(log).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^approve staging\n[\s\S]*Actor: bob/),
        expect.stringMatching(/advance staging → 5%[\s\S]*Actor: rita/),
      ]),
    );
  });
});
