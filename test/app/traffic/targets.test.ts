import { afterEach, describe, expect, it } from 'vitest';
import type { Repository } from '../../../app/repository.ts';
import { openTarget, TrafficMemory, type TrafficTarget } from '../../../app/traffic.ts';
import type { Target } from '../../../src/config/schema/traffic.ts';
import type { Shares } from '../../../src/rollout/effect.ts';
import { type Github, type GithubOptions, startGithub } from '../../support/github/github.ts';
import { openRepository } from '../open-repository.ts';

const FILE: Target = {
  kind: 'file',
  path: 'deploy/flags.json',
  branch: null,
  set: [
    { pointer: '/gateway', value: 'share', slice: null },
    { pointer: '/official', value: 'rest', slice: null },
    { pointer: '/fast', value: 'fraction', slice: 'fast' },
  ],
};
const FLAGS = '{\n  "gateway": 0, // percent\n  "official": 100,\n  "fast": 0\n}\n';
const VARIABLE: Target = {
  kind: 'variable',
  name: 'GATEWAY_SHARE',
  environment: null,
  value: { value: 'share', slice: null },
};
const DEPLOYMENT: Target = { kind: 'deployment', environment: 'production', timeout: 30 * 60_000 };
const DISPATCH: Target = { kind: 'dispatch', event_type: 'gateway-rollout' };

const SHARES: Shares = { everything: 5, slices: { fast: 25 } };
const ZERO: Shares = { everything: 0, slices: {} };
const CHANGE = {
  rollout: 'assistant',
  stage: '5%',
  generation: 7,
  purpose: 'advance',
  verified: false,
} as const;

let github: Github;
let repository: Repository;
let clock = Date.parse('2026-11-22T12:00:00Z');
afterEach(() => github.close());

async function start(options: GithubOptions = {}): Promise<void> {
  github = await startGithub({ ...options, now: () => clock });
  await github.pushes({ 'deploy/flags.json': FLAGS });
  repository = await openRepository(github);
  github.forgetRequests();
}

/** A new memory is a process that was started anew. */
function open(target: Target, memory = new TrafficMemory()): TrafficTarget {
  return openTarget(target, { repository, memory, now: () => clock, settling: 5 });
}

const asked = () => github.requests().map(({ method }) => method);

async function failureOf(target: Target): Promise<string> {
  const written = await open(target).write(SHARES, CHANGE);
  return written.kind === 'failed'
    ? `${written.final ? 'final' : 'for now'}: ${written.detail}`
    : written.kind;
}

