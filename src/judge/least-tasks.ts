/** `min_tasks: auto`: how many tasks on the gateway a stage needs at least, from the traffic seen before it began. */
import type { Gate } from '../config/gates.ts';

const DAYS = 3;
/** Fewer would say nothing; more are not needed, since every proof takes the tasks that it needs. */
const FEWEST = 100;
const MOST = 500;

/**
 * @param share percent of the tasks that go to the gateway
 * @param tasksPerDay of both arms; null where none were seen
 */
export function leastTasks(asked: Gate['min_tasks'], share: number, tasksPerDay: number | null): number {
  if (asked !== 'auto') return asked;
  if (tasksPerDay === null) return MOST;
  return Math.min(MOST, Math.max(FEWEST, Math.round((DAYS * tasksPerDay * share) / 100)));
}
