/** An estimate of what a stage will cost on the gateway. */
import { tasksPerDay } from './past-windows.ts';
import { type Rollout, stageOf } from './road.ts';
import { shareOfSlice } from './shares.ts';
import type { Arms } from './stored-counts.ts';

const DAY = 86_400_000;

/**
 * US dollars that the current stage spends on the gateway until its gate can be met at the earliest: the tasks of that
 * time, times the stage's share, times the cost of a task so far.
 * @returns null where nothing was measured, or nothing had a price
 */
export function expectedCost(rollout: Rollout): number | null {
  const { state } = rollout;
  const stage = stageOf(rollout);
  if (stage === null || stage.kind !== 'share') return null;
  const share = shareOfSlice(state.stage.traffic.shares, stage.slice) / 100;
  const perDay = tasksPerDay(rollout.config, state.past, stage, Number.POSITIVE_INFINITY);
  const perTask = costOfTask(state.spent);
  if (perDay === null || perTask === null || share === 0) return null;
  const rate = (perDay / DAY) * share;
  const { min_duration: leastTime, min_tasks: leastTasks } = stage.gate;
  return Math.max(leastTime * rate, leastTasks) * perTask;
}

/** On the gateway; before it had any traffic, on the official arm. */
function costOfTask({ official, gateway }: Arms): number | null {
  for (const arm of [gateway, official]) {
    const tasks = arm?.tasks ?? 0;
    if (arm !== null && tasks > 0 && arm.cost.usd > 0) return arm.cost.usd / tasks;
  }
  return null;
}
