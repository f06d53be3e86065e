/** The check run on changes that are not merged yet: pull requests, merge queues, and "re-run" on GitHub's page. */
import type { Context } from 'probot';
import { CHECK_NAME, postCheckRun } from '../check-run.ts';
import { orNull } from '../http-status.ts';
import { type Change, examine } from '../pull-request-check.ts';
import { at, type Repository } from '../repository.ts';
import { type Event, type Handled, repositoryOf } from './handler.ts';

type PullRequestPayload = Context<
  'pull_request.opened' | 'pull_request.synchronize' | 'pull_request.reopened'
>['payload'];

/** What the payload and the API say of a pull request. */
interface Pull {
  readonly number: number;
  readonly head: {
    readonly sha: string;
    readonly repo: { readonly id: number; readonly full_name: string } | null;
  };
  readonly base: { readonly ref: string; readonly sha: string };
}

export async function onPullRequest(event: Event<PullRequestPayload>): Promise<Handled> {
  const repository = repositoryOf(event);
  await checkPull(event, repository, event.payload.pull_request);
  return 'handled';
}

/** The target branch became another one, so the change means something else. */
export async function onPullRequestEdited(
  event: Event<Context<'pull_request.edited'>['payload']>,
): Promise<Handled> {
  if (event.payload.changes.base === undefined) return 'ignored';
  const repository = repositoryOf(event);
  await checkPull(event, repository, event.payload.pull_request);
  return 'handled';
}

export async function onMergeGroup(
  event: Event<Context<'merge_group.checks_requested'>['payload']>,
): Promise<Handled> {
  const { services, payload } = event;
  const repository =
    payload.repository === undefined
      ? null
      : repositoryOf({ ...event, payload: { repository: payload.repository } });
  if (repository === null) return 'ignored';
  const { head_sha: sha, base_sha: before, base_ref: into } = payload.merge_group;
  const { data } = await repository.octokit.rest.repos.compareCommitsWithBasehead({
    ...at(repository),
    basehead: `${before}...${sha}`,
    per_page: 1,
  });
  const change: Change = {
    sha,
    into: into.replace(/^refs\/heads\//, ''),
    paths: pathsOf(data.files ?? []),
    fork: null,
    before: async () => before,
  };
  await postCheckRun(repository, await examine(services, repository, change));
  return 'handled';
}

/** Somebody asks for the check once more. */
export async function onRerun(
  event: Event<Context<'check_run.rerequested' | 'check_suite.rerequested'>['payload']>,
): Promise<Handled> {
  const { payload } = event;
  const isOurs = !('check_run' in payload) || payload.check_run.name === CHECK_NAME;
  if (!isOurs) return 'ignored';
  const sha = 'check_run' in payload ? payload.check_run.head_sha : payload.check_suite.head_sha;
  const repository = repositoryOf(event);
  // The payload names no pull requests of forks.
  const { data } = await repository.octokit.rest.repos.listPullRequestsAssociatedWithCommit({
    ...at(repository),
    commit_sha: sha,
    per_page: 100,
  });
  const pulls = data.filter(({ state, head }) => state === 'open' && head.sha === sha);
  for (const pull of pulls) await checkPull(event, repository, pull);
  return pulls.length > 0 ? 'handled' : 'ignored';
}

async function checkPull(
  { services, octokit }: Pick<Event<unknown>, 'services' | 'octokit'>,
  repository: Repository,
  { number, head, base }: Pull,
): Promise<void> {
  const files = await octokit.paginate(octokit.rest.pulls.listFiles, {
    ...at(repository),
    pull_number: number,
    per_page: 100,
  });
  const [owner = '', name = ''] = head.repo?.full_name.split('/') ?? [];
  const isFork = head.repo !== null && head.repo.id !== repository.id;
  const change: Change = {
    sha: head.sha,
    into: base.ref,
    paths: pathsOf(files),
    fork: isFork ? { ...repository, owner, name } : null,
    before: () => mergeBase(repository, base.sha, head.sha),
  };
  await postCheckRun(repository, await examine(services, repository, change));
}

/**
 * The newest commit that both have: what differs from it is the change's own. Where the fork's commits cannot be
 * compared, the branch that it would be merged into.
 */
async function mergeBase(repository: Repository, base: string, head: string): Promise<string> {
  const { repos } = repository.octokit.rest;
  const basehead = `${base}...${head}`;
  const compared = await orNull(
    repos.compareCommitsWithBasehead({ ...at(repository), basehead, per_page: 1 }),
  );
  return compared?.data.merge_base_commit.sha ?? base;
}

function pathsOf(
  files: readonly { readonly filename: string; readonly previous_filename?: string | undefined }[],
): ReadonlySet<string> {
  return new Set(
    files.flatMap(({ filename, previous_filename }) => [filename, previous_filename ?? filename]),
  );
}
