/** How many requests the App sends to GitHub: at most 5 on a tick that finds nothing, and 1 for each target. */
import { describe, expect, it } from 'vitest';
import type { Github } from '../support/github/github.ts';
import { HOUR, MINUTE, type Scenario, startScenario } from './rollout-scenario.ts';
import { job, openGithub, withToken } from './run-job.ts';

const TARGETS = {
  file: 'file: { path: flags.json, set: { /share: share } }',
  variable: 'variable: { name: GATEWAY_SHARE }',
  deployment: 'deployment: { environment: production }',
  dispatch: 'dispatch: { event_type: gateway-rollout }',
  workflow: 'workflow: { file: gateway-traffic.yml }',
} as const;
type Kind = keyof typeof TARGETS;
const KINDS = Object.keys(TARGETS) as Kind[];

const MEASURE = 'measure: { source: prometheus, workflow: gateway-observe.yml, interval: 1h }\n';
const configOf = (kinds: readonly Kind[], measure = '', gate = 'manual: true') =>
  `gateway: { base_url: https://gateway.example/v1 }
models: [gpt-4o-mini]
traffic: [${kinds.map((kind) => `{ ${TARGETS[kind]} }`).join(', ')}]
${measure}rollout: { stages: [local, 5%, 100%], gates: { local: { ${gate} }, default: { manual: true } } }
`;

/** What the App asks to find the repositories or to get its token, in every process. */
const ENTRY = [
  '/installation',
  '/access_tokens',
  '/graphql',
  '/app/installations',
  '/installation/repositories',
  '/app',
];

/** Requests after the entry, without the repository's own name. */
function asked(github: Github): readonly string[] {
  const base = `/repos/${github.name}`;
  return github
    .requests()
    .map(({ method, path }) => `${method} ${path.split('?')[0]}`)
    .filter((request) => !ENTRY.some((end) => request.endsWith(end)) && request !== `GET ${base}`)
    .map((request) => request.replace(`${base}/`, ''));
}

const FIRST_TICK = [
  'GET contents/.github',
  'GET git/matching-refs/heads%2Fgateway-rollout%2F',
  'GET contents/state.json',
  expect.stringMatching(/^GET activity/),
  'GET issues',
];

/** What is left to be reported for the target to be verified. */
async function reports(github: Github): Promise<void> {
  const run = github.startedRuns().at(-1);
  if (run?.conclusion === null) await github.runFinished('gateway-traffic.yml', { run: run.id });
  const deployment = github.deployments().at(-1);
  if (deployment?.states.length === 0) await github.deploymentReports(deployment.id, 'success');
}

async function prepares(github: Github, config: string): Promise<void> {
  await github.pushes(
    {
      'flags.json': '{ "share": 0 }\n',
      '.github/workflows/gateway-traffic.yml':
        'on: { workflow_dispatch: { inputs: { share: , payload: } } }\n',
    },
    { by: 'alice' },
  );
  await github.pushes({ '.github/gateway-rollout.yml': config }, { by: 'alice' });
}

describe('an idle job, which is a new process', () => {
  const permissions = { contents: 'write', issues: 'write', checks: 'write', actions: 'write' } as const;
  const asJob = (github: Github) => withToken(github.jobToken(permissions));
  // A target asks for as much whatever the others are, and what is measured asks for no more.
  it.each([
    { token: "an App's token", kinds: KINDS, measure: MEASURE, auth: () => ({}) },
    { token: "an App's token", kinds: ['file'], measure: '', auth: () => ({}) },
    { token: "the job's own token", kinds: ['dispatch', 'workflow'], measure: MEASURE, auth: asJob },
    { token: "the job's own token", kinds: ['dispatch'], measure: '', auth: asJob },
  ] as const)(
    'sends 5 and 1 for each target of $kinds with $token, $measure',
    async ({ kinds, measure, auth }) => {
      const github = await openGithub({ permissions: { ...permissions, ...ALL } });
      const run = (name?: string) =>
        job(github, { ...auth(github), ...(name === undefined ? {} : { name }) });
      await prepares(github, configOf(kinds, measure));
      await run();
      await reports(github);
      await run('schedule');
      const idle = async () => {
        github.forgetRequests();
        await run('schedule');
        const requests = asked(github);
        expect(requests.slice(0, 5)).toEqual(FIRST_TICK);
        // One for each target that can be read, and no two of one kind.
        const ofTargets = requests.slice(5);
        expect(new Set(ofTargets).size).toBe(ofTargets.length);
        expect(ofTargets.length).toBeLessThanOrEqual(kinds.length);
      };
      await idle();
      await github.person('alice').comments(1, '/advance-rollout');
      await run();
      await reports(github);
      await run('schedule');
      expect((await github.issue(1))?.body).toContain(': **5%**');
      await idle();
    },
  );
});

const ALL = {
  metadata: 'read',
  pull_requests: 'read',
  deployments: 'write',
  actions_variables: 'write',
} as const;