describe('a file', () => {
  it('gets the shares in one commit that says which, and holds them then', async () => {
    await start();
    const target = open(FILE);
    expect(await target.write(SHARES, CHANGE)).toEqual({ kind: 'accepted', verified: true });
    expect(asked()).toEqual(['GET', 'PUT']);
    expect(await github.file('deploy/flags.json')).toBe(
      '{\n  "gateway": 5, // percent\n  "official": 95,\n  "fast": 0.25\n}\n',
    );
    expect((await github.commits('main'))[0]).toBe(
      'assistant: 5%, fast 25% on the gateway\n\nRollout-Stage: 5%\nRollout-Generation: 7\n',
    );
    expect(await target.look(SHARES, CHANGE)).toEqual({ kind: 'holds' });
  });

  it('changes nothing more after a crash between the write and the note that it is done', async () => {
    await start();
    await open(FILE).write(SHARES, CHANGE);
    const before = await github.commits('main');
    expect(await open(FILE).write(SHARES, CHANGE)).toEqual({ kind: 'accepted', verified: true });
    expect(await github.commits('main')).toEqual(before);
  });

  it('is not written twice when GitHub did what was asked and its answer was lost', async () => {
    await start();
    const before = await github.commits('main');
    github.fails({ kind: 'bad_gateway', when: 'after', method: 'PUT' });
    expect(await open(FILE).write(SHARES, CHANGE)).toEqual({ kind: 'accepted', verified: true });
    expect(await github.commits('main')).toHaveLength(before.length + 1);
  });

  it('is written over what somebody else changes at the same moment, and keeps that change', async () => {
    await start();
    const memory = new TrafficMemory();
    const target = open(FILE, memory);
    expect(await target.look(ZERO, CHANGE)).toEqual({ kind: 'holds' });
    let isFirst = true;
    repository.octokit.hook.before('request', async ({ method }) => {
      if (method !== 'PUT' || !isFirst) return;
      isFirst = false;
      await github.pushes({ 'deploy/flags.json': FLAGS.replace('// percent', '// of tasks') });
    });
    expect(await target.write(SHARES, CHANGE)).toEqual({ kind: 'accepted', verified: true });
    expect(await github.file('deploy/flags.json')).toBe(
      '{\n  "gateway": 5, // of tasks\n  "official": 95,\n  "fast": 0.25\n}\n',
    );
  });

  it('is proven to be writable without a change of what it holds', async () => {
    await start();
    await github.pushes({ 'deploy/flags.json': FLAGS.replace('100', '93.0') });
    const before = await github.file('deploy/flags.json');
    expect(await open(FILE).write(ZERO, { ...CHANGE, purpose: 'probe' })).toMatchObject({ kind: 'accepted' });
    expect(await github.file('deploy/flags.json')).toBe(before);
    expect((await github.commits('main'))[0]).toContain('assistant: may be written (nothing is changed)');
  });

  it('on a branch of its own leaves the default branch alone', async () => {
    await start();
    await github.pushes({ 'flags.yaml': 'share: "0%"\n' }, { branch: 'flags' });
    const own: Target = {
      kind: 'file',
      path: 'flags.yaml',
      branch: 'flags',
      set: [{ pointer: 'share', value: 'share', slice: null }],
    };
    const before = await github.commits('main');
    expect(await open(own).write(SHARES, CHANGE)).toEqual({ kind: 'accepted', verified: true });
    expect(await github.file('flags.yaml', 'flags')).toBe('share: "5%"\n');
    expect(await github.commits('main')).toEqual(before);
  });

  it('that somebody edited has drifted; the words say from what to what', async () => {
    await start();
    const target = open(FILE);
    expect(await target.look(SHARES, CHANGE)).toEqual({
      kind: 'drifted',
      found: '/gateway is 0, expected 5; /official is 100, expected 95; /fast is 0, expected 0.25',
    });
    await github.pushes({ 'deploy/flags.json': null });
    expect(await target.look(SHARES, CHANGE)).toEqual({ kind: 'drifted', found: 'no such file' });
    await github.pushes({ 'deploy/flags.json': '{"gateway": 5}' });
    expect(await target.look(SHARES, CHANGE)).toMatchObject({
      found: expect.stringContaining('/official does not exist in the file'),
    });
  });

  it('has not drifted when GitHub is merely slow to show what was written', async () => {
    await start();
    const target = open(FILE);
    await target.write(SHARES, CHANGE);
    const stale = {
      sha: 'old',
      type: 'file',
      encoding: 'base64',
      content: Buffer.from(FLAGS).toString('base64'),
    };
    let isFirst = true;
    repository.octokit.hook.after('request', (response) => {
      if (isFirst)
        Object.assign(response, { data: { ...response.data, ...stale }, headers: { etag: '"old"' } });
      isFirst = false;
    });
    expect(await target.look(SHARES, CHANGE)).toEqual({ kind: 'holds' });
  });

  it('costs one request a look, without a count where nothing changed', async () => {
    await start();
    const target = open(FILE);
    await target.look(ZERO, CHANGE);
    github.forgetRequests();
    expect(await target.look(ZERO, CHANGE)).toEqual({ kind: 'holds' });
    expect(github.requests().map(({ method, status }) => [method, status])).toEqual([['GET', 304]]);
  });

  it.each([
    [{ path: 'deploy/flag.json' }, 'there is no such file'],
    [{ path: 'deploy' }, 'there is a folder'],
    [{ branch: 'flags' }, 'deploy/flags.json on the branch flags cannot be written: there is no such file'],
    [{ set: [{ pointer: '/none', value: 'share', slice: null }] }, '/none does not exist in the file'],
  ] as const)('says what is wrong with %j, once and for all', async (wrong, words) => {
    await start();
    const failure = await failureOf({ ...FILE, ...wrong });
    expect(failure).toMatch(/^final: /);
    expect(failure).toContain(words);
  });

  it('on a protected branch fails for good, and names the two ways out', async () => {
    await start();
    github.protect({ branches: 'main', types: ['pull_request'], bypass: [] });
    expect(await failureOf(FILE)).toMatchInlineSnapshot(
      `"final: The branch main is protected, so the App cannot write deploy/flags.json: Repository rule violations found: Changes must be made through a pull request. Let the App pass that rule, or keep the file on an unprotected branch and name it in \`branch:\` of the target."`,
    );
    expect(await github.file('deploy/flags.json')).toBe(FLAGS);
  });

  it('without the permission fails for good, and names it', async () => {
    await start({ permissions: { metadata: 'read', contents: 'read' } });
    expect(await failureOf(FILE)).toMatchInlineSnapshot(
      `"final: GitHub does not let the App write deploy/flags.json: Resource not accessible by integration. Give it the permission "contents: write"."`,
    );
  });

  it('is tried again later while GitHub is in trouble', async () => {
    await start();
    github.fails({ kind: 'bad_gateway', method: 'GET', times: 10 });
    expect(await failureOf(FILE)).toMatchInlineSnapshot(
      `"for now: GitHub could not be asked to write the file deploy/flags.json: Server Error. The App tries again."`,
    );
  });

  it('is tried again later when a rate limit was met', async () => {
    await start();
    github.fails({ kind: 'secondary_rate_limit', method: 'PUT', times: 10 });
    expect(await failureOf(FILE)).toMatch(/^for now: .*secondary rate limit/);
  });
});

