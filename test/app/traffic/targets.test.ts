import { describe, expect, it } from 'vitest';
import type { Repository } from '../../../app/repository.ts';
import type { Target } from '../../../src/config/schema/traffic.ts';
import type { Github } from '../../support/github/github.ts';
import { CHANGE, SHARES, start, ZERO } from './start-target.ts';

const VARIABLE: Target = {
  kind: 'variable',
  name: 'GATEWAY_SHARE',
  environment: null,
  value: { value: 'share', slice: null },
};
const DEPLOYMENT: Target = { kind: 'deployment', environment: 'production', timeout: 30 * 60_000 };
const DISPATCH: Target = { kind: 'dispatch', event_type: 'gateway-rollout' };

describe('a variable', () => {
  it('is created where it is missing, and updated then', async () => {
    const { github, open, asked } = await start();
    expect(await open(VARIABLE).write(SHARES, CHANGE)).toEqual({ kind: 'done', verified: true });
    expect(asked()).toEqual(['PATCH', 'POST']);
    expect(github.variable('GATEWAY_SHARE')).toBe('5');
    github.forgetRequests();
    await open(VARIABLE).write({ everything: 12.5, slices: {} }, CHANGE);
    expect(asked()).toEqual(['PATCH']);
    expect(github.variable('GATEWAY_SHARE')).toBe('12.5');
  });

  it('of an environment is separate from that of the repository', async () => {
    const { github, open } = await start();
    github.environment('production eu');
    const own: Target = {
      ...VARIABLE,
      environment: 'production eu',
      value: { value: 'fraction', slice: 'fast' },
    };
    expect(await open(own).write(SHARES, CHANGE)).toEqual({ kind: 'done', verified: true });
    expect(github.variable('GATEWAY_SHARE', 'production eu')).toBe('0.25');
    expect(github.variable('GATEWAY_SHARE')).toBeNull();
    expect(await open(own).read(SHARES, CHANGE)).toEqual({ kind: 'holds' });
  });

  it('is tested by writing its current value, or created with 0 % on the gateway', async () => {
    const { github, open } = await start();
    github.setVariable('GATEWAY_SHARE', '3.5');
    await open(VARIABLE).write(ZERO, { ...CHANGE, purpose: 'probe' });
    expect(github.variable('GATEWAY_SHARE')).toBe('3.5');
    const rest: Target = { ...VARIABLE, name: 'OFFICIAL', value: { value: 'rest', slice: null } };
    await open(rest).write(ZERO, { ...CHANGE, purpose: 'probe' });
    expect(github.variable('OFFICIAL')).toBe('100');
  });

  it('that somebody set has drifted', async () => {
    const { github, open } = await start();
    const target = open(VARIABLE);
    expect(await target.read(SHARES, CHANGE)).toEqual({ kind: 'drifted', found: 'no such variable' });
    github.setVariable('GATEWAY_SHARE', '50');
    expect(await target.read(SHARES, CHANGE)).toEqual({ kind: 'drifted', found: '"50", expected 5' });
    github.setVariable('GATEWAY_SHARE', '5.0');
    expect(await target.read(SHARES, CHANGE)).toEqual({ kind: 'holds' });
  });

  it('without the permission fails permanently', async () => {
    const { failureOf } = await start({ permissions: { metadata: 'read', contents: 'write' } });
    expect(await failureOf(VARIABLE)).toMatchInlineSnapshot(
      `"final: GitHub refused to write the variable GATEWAY_SHARE: Resource not accessible by integration. The App needs the permission "variables: write"."`,
    );
  });

  it('of an environment that does not exist says so', async () => {
    const { failureOf } = await start();
    expect(await failureOf({ ...VARIABLE, environment: 'nowhere' })).toMatchInlineSnapshot(
      `"final: GitHub cannot create the variable GATEWAY_SHARE of the environment nowhere: there is no such environment. Create it in the repository's settings."`,
    );
  });
});