async function inProduction(
  kinds: readonly Kind[] = ['file', 'variable'],
  measure = MEASURE,
): Promise<Scenario> {
  const scenario = await startScenario();
  await prepares(scenario.github, configOf(kinds, measure));
  await scenario.settled();
  await scenario.says('alice', '/advance-rollout');
  expect(await scenario.headline()).toContain(': **5%**');
  for (let ticks = 0; ticks < 3; ticks += 1) await scenario.passes(MINUTE);
  return scenario;
}

async function idleTick(scenario: Scenario): Promise<readonly string[]> {
  scenario.github.forgetRequests();
  await scenario.passes(MINUTE);
  return asked(scenario.github);
}

describe('an idle tick of a server', () => {
  it('sends 4 requests and 1 for each target, 1 more after a restart, and the runs when a window is due', async () => {
    const scenario = await inProduction();
    expect((await idleTick(scenario)).toSorted()).toEqual([
      'GET actions/runs',
      'GET actions/variables/GATEWAY_SHARE',
      'GET contents/.github',
      'GET contents/flags.json',
      'GET git/matching-refs/heads%2Fgateway-rollout%2F',
      'GET issues',
    ]);
    await scenario.restarts();
    const requests = await idleTick(scenario);
    expect(requests.slice(0, 5)).toEqual(FIRST_TICK);
    expect(requests).toHaveLength(7);
    await scenario.restarts();
    scenario.github.forgetRequests();
    await scenario.passes(HOUR);
    expect(asked(scenario.github)).toContain('GET actions/runs');
  });

  it('asks for no runs where the config names no workflow, and for no target when the rollout is over', async () => {
    const scenario = await inProduction(['variable'], '');
    expect(await idleTick(scenario)).toHaveLength(4);
    for (let stages = 0; stages < 2; stages += 1) await scenario.says('alice', '/advance-rollout');
    expect(await scenario.headline()).toContain('Completed');
    await scenario.passes(MINUTE);
    await scenario.restarts();
    expect(await idleTick(scenario)).toEqual(FIRST_TICK);
  });
});

describe('a new process asks for more only where it may have missed something', () => {
  it('for the runs when the gate names a workflow', async () => {
    const scenario = await startScenario();
    await prepares(scenario.github, configOf(['variable'], '', 'workflows: [check.yml]'));
    await scenario.settled();
    await scenario.passes(MINUTE);
    await scenario.restarts();
    expect(await idleTick(scenario)).toEqual([...FIRST_TICK, 'GET actions/runs']);
  });

  it('for the comments when somebody wrote one, even if they deleted another one', async () => {
    const scenario = await inProduction(['variable'], '');
    const { github } = scenario;
    const thanks = await scenario.says('alice', 'thanks');
    await scenario.says('alice', '/rollout-status');
    await scenario.passes(MINUTE);
    await scenario.restarts();
    expect(await idleTick(scenario)).toHaveLength(6);
    await scenario.passes(2 * MINUTE);
    await github.person('alice').deletesComment(thanks);
    github.nextDelivery('lost', ({ event }) => event === 'issue_comment');
    await scenario.says('alice', '/rollback-rollout');
    expect(github.variable('GATEWAY_SHARE')).toBe('5');
    await scenario.restarts();
    await scenario.passes(MINUTE);
    expect(github.variable('GATEWAY_SHARE')).toBe('0');
  });
});

describe('a command', () => {
  it('that raises the share in one file sends 10 requests and 3 for the target, and 1 more in a new process', async () => {
    const scenario = await inProduction(['file'], '');
    const cost = async (text: string) => {
      scenario.github.forgetRequests();
      await scenario.says('mara', text);
      return asked(scenario.github).length;
    };
    await scenario.says('mara', '/rollback-rollout');
    expect(await cost('/retry-rollout')).toBeLessThanOrEqual(10 + 3);
    await scenario.restarts();
    expect(await cost('/advance-rollout')).toBeLessThanOrEqual(11 + 3);
  });

  it.each(['in a process that knows the rollout', 'in a new process'])('%s', async (process) => {
    const scenario = await inProduction();
    const cost = async (person: string, text: string) => {
      if (process === 'in a new process') await scenario.restarts();
      scenario.github.forgetRequests();
      await scenario.says(person, text);
      return asked(scenario.github).length;
    };
    const targets = 2;
    // Before the share goes up, the comments are read; and a new process reads the state.
    const raise = 9 + 3 * targets + (process === 'in a new process' ? 1 : 0);
    expect(await cost('alice', 'thanks')).toBe(0);
    expect(await cost('alice', '/rollout-status')).toBeLessThanOrEqual(9);
    expect(await cost('alice', '/advance-rollout')).toBeLessThanOrEqual(raise);
    expect(await cost('rita', '/advance-rollout')).toBeLessThanOrEqual(9);
    expect(await cost('alice', '/pause-rollout')).toBeLessThanOrEqual(9);
    expect(await cost('mara', '/rollback-rollout')).toBeLessThanOrEqual(9 + 3 * targets);
    expect(await cost('mara', '/retry-rollout')).toBeLessThanOrEqual(raise);
    expect(await cost('mara', '/advance-rollout --force --reason "x"')).toBeLessThanOrEqual(raise);
  });
});
