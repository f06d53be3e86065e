import { describe, expect, it } from 'vitest';
import { openGithub, REPO } from './github-client.ts';

describe('variables', () => {
  it('are made once, changed, listed and deleted, in the repository and in an environment', async () => {
    const { github, octokit } = await openGithub();
    github.environment('production');
    const share = { ...REPO, name: 'gateway_share', value: '0' };
    const ofEnvironment = { ...share, environment_name: 'production' };
    await octokit.rest.actions.createRepoVariable(share);
    await octokit.rest.actions.createEnvironmentVariable({ ...ofEnvironment, value: '5' });
    await expect(octokit.rest.actions.createRepoVariable(share)).rejects.toMatchObject({ status: 409 });
    await octokit.rest.actions.updateRepoVariable({ ...share, value: '25' });
    expect([github.variable('GATEWAY_SHARE'), github.variable('gateway_share', 'production')]).toEqual([
      '25',
      '5',
    ]);
    expect((await octokit.rest.actions.listRepoVariables(REPO)).data.total_count).toBe(1);
    await octokit.rest.actions.deleteRepoVariable({ ...REPO, name: 'GATEWAY_SHARE' });
    await expect(octokit.rest.actions.updateRepoVariable(share)).rejects.toMatchObject({ status: 404 });
    await expect(
      octokit.rest.actions.createEnvironmentVariable({ ...ofEnvironment, environment_name: 'nowhere' }),
    ).rejects.toMatchObject({ status: 404 });
  });
});

describe('deployments', () => {
  it('get statuses, and the newest success replaces the one before', async () => {
    const { github, octokit } = await openGithub();
    const deploy = async (payload: Record<string, unknown>) => {
      const { data } = await octokit.rest.repos.createDeployment({
        ...REPO,
        ref: 'main',
        task: 'gateway-rollout',
        environment: 'production',
        auto_merge: false,
        required_contexts: [],
        payload,
      });
      return 'id' in data ? Number(data.id) : 0;
    };
    const first = await deploy({ share: 5 });
    await github.deploymentReports(first, 'in_progress');
    await github.deploymentReports(first, 'success');
    const second = await deploy({ share: 25 });
    await github.deploymentReports(second, 'success');
    expect(github.deployments().map(({ payload, states }) => [payload, states])).toEqual([
      [{ share: 5 }, ['in_progress', 'success', 'inactive']],
      [{ share: 25 }, ['success']],
    ]);
    const statuses = await octokit.rest.repos.listDeploymentStatuses({ ...REPO, deployment_id: first });
    expect(statuses.data.map(({ state }) => state)).toEqual(['inactive', 'success', 'in_progress']);
    const found = await octokit.rest.repos.listDeployments({ ...REPO, task: 'gateway-rollout', per_page: 1 });
    expect(found.data.map(({ id }) => Number(id))).toEqual([second]);
  });

  it('need an existing ref, and an environment shows who must approve', async () => {
    const { github, octokit } = await openGithub();
    github.environment('production', { reviewers: ['alice'] });
    await expect(
      octokit.rest.repos.createDeployment({ ...REPO, ref: 'nowhere', required_contexts: [] }),
    ).rejects.toMatchObject({ status: 422, message: expect.stringContaining('No ref found for: nowhere') });
    const { data } = await octokit.rest.repos.getEnvironment({ ...REPO, environment_name: 'production' });
    expect(data.protection_rules?.map(({ type }) => type)).toEqual(['required_reviewers']);
  });

  it('wait for the statuses of their commit unless the request says not to', async () => {
    const { github, octokit } = await openGithub();
    const sha = await github.head();
    await github.permits({ statuses: 'write', deployments: 'write', contents: 'read' });
    await octokit.rest.repos.createCommitStatus({ ...REPO, sha, state: 'failure', context: 'ci' });
    const status = await octokit.rest.repos.getCombinedStatusForRef({ ...REPO, ref: 'main' });
    expect(status.data.state).toBe('failure');
    await expect(octokit.rest.repos.createDeployment({ ...REPO, ref: 'main' })).rejects.toMatchObject({
      status: 409,
    });
  });
});

describe('events that others send', () => {
  it('are kept with their payload, which may have ten properties', async () => {
    const { github, octokit } = await openGithub();
    const send = (count: number) =>
      octokit.rest.repos.createDispatchEvent({
        ...REPO,
        event_type: 'gateway-rollout',
        client_payload: Object.fromEntries(Array.from({ length: count }, (_, index) => [`p${index}`, index])),
      });
    await send(10);
    await expect(send(11)).rejects.toMatchObject({ status: 422 });
    expect(github.dispatches().map(({ event }) => event)).toEqual(['gateway-rollout']);
  });
});

describe('runs and checks', () => {
  it('finds the runs of a workflow by what they ran on', async () => {
    const { github, octokit } = await openGithub();
    const old = await github.head();
    await github.runFinished('staging.yml', { conclusion: 'failure' });
    await github.pushes({ 'a.txt': 'a' });
    const going = await github.runFinished('staging.yml', { conclusion: null, event: 'schedule' });
    await github.runFinished('other.yml');
    const list = async (query: object) =>
      (
        await octokit.rest.actions.listWorkflowRuns({ ...REPO, workflow_id: 'staging.yml', ...query })
      ).data.workflow_runs.map(({ status, conclusion, event }) => [status, conclusion, event]);
    expect(await list({})).toEqual([
      ['in_progress', null, 'schedule'],
      ['completed', 'failure', 'push'],
    ]);
    expect(await list({ status: 'completed' })).toHaveLength(1);
    expect(await list({ head_sha: old })).toHaveLength(1);
    expect(await list({ branch: 'other' })).toEqual([]);
    await github.runFinished('staging.yml', { run: going, event: 'schedule' });
    expect(await list({ status: 'success' })).toHaveLength(1);
    await expect(list({ workflow_id: 'nowhere.yml' })).rejects.toMatchObject({ status: 404 });
  });

  it('shows checks with the App that made them', async () => {
    const { github, octokit } = await openGithub();
    const sha = await github.head();
    await github.checkFinished('ci', { conclusion: 'failure', app: 'circleci' });
    await octokit.rest.checks.create({
      ...REPO,
      name: 'gateway-rollout',
      head_sha: sha,
      status: 'completed',
      conclusion: 'success',
      output: { title: 'fine', summary: 'All is well.' },
    });
    expect(await github.checks('main')).toEqual([
      {
        name: 'gateway-rollout',
        app: 'gateway-rollout',
        status: 'completed',
        conclusion: 'success',
        title: 'fine',
        summary: 'All is well.',
      },
      { name: 'ci', app: 'circleci', status: 'completed', conclusion: 'failure', title: null, summary: null },
    ]);
  });

  it('lists the files of a pull request as its branch has them now', async () => {
    const { github, octokit } = await openGithub();
    const pull = await github.opensPull({ 'a.txt': 'a' }, { by: 'alice', title: 'Add a' });
    const files = async () =>
      (await octokit.rest.pulls.listFiles({ ...REPO, pull_number: pull })).data.map(
        ({ filename, status }) => [filename, status],
      );
    expect(await files()).toEqual([['a.txt', 'added']]);
    await github.pushesToPull(pull, { 'README.md': 'new' });
    expect(await files()).toEqual([
      ['README.md', 'modified'],
      ['a.txt', 'added'],
    ]);
    const { data } = await octokit.rest.pulls.get({ ...REPO, pull_number: pull });
    expect(await github.queues(pull)).toBe(data.head.sha);
  });
});
