/** The counts of a simulated arm. */
import { type ArmCounts, EMPTY_ARM } from '../../../src/measure/measurement.ts';

/**
 * @param drawn `retried`: tasks with more than one attempt; `failedRetries`: attempts that failed beside the last one of
 *   each failed task
 */
export function armOf(drawn: {
  readonly tasks: number;
  readonly failed: number;
  readonly retried: number;
  readonly failedRetries: number;
  readonly latency: ArmCounts['latency'];
  readonly usd: number;
}): ArmCounts {
  const { tasks, failed, retried, failedRetries, latency, usd } = drawn;
  const money = { usd, priced: tasks, unpriced: 0 };
  return {
    ...EMPTY_ARM,
    tasks,
    failedTasks: failed,
    retriedTasks: retried,
    attempts: tasks + failedRetries,
    failedAttempts: failed + failedRetries,
    latency,
    cost: money,
    atOfficialPrices: money,
  };
}
