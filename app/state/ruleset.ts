/** The ruleset that lets only the App write the branches of the states, and whether a repository has it. */

import { BRANCH_PREFIX, branchOf } from '../../src/config/state-branch.ts';
import { at, type Repository } from '../repository.ts';

/** What only the App may do to the branches. */
const RULES = ['creation', 'update', 'deletion'] as const;
type Rule = (typeof RULES)[number];

/**
 * For `POST /repos/{owner}/{repo}/rulesets`, and for the documentation.
 * @param appId the App that may bypass the rules
 */
export function rulesetFor(appId: number) {
  return {
    name: 'gateway-rollout: only the App writes the states',
    target: 'branch',
    enforcement: 'active',
    conditions: { ref_name: { include: [`refs/heads/${BRANCH_PREFIX}**`], exclude: [] } },
    rules: RULES.map((type) => ({ type })),
    bypass_actors: [{ actor_id: appId, actor_type: 'Integration', bypass_mode: 'always' }],
  } as const;
}

/**
 * Whether rules protect a rollout's branch from people; one request. GitHub shows only to a ruleset's owners who may
 * bypass it, so the App cannot see whether others may.
 */
export async function rulesOf(
  repository: Repository,
  rollout: string,
): Promise<{ readonly holds: boolean; readonly missing: readonly Rule[] }> {
  const branch = branchOf(rollout);
  const { data } = await repository.octokit.rest.repos.getBranchRules({
    ...at(repository),
    branch,
    per_page: 100,
  });
  const missing = RULES.filter((rule) => !data.some(({ type }) => type === rule));
  return { holds: missing.length === 0, missing };
}
