/** GitHub's own log of a branch: people with write access can change the branch and the issue, but not this log. */
import { at, type Repository } from '../repository.ts';

/** A change of a branch by somebody other than the App. */
export interface ForeignChange {
  /** Null where the branch was created. */
  readonly before: string | null;
  /** Null where the branch was deleted. */
  readonly after: string | null;
  /** Commits were added; else the branch was moved. */
  readonly isPush: boolean;
  /** Milliseconds since 1970, by GitHub's clock. */
  readonly at: number;
}

export interface BranchLog {
  /** The branch's newest commit; null where the branch is gone, or the log is empty. */
  readonly head: string | null;
  /** The oldest first. Normally empty, because the App is the only one who writes the branch. */
  readonly foreign: readonly ForeignChange[];
}

const NO_COMMIT = /^0+$/;

/**
 * Reads the last 100 entries by one request. The job's own token has the same login in every workflow of the repository:
 * then only its pushes count as the App's.
 * @param identity login of the App
 */
export async function readLog(repository: Repository, branch: string, identity: string): Promise<BranchLog> {
  const query = { ...at(repository), ref: `refs/heads/${branch}`, per_page: 100 };
  const { data } = await repository.octokit.rest.repos.listActivities(query);
  const orNone = (commit: string) => (NO_COMMIT.test(commit) ? null : commit);
  const foreign = data
    .filter(({ activity_type: type, actor }) => type !== 'push' || actor?.login !== identity)
    .map(({ activity_type: type, before, after, timestamp }) => ({
      before: orNone(before),
      after: orNone(after),
      isPush: type === 'push',
      at: Date.parse(timestamp),
    }))
    .toReversed();
  return { head: orNone(data[0]?.after ?? '0'), foreign };
}
