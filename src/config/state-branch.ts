/** Where the state of a rollout stands: on a branch of its own, beside the code and without a common history. */

/** Of every rollout's branch; the rest is the rollout's name. */
export const BRANCH_PREFIX = 'gateway-rollout/';
export const STATE_FILE = 'state.json';

export function branchOf(rollout: string): string {
  return `${BRANCH_PREFIX}${rollout}`;
}
