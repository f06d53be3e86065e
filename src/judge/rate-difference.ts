/**
 * Method 1 for two arms: is the gateway's rate of an event at most `limit` above the official one? The official
 * arm is first reweighted to the gateway's mix of strata, so that a share that drifts through good and bad hours
 * does not look like a difference.
 */
import { type Count, complement, isRateAbove, rateAtLeast, rateAtMost } from './rate.ts';
import type { StratumCount } from './strata.ts';

/** `Σ n_g (k_o/n_o)` and `Σ n_g²/n_o`: what one stratum adds to the reweighted official arm. */
export function reweighted({ gateway, official }: StratumCount): readonly [events: number, spread: number] {
  if (gateway.tasks <= 0 || official.tasks <= 0) return [0, 0];
  const weight = gateway.tasks / official.tasks;
  return [weight * official.events, weight * gateway.tasks];
}

/**
 * The official arm as it would be with the gateway's mix: the rate `p* = Σ (n_g/N_g)(k_o/n_o)` on the effective
 * number of tasks `n* = 1 / Σ (n_g/N_g)²/n_o`.
 * @param tasks `N_g`, the gateway's tasks in the strata that both arms have
 */
export function reweightedCount(tasks: number, events: number, spread: number): Count {
  if (!(spread > 0)) return { events: 0, tasks: 0 };
  const effective = (tasks * tasks) / spread;
  return { events: (events / tasks) * effective, tasks: effective };
}

/**
 * Whether `gateway − official > limit` is proven. Each arm's bound has half of alpha, so the statement about both has
 * the whole of it.
 */
export function isDifferenceAbove(
  { gateway, official }: StratumCount,
  limit: number,
  alpha: number,
  concentration: number,
): boolean {
  if (!(gateway.tasks > 0 && official.tasks > 0)) return false;
  // The official arm's upper bound is at least its rate: unless the gateway is above that, no root is needed.
  const threshold = official.events / official.tasks + limit;
  if (!isRateAbove(threshold, gateway, alpha / 2, concentration)) return false;
  const least = rateAtLeast(gateway, alpha / 2, concentration);
  return least > rateAtMost(official, alpha / 2, concentration) + limit;
}

/**
 * Whether `gateway − official < limit` is proven: of the tasks without the event, the gateway then has more than
 * `−limit` above the official arm.
 */
export function isDifferenceBelow(
  { gateway, official }: StratumCount,
  limit: number,
  alpha: number,
  concentration: number,
): boolean {
  const without = { gateway: complement(gateway), official: complement(official) };
  return isDifferenceAbove(without, -limit, alpha, concentration);
}
