/** GitHub's reads may lag behind its writes by ten seconds: what looks wrong is read again before it counts. */
import { setTimeout } from 'node:timers/promises';

/** @param milliseconds of the pause */
export type Wait = (milliseconds: number) => Promise<unknown>;

export const waitInEarnest: Wait = (milliseconds) => setTimeout(milliseconds);

/** Twelve seconds in all, in milliseconds. */
const PAUSES: readonly number[] = [500, 1_500, 4_000, 6_000];

/** Tries until the outcome is not doubtful, or the lag is over. */
export async function tryPatiently<T>(
  wait: Wait,
  attempt: () => Promise<T>,
  isDoubtful: (outcome: T) => boolean,
): Promise<T> {
  let outcome = await attempt();
  for (const pause of PAUSES) {
    if (!isDoubtful(outcome)) break;
    await wait(pause);
    outcome = await attempt();
  }
  return outcome;
}
