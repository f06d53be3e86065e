import { STATE_FILE } from '../../src/config/state-branch.ts';

/** The README of the branch, for people who open it in the browser. */
export function branchReadme(rollout: string): string {
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