describe('a deployment', () => {
  type State = 'in_progress' | 'success' | 'failure';
  const report = (github: Github, state: State, description?: string) =>
    github.deploymentReports(github.deployments().at(-1)?.id ?? 0, state, description);

  /** As another workflow of the team does it. */
  const createDeployment = async (
    repository: Repository,
    deployment: { task: string; payload?: { [key: string]: unknown } },
  ) => {
    const where = { owner: 'acme', repo: 'shop', ref: 'main', environment: 'production' };
    const { createDeployment: create } = repository.octokit.rest.repos;
    const { data } = await create({ ...where, ...deployment, required_contexts: [] });
    return { id: 'id' in data ? data.id : 0 };
  };

  it('carries the shares, and waits for the report of the workflow that acts on it', async () => {
    const { asked, github, open, repository } = await start();
    const target = open(DEPLOYMENT);
    expect(await target.write(SHARES, CHANGE)).toEqual({ kind: 'done', verified: false });
    expect(asked()).toEqual(['GET', 'POST']);
    expect(github.deployments()).toMatchObject([
      {
        environment: 'production',
        task: 'gateway-rollout',
        payload: { rollout: 'assistant', stage: '5%', shares: SHARES, generation: 7 },
      },
    ]);
    expect(await target.read(SHARES, CHANGE)).toEqual({ kind: 'pending' });
    await report(github, 'in_progress');
    expect(await target.read(SHARES, CHANGE)).toEqual({ kind: 'pending' });
    await report(github, 'success');
    // The team's own deployments to the environment make this one inactive.
    const { id } = await createDeployment(repository, { task: 'deploy' });
    await github.deploymentReports(id, 'success');
    expect(await target.read(SHARES, CHANGE)).toEqual({ kind: 'holds' });
    github.forgetRequests();
    expect(await target.read(SHARES, { ...CHANGE, verified: true })).toEqual({ kind: 'holds' });
    expect(github.requests().map(({ status }) => status)).toEqual([304]);
  });

  it('is created once for a change, also after a crash', async () => {
    const { github, open } = await start();
    await open(DEPLOYMENT).write(SHARES, CHANGE);
    expect(await open(DEPLOYMENT).write(SHARES, CHANGE)).toEqual({ kind: 'done', verified: false });
    expect(github.deployments()).toHaveLength(1);
    await open(DEPLOYMENT).write(ZERO, { ...CHANGE, generation: 8, purpose: 'rollback' });
    expect(github.deployments()).toHaveLength(2);
  });

  it('is created again when a slow replica put an older one after it', async () => {
    const { github, open } = await start();
    await open(DEPLOYMENT).write(ZERO, { ...CHANGE, generation: 8 });
    await open(DEPLOYMENT).write(SHARES, CHANGE);
    expect(await open(DEPLOYMENT).read(ZERO, { ...CHANGE, generation: 8, verified: true })).toEqual({
      kind: 'drifted',
      found: 'a later deployment, of the stage 5%',
    });
    await open(DEPLOYMENT).write(ZERO, { ...CHANGE, generation: 8 });
    expect(github.deployments().map(({ payload }) => payload)).toMatchObject([
      { generation: 8 },
      { generation: 7 },
      { generation: 8 },
    ]);
  });

  it('that failed, or does not report in time, says so', async () => {
    const { github, open, passes } = await start();
    const target = open(DEPLOYMENT);
    await target.write(SHARES, CHANGE);
    passes(30 * 60_000 + 1_000);
    expect(await target.read(SHARES, CHANGE)).toMatchInlineSnapshot(`
      {
        "detail": "The deployment 1001 to production did not report within 30 minutes; expected the status success. Check that a workflow acts on deployments of the task gateway-rollout, and that none waits for a review.",
        "kind": "timed_out",
      }
    `);
    await report(github, 'failure', 'the chart did not install');
    expect(await target.read(SHARES, CHANGE)).toMatchInlineSnapshot(`
      {
        "detail": "The deployment 1001 to production reported failure (the chart did not install); expected success. Check the workflow that acts on it.",
        "kind": "failed",
      }
    `);
  });

  it("is not confused with another rollout's, or with the team's own", async () => {
    const { github, open, repository } = await start();
    await open(DEPLOYMENT).write(SHARES, { ...CHANGE, rollout: 'search' });
    await createDeployment(repository, { task: 'gateway-rollout', payload: { anything: 'else' } });
    const target = open(DEPLOYMENT);
    expect(await target.read(SHARES, CHANGE)).toEqual({
      kind: 'drifted',
      found: 'no deployment of this rollout',
    });
    await target.write(SHARES, CHANGE);
    expect(github.deployments()).toHaveLength(3);
  });
});

describe('a dispatch', () => {
  it('carries the same payload, and cannot be read', async () => {
    const { github, open, asked } = await start();
    const target = open(DISPATCH);
    expect(await target.write(SHARES, CHANGE)).toEqual({ kind: 'done', verified: true });
    expect(github.dispatches()).toMatchObject([
      {
        event: 'gateway-rollout',
        payload: { rollout: 'assistant', stage: '5%', shares: SHARES, generation: 7 },
      },
    ]);
    github.forgetRequests();
    expect(await target.read(SHARES, CHANGE)).toEqual({ kind: 'unknown' });
    expect(asked()).toEqual([]);
  });

  it('without the permission fails permanently', async () => {
    const { failureOf } = await start({ permissions: { metadata: 'read' } });
    expect(await failureOf(DISPATCH)).toMatchInlineSnapshot(
      `"final: GitHub refused to write the dispatch gateway-rollout: Resource not accessible by integration. The App needs the permission "contents: write"."`,
    );
  });
});
