import { describe, expect, it } from 'vitest';
import { MINUTE, type Scenario, startScenario } from './rollout-scenario.ts';

const CONFIG = `gateway: { base_url: https://gateway.example/v1 }
models: [gpt-4o-mini]
traffic: [{ variable: { name: GATEWAY_SHARE } }]
rollout: { stages: [5%, 100%], gates: { 5%: { manual: true } } }
`;
const BRANCH = 'gateway-rollout/shop';

async function started(): Promise<Scenario> {
  const scenario = await startScenario();
  await scenario.pushesConfig(CONFIG);
  return scenario;
}

async function stateOf({ github }: Scenario, branch = BRANCH): Promise<string> {
  const state = await github.file('state.json', branch);
  if (state === null) throw new Error(`no state on ${branch}`);
  return state;
}

/** As the App signed it when the rollout began. */
async function firstState(scenario: Scenario): Promise<string> {
  const { github } = scenario;
  const answer = await fetch(`${github.url}/repos/acme/shop/commits?sha=${BRANCH}`, {
    headers: { authorization: `token ${github.personToken('olivia')}` },
  });
  const commits: { sha: string }[] = JSON.parse(await answer.text());
  return stateOf(scenario, commits.at(-1)?.sha);
}

/** Somebody who may push writes the state's file. */
async function writes({ github }: Scenario, text: string): Promise<void> {
  await github.pushes({ 'state.json': text }, { by: 'olivia', branch: BRANCH });
}

/** Nothing moves, and the issue reports it once, even after several commands. */
async function standsStill(scenario: Scenario, words: RegExp): Promise<void> {
  const before = (await scenario.replies()).length;
  await scenario.says('alice', '/advance-rollout');
  await scenario.says('alice', '/advance-rollout');
  await scenario.passes(5 * MINUTE);
  const said = (await scenario.replies()).slice(before);
  expect(said).toHaveLength(1);
  expect(said[0]).toMatch(words);
  expect(scenario.github.variable('GATEWAY_SHARE')).toBe('5');
}

describe('a state that the App did not write stops the rollout', () => {
  it('when it is forged', async () => {
    const scenario = await started();
    await writes(scenario, (await stateOf(scenario)).replace('"index": 0', '"index": 1'));
    await standsStill(scenario, /signature/);
  });

  it('when it belongs to another rollout', async () => {
    const scenario = await started();
    await scenario.pushesConfig(CONFIG, '.github/gateway-rollout/other.yml');
    await writes(scenario, await stateOf(scenario, 'gateway-rollout/other'));
    await standsStill(scenario, /copied/);
  });

  it('when an earlier one is put back', async () => {
    const scenario = await started();
    const earlier = await stateOf(scenario);
    await scenario.says('alice', '/pause-rollout');
    await writes(scenario, earlier);
    await standsStill(scenario, /put back/);
  });

  it('when it is put back while no process watches, because the issue shows a newer one', async () => {
    const scenario = await started();
    const earlier = await stateOf(scenario);
    await scenario.says('alice', '/pause-rollout');
    await scenario.restarts();
    await writes(scenario, earlier);
    await standsStill(scenario, /put back/);
  });

  it('when a new process finds it put back to before the issue was opened', async () => {
    const scenario = await started();
    const { github } = scenario;
    const before = (await scenario.replies()).length;
    await writes(scenario, await firstState(scenario));
    await scenario.restarts();
    await scenario.passes(5 * MINUTE);
    await scenario.passes(5 * MINUTE);
    const said = (await scenario.replies()).slice(before);
    expect(said).toMatchObject([expect.stringMatching(/put back/)]);
    expect(await github.issues()).toHaveLength(1);
    expect(github.variable('GATEWAY_SHARE')).toBe('5');
  });

  it('when its branch is deleted', async () => {
    const scenario = await started();
    const { github } = scenario;
    await fetch(`${github.url}/repos/acme/shop/git/refs/heads/${BRANCH}`, {
      method: 'DELETE',
      headers: { authorization: `token ${github.personToken('olivia')}` },
    });
    await standsStill(scenario, /is gone/);
  });

  it('when no key is left that signed it', async () => {
    const scenario = await startScenario({
      app: { stateKeys: ['another key, which never signed anything'] },
    });
    const { github } = scenario;
    await scenario.pushesConfig(CONFIG);
    await writes(scenario, (await stateOf(scenario)).replace(/"key": "\w+"/, '"key": "00000000"'));
    await standsStill(scenario, /signed with the key/);
    expect(await github.issue(1)).toMatchObject({ state: 'open' });
  });
});

it('continues when the App’s own state is restored', async () => {
  const scenario = await started();
  const own = await stateOf(scenario);
  await writes(scenario, own.replace('"index": 0', '"index": 1'));
  await scenario.says('alice', '/advance-rollout');
  await writes(scenario, own);
  await scenario.says('alice', '/advance-rollout');
  expect(await scenario.headline()).toContain(': **100%**');
});

it('is not stopped by a number that somebody writes into the issue', async () => {
  const scenario = await started();
  await scenario.github.person('alice').edits(1, (body) => body.replace(/seal=\d+/, 'seal=999'));
  await scenario.settled();
  await scenario.says('alice', '/advance-rollout');
  expect(await scenario.headline()).toContain(': **100%**');
});
