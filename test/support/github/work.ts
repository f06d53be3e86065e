/** What continuous integration and reviewers do in a scenario: runs, checks, deployments, pull requests. */
import type { MergeGroupChecksRequestedEvent, PullRequest } from '@octokit/webhooks-types';
import { defaultBranchOf, headOf } from './repository.ts';
import type { GithubResponse } from './response.ts';
import { read } from './router.ts';
import { current } from './routes/pulls.ts';
import type { Files } from './scenario.ts';
import { ACTIONS } from './tokens.ts';
import { OWNER } from './upstream.ts';
import { type Conclusion, finishRun, type RunOptions } from './workflow-runs.ts';
import type { Caller, Common, Repository, RunDetails, Schema, World } from './world.ts';

/** What one deployment shows. */
export interface ShownDeployment {
  readonly id: number;
  readonly environment: string;
  readonly task: string;
  readonly ref: string;
  readonly payload: unknown;
  /** The newest last. */
  readonly states: readonly string[];
}

export interface ShownCheck {
  readonly name: string;
  readonly app: string;
  readonly status: string;
  readonly conclusion: string | null;
  readonly title: string | null;
  readonly summary: string | null;
}

export interface StartedRun {
  readonly id: number;
  readonly file: string;
  readonly by: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Null while it goes on. */
  readonly conclusion: string | null;
}

export interface WorkScenario {
  /** A run of `.github/workflows/<file>` ends (or goes on, with `conclusion: null`). @returns its id */
  runFinished(file: string, options?: RunOptions): Promise<number>;
  /** Runs that `workflow_dispatch` started, the oldest first. */
  startedRuns(): readonly StartedRun[];
  /** What the server makes of `return_run_details` from now on; at first it is returned. */
  runDetails(answer: RunDetails): void;
  /** A check run of some CI. @returns its id */
  checkFinished(
    name: string,
    options?: { readonly conclusion?: Conclusion | null; readonly sha?: string; readonly app?: string },
  ): Promise<number>;
  checks(ref: string): Promise<readonly ShownCheck[]>;
  deployments(): readonly ShownDeployment[];
  /** A workflow of the team reports on a deployment. */
  deploymentReports(
    id: number,
    state: 'queued' | 'in_progress' | 'success' | 'failure' | 'error',
    description?: string,
  ): Promise<void>;
  dispatches(): readonly { readonly event: string; readonly payload: unknown; readonly at: string }[];
  /** A branch with these changes, and a pull request of it. @returns its number */
  opensPull(files: Files, options?: { readonly by?: string; readonly title?: string }): Promise<number>;
  /** More changes on the branch of a pull request. */
  pushesToPull(pull: number, files: Files, options?: { readonly by?: string }): Promise<void>;
  /** The pull request enters the merge queue. @returns the sha that is to be checked */
  queues(pull: number): Promise<string>;
  /** The newest commit of a branch, by default of the default branch. */
  head(branch?: string): Promise<string>;
}

