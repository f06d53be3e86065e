/** How far the current stage is, and when it may end. */

import type { StageState } from '../../rollout/stage-state.ts';
import type { RolloutState } from '../../rollout/state.ts';

/** Tasks on the gateway since the traffic was verified. */
export function tasksSeen({ stage }: RolloutState): number {
  return stage.evidence?.sinceVerified.tasks.gateway ?? 0;
}

/**
 * When the minimum time of the stage is over.
 * @param least milliseconds
 * @returns milliseconds since 1970; null while the clock is stopped or was not started
 */
export function earliestEnd({ traffic, clock }: StageState, least: number): number | null {
  if (traffic.verifiedAt === null || clock.stoppedSince !== null) return null;
  return traffic.verifiedAt + clock.stopped + least - clock.ran;
}
