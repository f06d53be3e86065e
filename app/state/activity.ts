/** GitHub's own log of a branch: people with write access can change the branch and the issue, but not this log. */
import { nullIfMissing } from '../http-status.ts';
import { at, type Repository } from '../repository.ts';

/** A change of a branch by somebody other than the App. */
export interface ForeignChange {
  /** Null where the branch was created. */
  readonly before: string | null;
  /** Null where the branch was deleted. */
  readonly after: string | null;
  /** `before` is a part of `after`'s history. */
  readonly isPush: boolean;
  /** Milliseconds since 1970, by GitHub's clock. */
  readonly at: number;
}

const NO_COMMIT = /^0+$/;

/**
 * One request. Normally the App is the only one who writes the branch, so that the list is empty. The job's own token
 * has the same login in every workflow of the repository: then only its pushes count as the App's.
 * @param identity login of the App
 * @returns the oldest first, of the last 100 entries
 */
export async function foreignChanges(
  repository: Repository,
  branch: string,
  identity: string,
): Promise<readonly ForeignChange[]> {
  const { data } = await repository.octokit.rest.repos.listActivities({
    ...at(repository),
    ref: `refs/heads/${branch}`,
    per_page: 100,
  });
  const orNone = (commit: string) => (NO_COMMIT.test(commit) ? null : commit);
  return data
    .filter(({ activity_type: type, actor }) => type !== 'push' || actor?.login !== identity)
    .map(({ activity_type: type, before, after, timestamp }) => ({
      before: orNone(before),
      after: orNone(after),
      isPush: type === 'push',
      at: Date.parse(timestamp),
    }))
    .toReversed();
}

/** Whether the branch holds a commit after the change: as its newest one, or in its history. */
export async function isBack(
  repository: Repository,
  commit: string,
  { after }: ForeignChange,
): Promise<boolean> {
  if (after === null || after === commit) return after === commit;
  const basehead = `${commit}...${after}`;
  const { repos } = repository.octokit.rest;
  const compared = await nullIfMissing(
    repos.compareCommitsWithBasehead({ ...at(repository), basehead, per_page: 1 }),
  );
  return compared?.data.status === 'ahead';
}
