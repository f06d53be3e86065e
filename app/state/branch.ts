import { STATE_FILE } from '../../src/config/state-branch.ts';

/** What the branch says of itself to those who open it in the browser. */
export function branchReadme(rollout: string): string {
  return `# The rollout "${rollout}"

This branch is the memory and the audit log of a rollout by gateway-rollout. It shares no history with the code, and
nothing on it is ever merged.

- \`${STATE_FILE}\` says where the rollout stands. Each commit is one transition; its message says what happened, who
  asked for it and on which evidence: \`git log -- ${STATE_FILE}\`.
- The file is signed. \`sequence\` counts the transitions, \`previous\` is the Git blob of the file before, \`message\`
  the commit's message: the signature covers all of them and the state.
- Do not edit it: a state whose signature does not fit stops the rollout. Use the commands on the rollout's issue.
- Deleting the branch forgets the rollout. The traffic stays where it is.
`;
}