describe('a variable', () => {
  it('is created where it is missing, and updated then', async () => {
    await start();
    expect(await open(VARIABLE).write(SHARES, CHANGE)).toEqual({ kind: 'accepted', verified: true });
    expect(asked()).toEqual(['PATCH', 'POST']);
    expect(github.variable('GATEWAY_SHARE')).toBe('5');
    github.forgetRequests();
    await open(VARIABLE).write({ everything: 12.5, slices: {} }, CHANGE);
    expect(asked()).toEqual(['PATCH']);
    expect(github.variable('GATEWAY_SHARE')).toBe('12.5');
  });

  it('of an environment is another one than that of the repository', async () => {
    await start();
    github.environment('production eu');
    const own: Target = {
      ...VARIABLE,
      environment: 'production eu',
      value: { value: 'fraction', slice: 'fast' },
    };
    expect(await open(own).write(SHARES, CHANGE)).toEqual({ kind: 'accepted', verified: true });
    expect(github.variable('GATEWAY_SHARE', 'production eu')).toBe('0.25');
    expect(github.variable('GATEWAY_SHARE')).toBeNull();
    expect(await open(own).look(SHARES, CHANGE)).toEqual({ kind: 'holds' });
  });

  it('is proven to be writable by its present value, or created with nothing on the gateway', async () => {
    await start();
    github.setVariable('GATEWAY_SHARE', '3.5');
    await open(VARIABLE).write(ZERO, { ...CHANGE, purpose: 'probe' });
    expect(github.variable('GATEWAY_SHARE')).toBe('3.5');
    const rest: Target = { ...VARIABLE, name: 'OFFICIAL', value: { value: 'rest', slice: null } };
    await open(rest).write(ZERO, { ...CHANGE, purpose: 'probe' });
    expect(github.variable('OFFICIAL')).toBe('100');
  });

  it('that somebody set has drifted', async () => {
    await start();
    const target = open(VARIABLE);
    expect(await target.look(SHARES, CHANGE)).toEqual({ kind: 'drifted', found: 'no such variable' });
    github.setVariable('GATEWAY_SHARE', '50');
    expect(await target.look(SHARES, CHANGE)).toEqual({ kind: 'drifted', found: '"50", expected 5' });
    github.setVariable('GATEWAY_SHARE', '5.0');
    expect(await target.look(SHARES, CHANGE)).toEqual({ kind: 'holds' });
  });

  it('without the permission fails for good', async () => {
    await start({ permissions: { metadata: 'read', contents: 'write' } });
    expect(await failureOf(VARIABLE)).toMatchInlineSnapshot(
      `"final: GitHub refused to write the variable GATEWAY_SHARE: Resource not accessible by integration. Expected the App to have the permission "variables: write"."`,
    );
  });

  it('of an environment that does not exist says so', async () => {
    await start();
    expect(await failureOf({ ...VARIABLE, environment: 'nowhere' })).toMatchInlineSnapshot(
      `"final: GitHub cannot create the variable GATEWAY_SHARE of the environment nowhere: there is no such environment. Create it in the repository's settings."`,
    );
  });
});

