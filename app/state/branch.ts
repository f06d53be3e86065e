/** The branches of the states: which there are, and how one is created. */
import { BRANCH_PREFIX, branchOf, STATE_FILE } from '../../src/config/state-branch.ts';
import type { ConditionalCache } from '../conditional.ts';
import { at, type Repository } from '../repository.ts';
import type { RolloutBranch } from './memory.ts';

/** One request. @throws GitHub's 404 or 409 for an empty repository */
export function listBranches(
  repository: Repository,
  cache: ConditionalCache<readonly RolloutBranch[]>,
): Promise<readonly RolloutBranch[]> {
  const { git } = repository.octokit.rest;
  const prefix = `heads/${BRANCH_PREFIX}`;
  return cache.get(
    `${repository.id}`,
    (headers) => git.listMatchingRefs({ ...at(repository), ref: prefix, headers }),
    (refs) =>
      refs.map(({ ref, object }) => ({ name: ref.slice(`refs/${prefix}`.length), commit: object.sha })),
  );
}

/**
 * Creates the branch with the first state of a rollout.
 * @returns its commit
 * @throws GitHub's 422 where the branch exists already
 */
export async function createBranch(
  repository: Repository,
  rollout: string,
  { text, message }: { readonly text: string; readonly message: string },
): Promise<string> {
  const { git } = repository.octokit.rest;
  const file = { mode: '100644', type: 'blob' } as const;
  const tree = await git.createTree({
    ...at(repository),
    tree: [
      { ...file, path: STATE_FILE, content: text },
      { ...file, path: 'README.md', content: branchReadme(rollout) },
    ],
  });
  const commit = await git.createCommit({ ...at(repository), message, tree: tree.data.sha, parents: [] });
  const { sha } = commit.data;
  await git.createRef({ ...at(repository), ref: `refs/heads/${branchOf(rollout)}`, sha });
  return sha;
}

/** The README of the branch, for people who open it in the browser. */
function branchReadme(rollout: string): string {
  return `# The rollout "${rollout}"

This branch holds the state and the audit log of a rollout by gateway-rollout. It has no history in common with the
code and is never merged.

- \`${STATE_FILE}\` is the current state. Each commit is one transition; its message says what happened, who asked for
  it, and on which evidence: \`git log -- ${STATE_FILE}\`.
- The file is signed. \`sequence\` counts the transitions, \`previous\` is the Git blob of the previous file, and
  \`message\` is the commit's message. The signature covers all three and the state.
- Don't edit it: an invalid signature stops the rollout. Use the commands on the rollout's issue instead.
- If you delete the branch, the App forgets the rollout. The traffic stays where it is.
`;
}
