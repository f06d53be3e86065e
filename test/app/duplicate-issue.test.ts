/** GitHub opened the issue without a response, and its lists left it out: a second one is there for a while. */
import { expect, it } from 'vitest';
import { MINUTE, type Scenario, startScenario } from './rollout-scenario.ts';

const CONFIG = `gateway: { base_url: https://gateway.example/v1 }
models: [gpt-4o-mini]
traffic: [{ variable: { name: GATEWAY_SHARE } }]
rollout: { stages: [5%, 100%], gates: { default: { manual: true, min_duration: 0s, min_tasks: 0, metrics: {} } } }
`;

/** Both issues are open, and the rollout knows the second. */
async function withTwoIssues(): Promise<Scenario> {
  const scenario = await startScenario({ app: { retries: 0 } });
  scenario.github.listsLag(10 * MINUTE);
  scenario.github.fails({ kind: 'bad_gateway', when: 'after', method: 'POST', path: /\/issues$/ });
  await scenario.pushesConfig(CONFIG);
  await scenario.passes(MINUTE);
  const open = (await scenario.github.issues()).filter(({ state }) => state === 'open');
  expect(open).toHaveLength(2);
  expect(scenario.github.variable('GATEWAY_SHARE')).toBe('5');
  return scenario;
}

it('a command on the second issue is passed on at once, and that issue says which one counts and is closed', async () => {
  const scenario = await withTwoIssues();
  const comment = await scenario.says('alice', '/rollback-rollout', 1);
  expect(scenario.github.variable('GATEWAY_SHARE')).toBe('0');
  expect(await scenario.reactions(comment, 1)).toEqual(['eyes', 'rocket']);
  expect(await scenario.lastReply(1)).toContain('see #2');
  expect((await scenario.github.issues()).map(({ state }) => state)).toEqual(['closed', 'open']);
});

it('a tick closes the second issue, and carries out what was missed there', async () => {
  const scenario = await withTwoIssues();
  scenario.github.listsLag(0);
  scenario.github.nextDelivery('lost', ({ event }) => event === 'issue_comment');
  await scenario.says('alice', '/rollback-rollout', 1);
  expect(scenario.github.variable('GATEWAY_SHARE')).toBe('5');
  await scenario.passes(10 * MINUTE);
  expect(scenario.github.variable('GATEWAY_SHARE')).toBe('0');
  expect((await scenario.github.issues()).map(({ state }) => state)).toEqual(['closed', 'open']);
  expect((await scenario.replies(1)).filter((text) => text.includes('the other one counts'))).toHaveLength(1);
  expect(await scenario.headline(2)).toContain('Rolled back');
});

it.each([
  ['the process that closed it', async () => undefined],
  ['a new process', (scenario: Scenario) => scenario.restarts()],
] as const)('what people say on the closed second issue is found by %s', async (_, begin) => {
  const scenario = await withTwoIssues();
  const says = async (text: string) => {
    scenario.github.nextDelivery('lost', ({ event }) => event === 'issue_comment');
    return scenario.says('alice', text, 1);
  };
  scenario.github.listsLag(10_000, 'all');
  const unheard = await says('/pause-rollout');
  await scenario.says('alice', '/rollout-status', 1);
  expect((await scenario.github.issue(1))?.state).toBe('closed');
  await begin(scenario);
  // From now on, lists show the issue.
  await scenario.passes(10 * MINUTE);
  expect(await scenario.reactions(unheard, 1)).toEqual(['eyes', 'rocket']);
  await says('/rollback-rollout');
  await begin(scenario);
  await scenario.passes(5 * MINUTE);
  expect(scenario.github.variable('GATEWAY_SHARE')).toBe('0');
  expect((await scenario.replies(1)).filter((text) => text.includes('the other one counts'))).toHaveLength(1);
});

it('a second issue whose marker somebody removed is known by its title', async () => {
  const scenario = await withTwoIssues();
  scenario.github.listsLag(0);
  scenario.github.nextDelivery('lost', ({ event }) => event === 'issues');
  await scenario.github
    .person('alice')
    .edits(1, (body) => body.replace(/<!-- gateway-rollout[^>]*-->\n?/, ''));
  scenario.github.nextDelivery('lost', ({ event }) => event === 'issue_comment');
  await scenario.says('alice', '/rollback-rollout', 1);
  await scenario.passes(10 * MINUTE);
  expect(scenario.github.variable('GATEWAY_SHARE')).toBe('0');
  expect((await scenario.github.issues()).map(({ state }) => state)).toEqual(['closed', 'open']);
});

it('a command on the issue whose creation had no response makes it the one that counts', async () => {
  const scenario = await startScenario({ app: { retries: 0 } });
  scenario.github.listsLag(10 * MINUTE);
  scenario.github.fails({ kind: 'bad_gateway', when: 'after', method: 'POST', path: /\/issues$/ });
  await scenario.pushesConfig(CONFIG);
  await scenario.says('alice', '/rollback-rollout', 1);
  await scenario.passes(MINUTE);
  expect(scenario.github.variable('GATEWAY_SHARE')).toBe('0');
  expect(await scenario.github.issues()).toHaveLength(1);
});

it('a reply that was posted without a response is not posted again while lists lag', async () => {
  const scenario = await startScenario({ app: { retries: 0 } });
  await scenario.pushesConfig(CONFIG);
  scenario.github.listsLag(10_000);
  scenario.github.fails({ kind: 'bad_gateway', when: 'after', method: 'POST', path: /\/comments$/ });
  await scenario.says('alice', '/rollout-status');
  await scenario.says('alice', 'thanks');
  scenario.github.listsLag(0);
  for (let ticks = 0; ticks < 4; ticks += 1) await scenario.passes(MINUTE);
  const replies = await scenario.replies();
  expect(new Set(replies).size).toBe(replies.length);
});