describe('a deployment', () => {
  const report = (state: 'in_progress' | 'success' | 'failure', description?: string) =>
    github.deploymentReports(github.deployments().at(-1)?.id ?? 0, state, description);

  /** As another workflow of the team does it. */
  const createDeployment = async (deployment: { task: string; payload?: { [key: string]: unknown } }) => {
    const where = { owner: 'acme', repo: 'shop', ref: 'main', environment: 'production' };
    const { createDeployment: create } = repository.octokit.rest.repos;
    const { data } = await create({ ...where, ...deployment, required_contexts: [] });
    return { id: 'id' in data ? data.id : 0 };
  };

  it('carries the shares, and waits for the report of the workflow that acts on it', async () => {
    await start();
    const target = open(DEPLOYMENT);
    expect(await target.write(SHARES, CHANGE)).toEqual({ kind: 'accepted', verified: false });
    expect(asked()).toEqual(['GET', 'POST']);
    expect(github.deployments()).toMatchObject([
      {
        environment: 'production',
        task: 'gateway-rollout',
        payload: { rollout: 'assistant', stage: '5%', shares: SHARES, generation: 7 },
      },
    ]);
    expect(await target.look(SHARES, CHANGE)).toEqual({ kind: 'pending' });
    await report('in_progress');
    expect(await target.look(SHARES, CHANGE)).toEqual({ kind: 'pending' });
    await report('success');
    // The team's own deployments to the environment make this one inactive.
    const { id } = await createDeployment({ task: 'deploy' });
    await github.deploymentReports(id, 'success');
    expect(await target.look(SHARES, CHANGE)).toEqual({ kind: 'holds' });
    github.forgetRequests();
    expect(await target.look(SHARES, { ...CHANGE, verified: true })).toEqual({ kind: 'holds' });
    expect(github.requests().map(({ status }) => status)).toEqual([304]);
  });

  it('is created once for a change, also after a crash', async () => {
    await start();
    await open(DEPLOYMENT).write(SHARES, CHANGE);
    expect(await open(DEPLOYMENT).write(SHARES, CHANGE)).toEqual({ kind: 'accepted', verified: false });
    expect(github.deployments()).toHaveLength(1);
    await open(DEPLOYMENT).write(ZERO, { ...CHANGE, generation: 8, purpose: 'rollback' });
    expect(github.deployments()).toHaveLength(2);
  });

  it('is created again when a slow replica put an older one after it', async () => {
    await start();
    await open(DEPLOYMENT).write(ZERO, { ...CHANGE, generation: 8 });
    await open(DEPLOYMENT).write(SHARES, CHANGE);
    expect(await open(DEPLOYMENT).look(ZERO, { ...CHANGE, generation: 8, verified: true })).toEqual({
      kind: 'drifted',
      found: 'another deployment came last, of the stage 5%',
    });
    await open(DEPLOYMENT).write(ZERO, { ...CHANGE, generation: 8 });
    expect(github.deployments().map(({ payload }) => payload)).toMatchObject([
      { generation: 8 },
      { generation: 7 },
      { generation: 8 },
    ]);
  });

  it('that failed, or does not report in time, says so', async () => {
    await start();
    const target = open(DEPLOYMENT);
    await target.write(SHARES, CHANGE);
    clock += 30 * 60_000 + 1_000;
    expect(await target.look(SHARES, CHANGE)).toMatchInlineSnapshot(`
      {
        "detail": "The deployment 1001 to production did not report within 30 minutes; expected the status success. See whether a workflow acts on deployments of the task gateway-rollout, and whether it waits for a review.",
        "kind": "timed_out",
      }
    `);
    await report('failure', 'the chart did not install');
    expect(await target.look(SHARES, CHANGE)).toMatchInlineSnapshot(`
      {
        "detail": "The deployment 1001 to production reported failure (the chart did not install); expected success. See the workflow that acts on it.",
        "kind": "failed",
      }
    `);
  });

  it("is not mixed up with another rollout's, or with the team's own", async () => {
    await start();
    await open(DEPLOYMENT).write(SHARES, { ...CHANGE, rollout: 'search' });
    await createDeployment({ task: 'gateway-rollout', payload: { anything: 'else' } });
    const target = open(DEPLOYMENT);
    expect(await target.look(SHARES, CHANGE)).toEqual({
      kind: 'drifted',
      found: 'no deployment of this rollout',
    });
    await target.write(SHARES, CHANGE);
    expect(github.deployments()).toHaveLength(3);
  });
});

describe('a dispatch', () => {
  it('carries the same payload; whether it holds cannot be asked', async () => {
    await start();
    const target = open(DISPATCH);
    expect(await target.write(SHARES, CHANGE)).toEqual({ kind: 'accepted', verified: true });
    expect(github.dispatches()).toMatchObject([
      {
        event: 'gateway-rollout',
        payload: { rollout: 'assistant', stage: '5%', shares: SHARES, generation: 7 },
      },
    ]);
    github.forgetRequests();
    expect(await target.look(SHARES, CHANGE)).toEqual({ kind: 'unknown' });
    expect(asked()).toEqual([]);
  });

  it('without the permission fails for good', async () => {
    await start({ permissions: { metadata: 'read' } });
    expect(await failureOf(DISPATCH)).toMatchInlineSnapshot(
      `"final: GitHub refused to write the dispatch gateway-rollout: Resource not accessible by integration. Expected the App to have the permission "contents: write"."`,
    );
  });
});
