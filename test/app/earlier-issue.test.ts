/** The branch was deleted and the rollout started over: the issue of the earlier rollout shows a later number. */
import { expect, it } from 'vitest';
import { MINUTE, type Scenario, startScenario } from './rollout-scenario.ts';

const CONFIG = `gateway: { base_url: https://gateway.example/v1 }
models: [gpt-4o-mini]
traffic: [{ variable: { name: GATEWAY_SHARE } }]
rollout: { stages: [5%, 25%, 100%], gates: { default: { manual: true, min_duration: 0s, min_tasks: 0, metrics: {} } } }
`;

interface StartedOver {
  readonly scenario: Scenario;
  /** The issue of the new rollout, whose share is 5 %. Issue 1 is that of the earlier one, and closed. */
  readonly issue: number;
}

/** @param isBranchKept the new rollout continues the branch of the aborted one */
async function startedOver(isBranchKept = false): Promise<StartedOver> {
  const scenario = await startScenario();
  const { github } = scenario;
  await scenario.pushesConfig(CONFIG);
  for (const command of ['/advance-rollout', '/pause-rollout', '/resume-rollout', '/abort-rollout']) {
    await scenario.says('olivia', command);
  }
  await scenario.passes(10 * MINUTE);
  if (!isBranchKept) await github.person('alice').deletesBranch('gateway-rollout/shop');
  await scenario.restarts();
  await scenario.passes(10 * MINUTE);
  const asked = await github.person('alice').opens('Again');
  await scenario.says('olivia', '/start-rollout', asked);
  expect(github.variable('GATEWAY_SHARE')).toBe('5');
  const issue = Math.max(...(await github.issues()).map(({ number }) => number));
  return { scenario, issue };
}

it.each([
  ['was deleted', false],
  ['is kept', true],
])(
  'where its branch %s, a rollback there without a webhook is found by the next tick, and no command of the earlier rollout',
  async (_, isBranchKept) => {
    const { scenario, issue } = await startedOver(isBranchKept);
    const { github } = scenario;
    await scenario.passes(10 * MINUTE);
    expect(github.variable('GATEWAY_SHARE')).toBe('5');
    const says = async (text: string) => {
      github.nextDelivery('lost', ({ event }) => event === 'issue_comment');
      await scenario.says('bob', text, 1);
      await scenario.restarts();
      await scenario.passes(10 * MINUTE);
    };
    await says('/advance-rollout');
    expect(github.variable('GATEWAY_SHARE')).toBe('5');
    expect(await scenario.lastReply(1)).toContain(`see #${issue}`);
    await says('/rollback-rollout');
    expect(github.variable('GATEWAY_SHARE')).toBe('0');
  },
);

it.each([
  ['the process that started it', async () => undefined],
  ['a new process', (scenario: Scenario) => scenario.restarts()],
] as const)('a command there is answered by %s, and nothing is reported as put back', async (_, begin) => {
  const { scenario, issue } = await startedOver();
  await begin(scenario);
  await scenario.says('olivia', '/advance-rollout', 1);
  expect(scenario.github.variable('GATEWAY_SHARE')).toBe('5');
  expect(await scenario.lastReply(1)).toContain(`see #${issue}`);
  await scenario.says('bob', '/rollback-rollout', 1);
  expect(scenario.github.variable('GATEWAY_SHARE')).toBe('0');
  expect(await scenario.headline(issue)).toContain('Rolled back');
  await scenario.passes(10 * MINUTE);
  const said = [...(await scenario.replies(1)), ...(await scenario.replies(issue))].join('\n');
  expect(said).not.toContain('put back');
});
