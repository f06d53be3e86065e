/** A command takes effect whatever GitHub refuses beside it: reactions, labels, replies. */
import { describe, expect, it } from 'vitest';
import { MINUTE, type Scenario, startScenario } from './rollout-scenario.ts';

const CONFIG = `gateway: { base_url: https://gateway.example/v1 }
models: [gpt-4o-mini]
traffic: [{ variable: { name: GATEWAY_SHARE } }]
rollout: { stages: [5%, 100%], gates: { default: { manual: true, min_duration: 0s, min_tasks: 0, metrics: {} } } }
`;
const REACTIONS = /\/reactions$/;

const share = ({ github }: Scenario) => github.variable('GATEWAY_SHARE');

async function atFivePercent(): Promise<Scenario> {
  const scenario = await startScenario();
  await scenario.pushesConfig(CONFIG);
  expect(share(scenario)).toBe('5');
  return scenario;
}

/** What keeps `POST …/reactions` from working while the rest of GitHub does. */
const REFUSALS: readonly (readonly [what: string, refuse: (scenario: Scenario) => Promise<void> | void])[] = [
  ['the issue is locked', (scenario) => scenario.github.person('olivia').locks(1)],
  [
    'the endpoint is down',
    ({ github }) => github.fails({ kind: 'bad_gateway', method: 'POST', path: REACTIONS, times: 100 }),
  ],
  [
    'the endpoint is limited',
    ({ github }) =>
      github.fails({ kind: 'secondary_rate_limit', method: 'POST', path: REACTIONS, times: 100 }),
  ],
  [
    'the comment is gone',
    ({ github }) => github.fails({ kind: 'not_found', method: 'POST', path: REACTIONS, times: 100 }),
  ],
  [
    'the endpoint hangs up',
    ({ github }) => github.fails({ kind: 'reset', method: 'POST', path: REACTIONS, times: 100 }),
  ],
  [
    'replies fail as well',
    ({ github }) =>
      github.fails({ kind: 'bad_gateway', method: 'POST', path: /\/(reactions|comments)$/, times: 100 }),
  ],
];

describe.each(REFUSALS)('a reaction that GitHub refuses: %s', (_, refuse) => {
  it('/rollback-rollout takes effect by its webhook', async () => {
    const scenario = await atFivePercent();
    await refuse(scenario);
    await scenario.says('alice', '/rollback-rollout');
    expect(share(scenario)).toBe('0');
  });

  it('/rollback-rollout takes effect by a tick', async () => {
    const scenario = await atFivePercent();
    await refuse(scenario);
    scenario.github.nextDelivery('lost', ({ event }) => event === 'issue_comment');
    await scenario.says('alice', '/rollback-rollout');
    expect(share(scenario)).toBe('5');
    await scenario.passes(MINUTE);
    expect(share(scenario)).toBe('0');
  });
});

it.each([
  ['/abort-rollout', '0'],
  ['/advance-rollout', '100'],
])('%s takes effect on a locked issue', async (command, expected) => {
  const scenario = await atFivePercent();
  await scenario.github.person('olivia').locks(1);
  await scenario.says('olivia', command);
  expect(share(scenario)).toBe(expected);
});

it('/start-rollout starts although its reaction is refused', async () => {
  const scenario = await startScenario();
  scenario.github.nextDelivery('lost', ({ event }) => event === 'push');
  await scenario.pushesConfig(CONFIG);
  const issue = await scenario.github.person('alice').opens('Move to the gateway');
  scenario.github.fails({ kind: 'bad_gateway', method: 'POST', path: REACTIONS, times: 100 });
  await scenario.says('alice', '/start-rollout', issue);
  expect(share(scenario)).toBe('5');
});

describe('the label', () => {
  it('does not identify the issue, and comes back', async () => {
    const scenario = await atFivePercent();
    await scenario.github.person('tom').removesLabel(1, 'gateway-rollout');
    await scenario.says('alice', '/rollback-rollout');
    expect(share(scenario)).toBe('0');
    await scenario.passes(MINUTE);
    const [issue] = await scenario.github.issues();
    expect(issue?.labels).toContain('gateway-rollout');
  });
});

it('an issue whose marker somebody removed still takes commands', async () => {
  const scenario = await atFivePercent();
  scenario.github.nextDelivery('lost', ({ event }) => event === 'issues');
  await scenario.github.person('bob').edits(1, 'nothing to see here');
  await scenario.says('alice', '/rollback-rollout');
  expect(share(scenario)).toBe('0');
  expect(await scenario.headline()).toContain('Rolled back');
});

it.each(['- /rollback-rollout', '**/rollback-rollout**', 'please /rollback-rollout'])(
  '%j is answered to who may use it, and to nobody else',
  async (text) => {
    const scenario = await atFivePercent();
    const before = await scenario.replies();
    const ofReader = await scenario.says('rita', text);
    expect(await scenario.reactions(ofReader)).toEqual([]);
    expect(await scenario.replies()).toEqual(before);
    const ofWriter = await scenario.says('alice', text);
    expect(await scenario.reactions(ofWriter)).toEqual(['confused']);
    expect(await scenario.lastReply()).toContain('Did you mean <code>/rollback-rollout</code>?');
    expect(share(scenario)).toBe('5');
  },
);
