/** GitHub's own log of a branch: people with write access can change the branch and the issue, but not this log. */
import { at, type Repository } from '../repository.ts';

/** A commit that was the branch's newest until somebody other than the App replaced it. */
export interface ReplacedCommit {
  readonly commit: string;
  /** Milliseconds since 1970, by GitHub's clock. */
  readonly at: number;
}

const NO_COMMIT = /^0+$/;
/** More would be a quarrel; the newest ones decide. */
const MOST_REPLACED = 10;

/**
 * One request. Normally the App is the only one who writes the branch, so that the list is empty. The job's own token
 * has the same login in every workflow of the repository: then only forced pushes and deletions are told apart.
 * @param identity login of the App
 * @returns the newest first, of the last 100 entries
 */
export async function replacedCommits(
  repository: Repository,
  branch: string,
  identity: string,
): Promise<readonly ReplacedCommit[]> {
  const { data } = await repository.octokit.rest.repos.listActivities({
    ...at(repository),
    ref: `refs/heads/${branch}`,
    per_page: 100,
  });
  const byOthers = data.filter(
    ({ activity_type: type, actor, before }) =>
      !NO_COMMIT.test(before) &&
      (type === 'force_push' || type === 'branch_deletion' || actor?.login !== identity),
  );
  const commits = byOthers.map(({ before, timestamp }) => ({ commit: before, at: Date.parse(timestamp) }));
  const newest = new Map(commits.toReversed().map((each) => [each.commit, each]));
  return [...newest.values()].toReversed().slice(0, MOST_REPLACED);
}
