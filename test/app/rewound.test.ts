/** Somebody with write access puts an old state of the App back, and the issue with it: nobody who may advance asked. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { startApp } from '../support/start-app.ts';
import { HOUR, MINUTE, type Scenario, startScenario } from './rollout-scenario.ts';

const CONFIG = `gateway: { base_url: https://gateway.example/v1 }
models: [gpt-4o-mini]
traffic: [{ variable: { name: GATEWAY_SHARE } }]
rollout:
  stages: [5%, 25%, 100%]
  permissions: { advance: admin, retry: admin, resume: admin, force: admin }
  gates: { default: { manual: true, min_duration: 0s, min_tasks: 0, metrics: {} } }
`;
const BRANCH = 'gateway-rollout/shop';

const share = ({ github }: Scenario) => github.variable('GATEWAY_SHARE');

interface TakenBack {
  readonly scenario: Scenario;
  /** The App's own commit of the advance, whose effects were still pending. */
  readonly advance: string;
  readonly newest: string;
  readonly firstBody: string;
}

/** An admin advanced to 25 %, somebody rolled back, and two hours have passed. */
async function takenBack(): Promise<TakenBack> {
  const scenario = await startScenario();
  await scenario.pushesConfig(CONFIG);
  const firstBody = await scenario.body();
  await scenario.says('olivia', '/advance-rollout');
  expect(share(scenario)).toBe('25');
  const commits = await scenario.github.commits(BRANCH);
  const advance = (await scenario.github.commitIds(BRANCH))[
    commits.findIndex((message) => message.startsWith('advance 5% → 25%'))
  ];
  await scenario.says('bob', '/rollback-rollout');
  expect(share(scenario)).toBe('0');
  await scenario.passes(2 * HOUR);
  const [newest] = await scenario.github.commitIds(BRANCH);
  if (advance === undefined || newest === undefined)
    throw new Error(`no such commits: ${commits.join('\n')}`);
  return { scenario, advance, newest, firstBody };
}

async function staysAtNothing(scenario: Scenario, alerts = 1): Promise<void> {
  for (let jobs = 0; jobs < 2; jobs += 1) {
    await scenario.restarts();
    await scenario.passes(5 * MINUTE);
    expect(share(scenario)).toBe('0');
  }
  const said = (await scenario.replies()).filter((text) => text.includes('put back'));
  expect(said).toHaveLength(alerts);
}

const ISSUES: readonly (readonly [what: string, edit: (back: TakenBack) => Promise<void>])[] = [
  ['untouched', async () => undefined],
  [
    'without its marker',
    async ({ scenario }) =>
      scenario.github.person('alice').edits(1, (body) => body.replace(/<!-- gateway-rollout[^>]*-->\n?/, '')),
  ],
  [
    'without its number',
    async ({ scenario }) =>
      scenario.github.person('alice').edits(1, (body) => body.replace(/ seal=[^ ]*/, '')),
  ],
  [
    'as it was at first',
    async ({ scenario, firstBody }) => scenario.github.person('alice').edits(1, firstBody),
  ],
];

const WAYS: readonly (readonly [what: string, putBack: (back: TakenBack) => Promise<unknown>])[] = [
  [
    'forced back',
    ({ scenario, advance }: TakenBack) => scenario.github.person('alice').forces(BRANCH, advance),
  ],
  [
    'deleted and made anew',
    async ({ scenario, advance }: TakenBack) => {
      await scenario.github.person('alice').deletesBranch(BRANCH);
      await scenario.github.person('alice').createsBranch(BRANCH, advance);
    },
  ],
  [
    'written over by an old file',
    async ({ scenario, advance }: TakenBack) => {
      const old = await scenario.github.file('state.json', advance);
      await scenario.github.person('alice').pushes({ 'state.json': old }, { branch: BRANCH });
    },
  ],
];

/** The branch does not know of the issue: each way once, and each edit once. */
const CASES = [
  ...WAYS.map(([way, putBack]) => [way, putBack, ...(ISSUES[0] as (typeof ISSUES)[number])] as const),
  ...ISSUES.slice(1).map(([issue, edit], index) => {
    const [way, putBack] = WAYS[index % WAYS.length] as (typeof WAYS)[number];
    return [way, putBack, issue, edit] as const;
  }),
];

it.each(CASES.map(([way, putBack, issue, edit]) => [way, issue, putBack, edit] as const))(
  'no process believes a branch that was %s, the issue %s',
  async (_way, _issue, putBack, edit) => {
    const back = await takenBack();
    const { scenario } = back;
    const comments = (await scenario.github.issue(1))?.comments ?? [];
    for (const { id, body } of comments) {
      if (body.startsWith('/rollback')) await scenario.github.person('bob').deletesComment(id);
    }
    await scenario.restarts();
    await putBack(back);
    await edit(back);
    await scenario.settled();
    await staysAtNothing(scenario);
  },
);

it('a replica that has not seen the newest state does not believe an old one either', async () => {
  const scenario = await startScenario();
  const { github, now } = scenario;
  await scenario.pushesConfig(CONFIG);
  const [old] = await github.commitIds(BRANCH);
  if (old === undefined) throw new Error('The rollout did not begin.');
  const other = await startApp(github, { now });
  onTestFinished(() => other.close());
  github.deliverTo(other.url);
  const rollback = await scenario.says('bob', '/rollback-rollout');
  await other.idle();
  await scenario.settled();
  expect(share(scenario)).toBe('0');
  await github.person('alice').forces(BRANCH, old);
  github.nextDelivery('lost', ({ event }) => event === 'issues');
  await github.person('alice').edits(1, (body) => body.replace(/ seal=[^ ]*/, ''));
  await github.person('bob').deletesComment(rollback);
  github.deliverTo(scenario.app().url);
  await scenario.says('olivia', '/advance-rollout');
  await scenario.passes(5 * MINUTE);
  expect(share(scenario)).toBe('0');
});

it('continues when the newest state is restored', async () => {
  const back = await takenBack();
  const { scenario, advance, newest } = back;
  await scenario.github.person('alice').forces(BRANCH, advance);
  await scenario.restarts();
  await scenario.passes(5 * MINUTE);
  await scenario.github.person('alice').forces(BRANCH, newest);
  await scenario.restarts();
  await scenario.says('olivia', '/retry-rollout');
  expect(share(scenario)).toBe('5');
});

it('starts over after somebody deleted the branch', async () => {
  const { scenario } = await takenBack();
  await scenario.github.person('alice').deletesBranch(BRANCH);
  await scenario.restarts();
  await scenario.passes(MINUTE);
  const issue = await scenario.github.person('alice').opens('Again');
  await scenario.says('olivia', '/start-rollout', issue);
  expect(share(scenario)).toBe('5');
  await scenario.restarts();
  await scenario.passes(MINUTE);
  expect(share(scenario)).toBe('5');
});

describe('where GitHub does not show its log of the branch', () => {
  it('what takes traffic back still works, and nothing is raised by itself', async () => {
    const { scenario, advance } = await takenBack();
    scenario.github.fails({ kind: 'bad_gateway', method: 'GET', path: /\/activity$/, times: 100 });
    await scenario.restarts();
    await scenario.github.person('alice').forces(BRANCH, advance);
    await scenario.github.person('alice').edits(1, (body) => body.replace(/ seal=[^ ]*/, ''));
    await scenario.restarts();
    await scenario.passes(5 * MINUTE);
    expect(share(scenario)).toBe('0');
    await scenario.says('bob', '/rollback-rollout');
    expect(share(scenario)).toBe('0');
  });
});
