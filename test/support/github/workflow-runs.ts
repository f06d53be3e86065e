/** Runs of workflows as scenarios make them: in every form in which GitHub shows one. */
import type { WorkflowRun } from '@octokit/webhooks-types';
import { strToU8, zipSync } from 'fflate';
import { defaultBranchOf, headOf } from './repository.ts';
import { OWNER } from './upstream.ts';
import type { Common, Repository, Schema, StoredArtifact, World } from './world.ts';

export type Conclusion = NonNullable<WorkflowRun['conclusion']>;

export interface RunOptions {
  /** Default `success`; null for a run that goes on. */
  readonly conclusion?: Conclusion | null;
  /** Default `push`. */
  readonly event?: string;
  /** Default the default branch, and its newest commit. */
  readonly branch?: string;
  readonly sha?: string;
  readonly by?: string;
  /** `owner/name` of a fork that the commit comes from. */
  readonly from?: string;
  readonly artifact?: RunArtifact;
  /** Of a run that went on: it is finished by this. */
  readonly run?: number;
  /** Who starts the run of that ID again. */
  readonly startedBy?: string;
  /** Of `workflow_dispatch`. */
  readonly inputs?: Readonly<Record<string, unknown>>;
}

export interface RunArtifact {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  readonly expired?: boolean;
}

/**
 * A run of `.github/workflows/<file>` ends (or continues, with `conclusion: null`), is stored, and the App gets a webhook.
 * @returns its id
 */
export async function finishRun(
  world: World,
  repository: Repository,
  file: string,
  options: RunOptions,
): Promise<number> {
  const run = await runOf(world, repository, file, options);
  const artifacts = options.artifact === undefined ? [] : [artifactOf(world, run, options.artifact)];
  const { head_commit: commit } = run;
  const author = { name: commit.author.name, email: commit.author.email ?? '' };
  const index = repository.runs.findIndex(({ run: known }) => known.id === run.id);
  const inputs = options.inputs ?? repository.runs[index]?.inputs ?? {};
  const stored = {
    run: { ...run, head_commit: { ...commit, author, committer: author } },
    artifacts,
    inputs,
  };
  if (index < 0) repository.runs.push(stored);
  else repository.runs[index] = stored;
  const action = run.conclusion === null ? 'in_progress' : 'completed';
  const payload = { action, workflow: world.workflow(repository, file), workflow_run: run };
  await world.announce(repository, 'workflow_run', payload, run.actor);
  return run.id;
}

async function runOf(
  world: World,
  repository: Repository,
  file: string,
  options: RunOptions,
): Promise<WorkflowRun> {
  const base = `/repos/${repository.fullName}`;
  const before = repository.runs.find(({ run }) => run.id === options.run)?.run;
  const { conclusion = 'success', event = before?.event ?? 'push', from } = options;
  const { by = before?.actor?.login ?? OWNER } = options;
  const branch = options.branch ?? (await defaultBranchOf(world, repository));
  const sha = options.sha ?? (await headOf(world, repository, branch));
  const shown = await world.upstream.read<Common['repository']>(base);
  const commit =
    sha === null ? null : await world.upstream.read<Schema<'git-commit'>>(`${base}/git/commits/${sha}`);
  if (shown === null || sha === null || commit === null)
    throw new Error(`no commit ${sha ?? branch} in ${repository.fullName}`);
  const workflow = world.workflow(repository, file);
  const id = before === undefined ? world.nextId() : Number(before.id);
  const now = world.clock.stamp();
  const address = `${world.url}${base}/actions/runs/${id}`;
  const actor = await world.user(by);
  const [forkOwner = '', forkName = ''] = (from ?? '').split('/');
  const fork = { ...shown, id: shown.id + 1_000_000, name: forkName, full_name: from ?? '', fork: true };
  return {
    id,
    name: workflow.name,
    node_id: `WFR_${id}`,
    head_branch: branch,
    head_sha: sha,
    path: workflow.path,
    display_title: commit.message,
    run_number: repository.runs.filter(({ run }) => run.workflow_id === workflow.id).length + 1,
    ...(await attemptOf(world, { actor, before, now, by: options.startedBy })),
    referenced_workflows: [],
    event,
    status: conclusion === null ? 'in_progress' : 'completed',
    conclusion,
    workflow_id: workflow.id,
    check_suite_id: id,
    check_suite_node_id: `CS_${id}`,
    url: address,
    html_url: `${world.url}/${repository.fullName}/actions/runs/${id}`,
    pull_requests: [],
    created_at: before?.created_at ?? now,
    updated_at: now,
    actor,
    jobs_url: `${address}/jobs`,
    logs_url: `${address}/logs`,
    check_suite_url: `${world.url}${base}/check-suites/${id}`,
    artifacts_url: `${address}/artifacts`,
    cancel_url: `${address}/cancel`,
    rerun_url: `${address}/rerun`,
    previous_attempt_url: null,
    workflow_url: workflow.url,
    head_commit: {
      id: commit.sha,
      tree_id: commit.tree.sha,
      message: commit.message,
      timestamp: commit.committer.date,
      author: { name: commit.author.name, email: commit.author.email },
      committer: { name: commit.committer.name, email: commit.committer.email },
    },
    repository: shown,
    head_repository: from === undefined ? shown : { ...fork, owner: { ...shown.owner, login: forkOwner } },
  };
}

/** @param attempt `by`: who starts the run again; undefined where nobody does */
async function attemptOf(
  world: World,
  attempt: {
    readonly actor: WorkflowRun['actor'];
    readonly before: Schema<'workflow-run'> | undefined;
    readonly now: string;
    readonly by: string | undefined;
  },
): Promise<Pick<WorkflowRun, 'run_attempt' | 'run_started_at' | 'triggering_actor'>> {
  const { actor, before, now, by } = attempt;
  const number = before?.run_attempt ?? 1;
  if (by !== undefined) {
    return { run_attempt: number + 1, run_started_at: now, triggering_actor: await world.user(by) };
  }
  return { run_attempt: number, run_started_at: before?.run_started_at ?? now, triggering_actor: actor };
}

function artifactOf(
  world: World,
  run: WorkflowRun,
  { name, files, expired = false }: RunArtifact,
): StoredArtifact {
  const zip = Buffer.from(
    zipSync(Object.fromEntries(Object.entries(files).map(([path, text]) => [path, strToU8(text)]))),
  );
  const id = world.nextId();
  const now = world.clock.stamp();
  const url = `${run.repository.url}/actions/artifacts/${id}`;
  const artifact = {
    id,
    node_id: `A_${id}`,
    name,
    size_in_bytes: zip.length,
    url,
    archive_download_url: `${url}/zip`,
    expired,
    created_at: now,
    updated_at: now,
    expires_at: world.clock.stamp(world.clock.now() + 90 * 24 * 3_600_000),
    workflow_run: {
      id: run.id,
      repository_id: run.repository.id,
      head_repository_id: run.head_repository.id,
      head_branch: run.head_branch,
      head_sha: run.head_sha,
    },
  } satisfies Schema<'artifact'>;
  return { artifact, zip };
}
