/** The webhook of a push: which commits are new on a branch, and which files they touch. */
import type { Commit, PushEvent } from '@octokit/webhooks-types';
import type { Caller, Common, Repository, Schema, World } from './world.ts';
import { loginOf } from './world.ts';

export const NO_COMMIT = '0'.repeat(40);
/** GitHub names at most this many commits in a push. */
const MOST_COMMITS = 20;

export interface Push {
  readonly ref: string;
  readonly before: string;
  readonly after: string;
  readonly forced: boolean;
  /** The new commits, the oldest first, where they are known; else they are looked for. */
  readonly commits?: readonly Commit[];
}

/** Sends the webhook for a ref that moved. */
export async function announcePush(
  world: World,
  repository: Repository,
  caller: Caller,
  { ref, before, after, forced, commits: known }: Push,
): Promise<void> {
  const commits = known ?? (after === NO_COMMIT ? [] : await newCommits(world, repository, after));
  for (const { id } of commits) repository.pushed.add(id);
  const sender = await world.userOf(caller);
  repository.activities.push({
    id: repository.activities.length + 1,
    node_id: '',
    before,
    after,
    ref,
    timestamp: world.clock.stamp(),
    activity_type: activityType(before, after, forced),
    actor: sender,
  });
  const payload = {
    ref,
    before,
    after,
    created: before === NO_COMMIT,
    deleted: after === NO_COMMIT,
    forced,
    base_ref: null,
    compare: `${world.url}/${repository.fullName}/compare/${before.slice(0, 12)}...${after.slice(0, 12)}`,
    commits: [...commits],
    head_commit: commits.at(-1) ?? null,
    pusher: { name: loginOf(caller), email: `${loginOf(caller)}@example.com` },
  } satisfies Omit<PushEvent, keyof Common>;
  await world.announce(repository, 'push', payload, sender);
}

function activityType(before: string, after: string, forced: boolean) {
  if (before === NO_COMMIT) return 'branch_creation';
  if (after === NO_COMMIT) return 'branch_deletion';
  return forced ? 'force_push' : 'push';
}

/** Commits that no push has reported yet, the oldest first. */
async function newCommits(world: World, repository: Repository, head: string): Promise<Commit[]> {
  const found: Commit[] = [];
  const todo = [head];
  while (todo.length > 0 && found.length < MOST_COMMITS) {
    const sha = todo.shift() ?? '';
    if (repository.pushed.has(sha)) continue;
    repository.pushed.add(sha);
    const commit = await world.upstream.read<Schema<'commit'>>(
      `/repos/${repository.fullName}/commits/${sha}`,
    );
    if (commit === null) continue;
    found.unshift(shown(commit));
    todo.push(...commit.parents.map((parent) => parent.sha));
  }
  return found;
}

function shown({ sha, commit, html_url: url, author, committer, files = [] }: Schema<'commit'>): Commit {
  const touched = (...kinds: readonly string[]): string[] =>
    files.filter(({ status }) => kinds.includes(status)).map(({ filename }) => filename);
  return {
    id: sha,
    tree_id: commit.tree.sha,
    distinct: true,
    message: commit.message,
    timestamp: commit.committer?.date ?? '',
    url,
    author: { name: commit.author?.name ?? '', email: commit.author?.email ?? null, ...username(author) },
    committer: {
      name: commit.committer?.name ?? '',
      email: commit.committer?.email ?? null,
      ...username(committer),
    },
    added: touched('added', 'renamed'),
    modified: touched('modified', 'changed'),
    removed: touched('removed'),
  };
}

/** The one commit that the API of contents made. */
export function commitOfFile(
  { commit: { sha = '', message = '', html_url: url = '', tree, author, committer } }: Schema<'file-commit'>,
  login: string,
  path: string,
  change: 'added' | 'modified' | 'removed',
): Commit {
  const person = (who: typeof author) => ({
    name: who?.name ?? '',
    email: who?.email ?? null,
    username: login,
  });
  return {
    id: sha,
    tree_id: tree?.sha ?? '',
    distinct: true,
    message,
    timestamp: committer?.date ?? '',
    url,
    author: person(author),
    committer: person(committer),
    added: change === 'added' ? [path] : [],
    modified: change === 'modified' ? [path] : [],
    removed: change === 'removed' ? [path] : [],
  };
}

const username = (user: unknown): { username?: string } =>
  typeof user === 'object' && user !== null && 'login' in user ? { username: String(user.login) } : {};
