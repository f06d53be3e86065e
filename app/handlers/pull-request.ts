/** The check run on changes that are not merged yet: on pull requests, in merge queues, and when somebody re-runs it. */
import { CHECK_NAME, postCheckRun } from '../check-run.ts';
import { type Change, checkChange } from '../pull-request-check.ts';
import { at } from '../repository.ts';
import type { RepositoryContext } from '../repository-context.ts';
import { contextOf, type Handled, type Webhook } from './handler.ts';

export const CHANGED = ['pull_request.opened', 'pull_request.synchronize', 'pull_request.reopened'] as const;

/** A pull request, as in payloads and responses. */
interface Pull {
  readonly number: number;
  readonly head: { readonly sha: string };
  readonly base: { readonly ref: string; readonly sha: string };
}

export async function onPullRequest(event: Webhook<(typeof CHANGED)[number]>): Promise<Handled> {
  await checkPull(contextOf(event), event.payload.pull_request);
  return 'handled';
}

/** With another base branch, the change means something else. */
export async function onPullRequestEdited(event: Webhook<'pull_request.edited'>): Promise<Handled> {
  if (event.payload.changes.base === undefined) return 'ignored';
  await checkPull(contextOf(event), event.payload.pull_request);
  return 'handled';
}

export async function onMergeGroup(event: Webhook<'merge_group.checks_requested'>): Promise<Handled> {
  const { repository: facts, merge_group: group } = event.payload;
  if (facts === undefined) return 'ignored';
  const context = contextOf({ ...event, payload: { repository: facts } });
  const { repository } = context;
  const { head_sha: sha, base_sha: before, base_ref: into } = group;
  const { repos } = repository.octokit.rest;
  const basehead = `${before}...${sha}`;
  const { data } = await repos.compareCommitsWithBasehead({ ...at(repository), basehead, per_page: 1 });
  const change: Change = {
    sha,
    into: into.replace(/^refs\/heads\//, ''),
    base: before,
    paths: pathsOf(data.files ?? []),
  };
  await postCheckRun(repository, await checkChange(context, change));
  return 'handled';
}

export async function onRerun(
  event: Webhook<'check_run.rerequested' | 'check_suite.rerequested'>,
): Promise<Handled> {
  const { payload } = event;
  const isOurs = !('check_run' in payload) || payload.check_run.name === CHECK_NAME;
  if (!isOurs) return 'ignored';
  const sha = 'check_run' in payload ? payload.check_run.head_sha : payload.check_suite.head_sha;
  const context = contextOf(event);
  const { repository } = context;
  // The payload does not list pull requests from forks.
  const query = { ...at(repository), commit_sha: sha, per_page: 100 };
  const { data } = await repository.octokit.rest.repos.listPullRequestsAssociatedWithCommit(query);
  const pulls = data.filter(({ state, head }) => state === 'open' && head.sha === sha);
  for (const pull of pulls) await checkPull(context, pull);
  return pulls.length > 0 ? 'handled' : 'ignored';
}

async function checkPull(context: RepositoryContext, { number, head, base }: Pull): Promise<void> {
  const { repository } = context;
  const { octokit } = repository;
  const query = { ...at(repository), pull_number: number, per_page: 100 };
  const files = await octokit.paginate(octokit.rest.pulls.listFiles, query);
  const change: Change = {
    sha: head.sha,
    into: base.ref,
    base: base.sha,
    paths: pathsOf(files),
  };
  await postCheckRun(repository, await checkChange(context, change));
}

function pathsOf(
  files: readonly { readonly filename: string; readonly previous_filename?: string | undefined }[],
): ReadonlySet<string> {
  return new Set(files.flatMap(({ filename, previous_filename: before }) => [filename, before ?? filename]));
}
