/**
 * A split that is sticky by user gives all tasks of a user to one arm: a hundred tasks of one user say less than
 * a hundred users with one each. The design effect is by how much.
 */
import type { UnitCounts } from '../measure/measurement.ts';

export interface DesignEffect {
  /** For failures, as they were seen to cluster. */
  readonly failures: number;
  /** For everything else: as if all tasks of a unit were alike, since nobody counts other events by unit. */
  readonly other: number;
}

export const INDEPENDENT: DesignEffect = { failures: 1, other: 1 };

/**
 * `Σ_u (x_u − p̂ n_u)² / (T p̂ (1 − p̂))` over the units u of both arms, each arm with its own p̂; at least 1.
 * One unit of typical size that failed throughout is added to what was seen: units that fail throughout may
 * exist and not have come yet, so without failures every unit counts as one task.
 * @param arms sampled units with all their tasks of the stage, of each arm
 * @returns null where no unit is known
 */
export function designEffect(arms: readonly (readonly UnitCounts[])[]): DesignEffect | null {
  let [tasks, squares, numerator, denominator] = [0, 0, 0, 0];
  for (const units of arms) {
    const sums = sumsOf(units);
    if (sums.tasks === 0) continue;
    const rate = sums.failed / sums.tasks;
    tasks += sums.tasks;
    squares += sums.tasksSquared;
    // Σ (x − p̂ n)², multiplied out.
    numerator += sums.failedSquared - 2 * rate * sums.failedByTasks + rate * rate * sums.tasksSquared;
    denominator += sums.tasks * rate * (1 - rate);
  }
  if (tasks === 0) return null;
  const typical = squares / tasks;
  return {
    failures: Math.max(1, (numerator + typical ** 2) / (denominator + typical)),
    other: Math.max(1, typical),
  };
}

function sumsOf(units: readonly UnitCounts[]) {
  const sums = { tasks: 0, failed: 0, tasksSquared: 0, failedSquared: 0, failedByTasks: 0 };
  for (const { tasks, failedTasks } of units) {
    sums.tasks += tasks;
    sums.failed += failedTasks;
    sums.tasksSquared += tasks * tasks;
    sums.failedSquared += failedTasks * failedTasks;
    sums.failedByTasks += failedTasks * tasks;
  }
  return sums;
}