export function createWork(
  world: World,
  repository: Repository,
  pushes: (files: Files, by: string, branch: string) => Promise<string>,
): WorkScenario {
  const base = `/repos/${repository.fullName}`;
  const robot: Caller = {
    kind: 'app',
    slug: ACTIONS.slug,
    permissions: { checks: 'write', deployments: 'write', contents: 'read' },
  };

  async function done(caller: Caller, method: string, path: string, body: unknown): Promise<GithubResponse> {
    const response = await world.act(caller, method, `${base}${path}`, body);
    if (response.status >= 300) throw new Error(`${method} ${path}: ${response.status} ${response.body}`);
    return response;
  }

  async function head(branch?: string): Promise<string> {
    const name = branch ?? (await defaultBranchOf(world, repository));
    const sha = await headOf(world, repository, name);
    if (sha === null) throw new Error(`no branch ${name} in ${repository.fullName}`);
    return sha;
  }

  return {
    head,
    runFinished: (file, options = {}) => finishRun(world, repository, file, options),
    startedRuns: () =>
      repository.runs
        .filter(({ run }) => run.event === 'workflow_dispatch')
        .map(({ run, inputs }) => ({
          id: Number(run.id),
          file: run.path.split('/').at(-1) ?? '',
          by: run.actor?.login ?? '',
          inputs,
          conclusion: run.conclusion,
        })),
    runDetails(answer) {
      repository.runDetails = answer;
    },
    async checkFinished(name, { conclusion = 'success', sha, app = ACTIONS.slug } = {}) {
      const response = await done({ ...robot, shownAs: app }, 'POST', '/check-runs', {
        name,
        head_sha: sha ?? (await head()),
        ...(conclusion === null ? { status: 'in_progress' } : { status: 'completed', conclusion }),
        started_at: world.clock.stamp(),
      });
      return read<{ id: number }>(response).id;
    },
    async checks(ref) {
      const path = `${base}/commits/${encodeURIComponent(ref)}/check-runs?per_page=100`;
      const response = await world.act(robot, 'GET', path);
      const { check_runs: runs = [] } = read<{ check_runs?: Schema<'check-run'>[] }>(response);
      return runs.map(({ name, app, status, conclusion, output }) => ({
        name,
        app: app?.slug ?? '',
        status,
        conclusion,
        title: output.title,
        summary: output.summary,
      }));
    },
    deployments: () =>
      [...repository.deployments.values()].map(({ deployment, statuses }) => ({
        id: Number(deployment.id),
        environment: deployment.environment,
        task: deployment.task,
        ref: deployment.ref,
        payload: deployment.payload,
        states: statuses.map(({ state }) => state),
      })),
    async deploymentReports(id, state, description = '') {
      await done(robot, 'POST', `/deployments/${id}/statuses`, { state, description });
    },
    dispatches: () => repository.dispatches,
    async opensPull(files, { by = OWNER, title = 'Change files' } = {}) {
      const to = await defaultBranchOf(world, repository);
      const branch = `change-${world.nextId()}`;
      const owner: Caller = { kind: 'person', login: OWNER };
      await done(owner, 'POST', '/git/refs', { ref: `refs/heads/${branch}`, sha: await head(to) });
      await pushes(files, by, branch);
      const response = await done({ kind: 'person', login: by }, 'POST', '/pulls', {
        title,
        head: branch,
        base: to,
      });
      return read<PullRequest>(response).number;
    },
    async pushesToPull(number, files, { by = OWNER } = {}) {
      const before = await pull(number);
      await pushes(files, by, before.head.ref);
      const after = await pull(number);
      const payload = {
        action: 'synchronize',
        number,
        before: before.head.sha,
        after: after.head.sha,
        pull_request: after,
      };
      await world.announce(repository, 'pull_request', payload, await world.user(by));
    },
    async queues(number) {
      const { head: from, base: to } = await pull(number);
      const ref = `refs/heads/gh-readonly-queue/${to.ref}/pr-${number}-${from.sha}`;
      const owner: Caller = { kind: 'person', login: OWNER };
      await done(owner, 'POST', '/git/refs', { ref, sha: from.sha });
      const commit = await world.upstream.read<Schema<'git-commit'>>(`${base}/git/commits/${from.sha}`);
      if (commit === null) throw new Error(`no commit ${from.sha}`);
      const payload = {
        action: 'checks_requested',
        merge_group: {
          head_sha: from.sha,
          head_ref: ref,
          base_sha: await head(to.ref),
          base_ref: `refs/heads/${to.ref}`,
          head_commit: {
            id: commit.sha,
            tree_id: commit.tree.sha,
            message: commit.message,
            timestamp: commit.committer.date,
            author: { name: commit.author.name, email: commit.author.email },
            committer: { name: commit.committer.name, email: commit.committer.email },
          },
        },
      } satisfies Omit<MergeGroupChecksRequestedEvent, keyof Common>;
      await world.announce(repository, 'merge_group', payload, await world.user(OWNER));
      return from.sha;
    },
  };

  async function pull(number: number): Promise<PullRequest> {
    const found = await world.upstream.read<PullRequest>(`${base}/pulls/${number}`);
    if (found === null) throw new Error(`no pull request #${number} in ${repository.fullName}`);
    return current(world, repository, found);
  }
}
