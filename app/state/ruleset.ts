/** Whether a repository has the ruleset that the README shows: only the App writes the branches of the states. */
import { branchOf } from '../../src/config/state-branch.ts';
import { at, type Repository } from '../repository.ts';

/** What only the App may do to the branches. */
const RULES = ['creation', 'update', 'deletion'] as const;
type Rule = (typeof RULES)[number];

/**
 * Whether rules protect a rollout's branch from people; one request. GitHub shows only to a ruleset's owners who may
 * bypass it, so the App cannot see whether others may.
 */
export async function rulesOf(
  repository: Repository,
  rollout: string,
): Promise<{ readonly holds: boolean; readonly missing: readonly Rule[] }> {
  const query = { ...at(repository), branch: branchOf(rollout), per_page: 100 };
  const { data } = await repository.octokit.rest.repos.getBranchRules(query);
  const missing = RULES.filter((rule) => !data.some(({ type }) => type === rule));
  return { holds: missing.length === 0, missing };
}
