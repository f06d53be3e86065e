/** Twenty made-up hours of a stage in production, and what they add up to. */
import { type ArmCounts, EMPTY_ARM, type SpenderSlice } from '../../src/measure/measurement.ts';

/** Tasks and failed tasks of each hour in the stage, from the morning on into the night. */
export const HOURS = {
  official: {
    tasks: [
      2531, 2774, 2867, 2688, 2759, 2911, 2838, 2676, 2433, 2197, 2024, 1946, 1803, 1641, 1437, 1192, 1013,
      871, 824, 665,
    ],
    failedTasks: [2, 1, 3, 0, 2, 4, 1, 2, 3, 1, 0, 2, 2, 1, 0, 3, 1, 0, 2, 1],
  },
  gateway: {
    tasks: [134, 147, 149, 143, 142, 155, 147, 144, 126, 117, 105, 104, 93, 88, 74, 64, 52, 47, 42, 37],
    failedTasks: [0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0],
  },
};

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** 40,090 and 2,110, of which 31 and 2 failed. */
export const TASKS = { official: sum(HOURS.official.tasks), gateway: sum(HOURS.gateway.tasks) };

export const arms = {
  official: arm(TASKS.official, sum(HOURS.official.failedTasks), 0.0003),
  gateway: arm(TASKS.gateway, sum(HOURS.gateway.failedTasks), 0.0002),
};

/** Percent of the hour's tasks that succeeded. */
export function successIn({ tasks, failedTasks }: (typeof HOURS)['official'], hour: number): number {
  const [all = 0, failures = 0] = [tasks[hour], failedTasks[hour]];
  return (100 * (all - failures)) / all;
}

export const countsIn = ({ tasks, failedTasks }: (typeof HOURS)['official'], hour: number) => ({
  tasks: tasks[hour] ?? 0,
  failed: failedTasks[hour] ?? 0,
});

function arm(tasks: number, failedTasks: number, usdPerTask: number): ArmCounts {
  const money = (usd: number) => ({ usd, priced: tasks, unpriced: 0 });
  const spent = {
    tasks,
    failedTasks,
    retriedTasks: failedTasks,
    attempts: tasks + failedTasks,
    tokens: { input: 800 * tasks, cachedInput: 300 * tasks, output: 150 * tasks, unknown: 0 },
    cost: money(usdPerTask * tasks),
    retryCost: money(usdPerTask * failedTasks),
    atOfficialPrices: money(0.0003 * tasks),
  };
  const slice = (name: string): SpenderSlice => ({ name, ...spent });
  return {
    ...EMPTY_ARM,
    ...spent,
    failedAttempts: 2 * failedTasks,
    byKey: [slice('backend')],
    byMember: [slice('ana')],
  };
}
