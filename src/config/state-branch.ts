/** Where the state of a rollout is: on a branch of its own, which shares no history with the code. */

/** Of every rollout's branch; the rollout's name follows. */
export const BRANCH_PREFIX = 'gateway-rollout/';
export const STATE_FILE = 'state.json';

export function branchOf(rollout: string): string {
  return `${BRANCH_PREFIX}${rollout}`;
}
