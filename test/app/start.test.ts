import { expect, it } from 'vitest';
import { startApp } from '../support/start-app.ts';
import { type Scenario, startScenario } from './rollout-scenario.ts';

const CONFIG = `gateway: { base_url: https://gateway.example/v1 }
models: [gpt-4o-mini]
rollout: { stages: [local, 5%, 100%] }
`;

/** The App's answer to `/start-rollout` on an issue of a person, with the last reaction. */
async function asks(
  scenario: Scenario,
  person: string,
  text = '/start-rollout',
): Promise<{ readonly reaction: string | undefined; readonly answer: string }> {
  const issue = await scenario.github.person(person).opens('Shall we move?');
  const comment = await scenario.says(person, text, issue);
  const reactions = await scenario.reactions(comment, issue);
  return { reaction: reactions.at(-1), answer: await scenario.lastReply(issue) };
}

/** A config whose webhook was lost. */
async function hiddenConfig(text: string, path = '.github/gateway-rollout.yml'): Promise<Scenario> {
  const scenario = await startScenario();
  scenario.github.nextDelivery('lost', ({ event }) => event === 'push');
  await scenario.pushesConfig(text, path);
  return scenario;
}

it('says where a config is expected when there is none', async () => {
  const scenario = await startScenario();
  const { reaction, answer } = await asks(scenario, 'alice');
  expect(reaction).toBe('confused');
  expect(answer).toContain('.github/gateway-rollout.yml');
});

it('says what is wrong with the config', async () => {
  const scenario = await hiddenConfig(CONFIG.replace('models', 'modles'));
  const { reaction, answer } = await asks(scenario, 'alice');
  expect(reaction).toBe('confused');
  expect(answer).toContain('did you mean');
});

it('opens the rollout’s own issue for somebody who may start', async () => {
  const scenario = await hiddenConfig(CONFIG);
  const { reaction, answer } = await asks(scenario, 'alice');
  expect(reaction).toBe('rocket');
  expect(answer).toContain('#2');
  expect(await scenario.headline(2)).toContain(': **local**');
});

it('starts nothing for somebody who may not', async () => {
  const scenario = await hiddenConfig(CONFIG);
  const { reaction, answer } = await asks(scenario, 'rita');
  expect(reaction).toBe('confused');
  expect(answer).toMatch(/^Refused: .*write/);
  expect(await scenario.github.issues()).toHaveLength(1);
});

it('points to the rollout that is there already', async () => {
  const scenario = await startScenario();
  await scenario.pushesConfig(CONFIG);
  const { reaction, answer } = await asks(scenario, 'alice');
  expect(reaction).toBe('confused');
  expect(answer).toContain('#1');
});

it('asks for a name if several configs are possible', async () => {
  const scenario = await hiddenConfig(CONFIG, '.github/gateway-rollout/assistant.yml');
  scenario.github.nextDelivery('lost', ({ event }) => event === 'push');
  await scenario.pushesConfig(CONFIG, '.github/gateway-rollout/search.yml');
  const unnamed = await asks(scenario, 'alice');
  expect(unnamed.answer).toMatch(/assistant.*search/);
  const named = await asks(scenario, 'alice', '/start-rollout search');
  expect(named.reaction).toBe('rocket');
  expect((await scenario.github.issues()).at(-1)?.title).toBe('Gateway rollout: search');
});

it('finds a config that existed before the App was installed', async () => {
  const scenario = await hiddenConfig(CONFIG);
  await scenario.github.installs();
  await scenario.settled();
  expect(await scenario.github.issues()).toMatchObject([{ title: 'Gateway rollout: shop' }]);
});

it('continues when the default branch is renamed', async () => {
  const scenario = await startScenario();
  await scenario.pushesConfig(CONFIG);
  await scenario.github.renamesDefaultBranch('trunk');
  await scenario.settled();
  await scenario.says('alice', '/advance-rollout');
  expect(await scenario.headline()).toContain(': **5%**');
});

it('opens one issue, even if several replicas get the webhook', async () => {
  const scenario = await startScenario();
  const { github, now } = scenario;
  const second = await startApp(github, { now });
  const third = await startApp(github, { now });
  github.deliverTo(scenario.app().url, second.url, third.url);
  github.nextDelivery('doubled', ({ event }) => event === 'push');
  github.nextDelivery('doubled', ({ event }) => event === 'push');
  await scenario.pushesConfig(CONFIG);
  await Promise.all([scenario.app().tick(), second.tick(), third.tick()]);
  await scenario.settled();
  expect(await github.issues()).toHaveLength(1);
  await second.close();
  await third.close();
});
