/** What people say while the state is not trusted, or cannot be written: a rollback works at once, and nothing is lost. */
import { describe, expect, it } from 'vitest';
import { MINUTE, type Scenario, startScenario } from './rollout-scenario.ts';

const CONFIG = `gateway: { base_url: https://gateway.example/v1 }
models: [gpt-4o-mini]
traffic: [{ variable: { name: GATEWAY_SHARE } }]
rollout:
  stages: [5%, 25%, 100%]
  gates: { default: { manual: true, min_duration: 0s, min_tasks: 0, metrics: {} } }
`;
const BRANCH = 'gateway-rollout/shop';

const share = ({ github }: Scenario) => github.variable('GATEWAY_SHARE');

interface Started {
  readonly scenario: Scenario;
  /** Commits of the App. */
  readonly first: string;
  readonly newest: string;
}

/** The share is 25 %. */
async function started(): Promise<Started> {
  const scenario = await startScenario({ app: { retries: 0 } });
  await scenario.pushesConfig(CONFIG);
  const [first = ''] = await scenario.github.commitIds(BRANCH);
  await scenario.says('olivia', '/advance-rollout');
  expect(share(scenario)).toBe('25');
  await scenario.passes(5 * MINUTE);
  const [newest = ''] = await scenario.github.commitIds(BRANCH);
  return { scenario, first, newest };
}

const alice = ({ github }: Scenario) => github.person('alice');

const DAMAGES: readonly (readonly [what: string, damage: (started: Started) => Promise<unknown>])[] = [
  ['was forced back', ({ scenario, first }) => alice(scenario).forces(BRANCH, first)],
  ['is gone', ({ scenario }) => alice(scenario).deletesBranch(BRANCH)],
  [
    'was written over by an old file',
    async ({ scenario, first }) => {
      const old = await scenario.github.file('state.json', first);
      await alice(scenario).pushes({ 'state.json': old }, { branch: BRANCH });
    },
  ],
  [
    'was forged',
    ({ scenario }) => alice(scenario).pushes({ 'state.json': '{ "forged": true }' }, { branch: BRANCH }),
  ],
];

/** By any means. */
async function restores({ scenario, newest }: Started): Promise<void> {
  const isThere = (await scenario.github.branches()).includes(BRANCH);
  if (isThere) await alice(scenario).forces(BRANCH, newest);
  else await alice(scenario).createsBranch(BRANCH, newest);
}

describe.each(DAMAGES)('the branch %s', (_, damage) => {
  it.each([
    ['the process that wrote it', async () => undefined],
    ['a new process', (scenario: Scenario) => scenario.restarts()],
  ] as const)('and %s hears a rollback: at once, and again when it is restored', async (_who, begin) => {
    const found = await started();
    const { scenario } = found;
    await damage(found);
    await begin(scenario);
    const comment = await scenario.says('bob', '/rollback-rollout');
    await scenario.passes(5 * MINUTE);
    expect(share(scenario)).toBe('0');
    expect(await scenario.replies()).toContainEqual(expect.stringContaining('was taken back anyway'));
    await restores(found);
    await scenario.passes(5 * MINUTE);
    expect(await scenario.headline()).toContain('Rolled back');
    expect(await scenario.reactions(comment)).toContain('rocket');
    expect(share(scenario)).toBe('0');
  });
});

it('a rollback whose webhook is lost takes traffic back at the next tick, and only people who may are heard', async () => {
  const found = await started();
  const { scenario } = found;
  await alice(scenario).forces(BRANCH, found.first);
  await scenario.says('rita', '/rollback-rollout');
  await scenario.passes(5 * MINUTE);
  expect(share(scenario)).toBe('25');
  scenario.github.deliverTo();
  await scenario.says('bob', '/rollback-rollout');
  expect(share(scenario)).toBe('25');
  await scenario.passes(5 * MINUTE);
  expect(share(scenario)).toBe('0');
});

it('a pause counts when the newest state is restored', async () => {
  const found = await started();
  const { scenario } = found;
  await alice(scenario).forces(BRANCH, found.first);
  await scenario.says('bob', '/pause-rollout');
  await restores(found);
  await scenario.passes(5 * MINUTE);
  expect(await scenario.headline()).toContain('Paused');
});

it('a state that is restored raises nothing before what was said meanwhile is heard', async () => {
  const found = await started();
  const { scenario } = found;
  await alice(scenario).forces(BRANCH, found.first);
  await scenario.says('bob', '/rollback-rollout');
  expect(share(scenario)).toBe('0');
  await restores(found);
  const second = await scenario.says('olivia', '/advance-rollout');
  expect(share(scenario)).toBe('0');
  expect(await scenario.headline()).toContain('Rolled back');
  expect(await scenario.reactions(second)).toContain('confused');
});

it.each([
  ['to write the state', { method: 'PUT', path: /state\.json$/ }],
  ['to show its log of the branch', { method: 'GET', path: /\/activity$/, times: 2 }],
] as const)(
  'a rollback takes traffic back although GitHub fails %s, and is recorded later',
  async (_, fault) => {
    const { scenario } = await started();
    scenario.github.fails({ kind: 'bad_gateway', ...fault });
    await scenario.says('bob', '/rollback-rollout');
    expect(share(scenario)).toBe('0');
    expect(await scenario.headline()).not.toContain('Rolled back');
    await scenario.passes(5 * MINUTE);
    expect(await scenario.headline()).toContain('Rolled back');
    expect(share(scenario)).toBe('0');
  },
);
