import { expect, it, onTestFinished, vi } from 'vitest';
import { startApp } from '../support/start-app.ts';
import { MINUTE, type Scenario, startScenario } from './rollout-scenario.ts';

const CONFIG = `gateway: { base_url: https://gateway.example/v1 }
models: [gpt-4o-mini]
traffic:
  - file: { path: flags.json, set: { /share: share } }
  - variable: { name: GATEWAY_SHARE }
rollout:
  stages: [5%, 25%, 50%, 100%]
  gates: { default: { manual: true }, 5%: { manual: true, approvals: 2 } }
`;

/** Three replicas take turns in what GitHub delivers. */
async function threeReplicas(): Promise<Scenario & { readonly tickAll: () => Promise<void> }> {
  const scenario = await startScenario();
  const { github, now } = scenario;
  const others = [await startApp(github, { now }), await startApp(github, { now })];
  for (const other of others) onTestFinished(() => other.close());
  github.deliverTo(scenario.app().url, ...others.map(({ url }) => url));
  await github.pushes({ 'flags.json': '{ "share": 0 }\n' });
  await scenario.pushesConfig(CONFIG);
  const settled = async () => {
    await scenario.settled();
    for (const other of others) await other.idle();
    await scenario.settled();
  };
  return {
    ...scenario,
    settled,
    async tickAll() {
      await Promise.all([scenario.app().tick(), ...others.map((other) => other.tick())]);
      await settled();
    },
  };
}

it('advances once if two replicas get an approval at the same moment', async () => {
  const { github, ...scenario } = await threeReplicas();
  await Promise.all([
    github.person('alice').comments(1, '/advance-rollout'),
    github.person('bob').comments(1, '/advance-rollout'),
  ]);
  await scenario.settled();
  expect(await scenario.headline()).toContain(': **25%**');
  await scenario.tickAll();
  expect(await scenario.headline()).toContain(': **25%**');
  expect(JSON.parse((await github.file('flags.json')) ?? '')).toEqual({ share: 25 });
});

it('answers each command once, although every webhook comes twice and every replica ticks', async () => {
  const { github, ...scenario } = await threeReplicas();
  for (const person of ['alice', 'bob', 'mara']) {
    github.nextDelivery('doubled', ({ event }) => event === 'issue_comment');
    await github.person(person).comments(1, '/rollout-status');
  }
  await scenario.settled();
  await scenario.tickAll();
  await scenario.passes(5 * MINUTE);
  await scenario.tickAll();
  const replies = await scenario.replies();
  expect(replies.filter((reply) => reply.includes('rollout reply:comment'))).toHaveLength(3);
});

it('lets a rollback win over an advance at the same moment', async () => {
  const { github, ...scenario } = await threeReplicas();
  await Promise.all([
    github.person('mara').comments(1, '/advance-rollout --force --reason "quick"'),
    github.person('alice').comments(1, '/rollback-rollout'),
  ]);
  await scenario.settled();
  await scenario.passes(5 * MINUTE);
  await scenario.tickAll();
  expect(await scenario.headline()).toContain('Rolled back');
  expect(JSON.parse((await github.file('flags.json')) ?? '')).toEqual({ share: 0 });
  expect(github.variable('GATEWAY_SHARE')).toBe('0');
});

it('ends at the newest shares when a replica writes outdated ones late', async () => {
  const scenario = await startScenario();
  const { github, now } = scenario;
  await github.pushes({ 'flags.json': '{ "share": 0 }\n' });
  await scenario.pushesConfig(CONFIG);
  const written: string[] = [];
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const slow = await startApp(github, {
    now,
    fetch: async (input, init) => {
      const request = new Request(input, init);
      if (request.method === 'PATCH' && request.url.includes('/variables/')) {
        written.push(JSON.parse(await request.clone().text()).value);
        await released;
      }
      return github.fetch(request);
    },
  });
  onTestFinished(() => slow.close());
  github.deliverTo(slow.url);
  await github.person('mara').comments(1, '/advance-rollout --force --reason "late"');
  await vi.waitFor(() => expect(written).toEqual(['25']), { timeout: 10_000 });
  github.deliverTo(scenario.app().url);
  await github.person('alice').comments(1, '/rollback-rollout');
  await vi.waitFor(() => expect(github.variable('GATEWAY_SHARE')).toBe('0'), { timeout: 10_000 });
  await scenario.app().idle();
  release();
  await scenario.settled();
  await slow.idle();
  expect(written).toEqual(['25', '0']);
  expect(github.variable('GATEWAY_SHARE')).toBe('0');
  expect(await scenario.headline()).toContain('Rolled back');
});
