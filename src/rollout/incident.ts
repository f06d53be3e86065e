/** The newest windows of a stage, and what went wrong in them before a step back: both are only shown. */
import { z } from 'zod';
import { byArm } from '../config/arms.ts';
import { totalOf } from '../judge/method.ts';

const moment = z.int().min(0);
const percent = z.number().min(0).max(100);
const countsSchema = z.object({ tasks: z.number(), failed: z.number() });
/** One window, for the chart: success rates in percent. */
export const pointSchema = z.object({
  at: moment,
  official: z.number().nullable(),
  gateway: z.number().nullable(),
  counts: z.object({ from: moment, official: countsSchema, gateway: countsSchema }).optional(),
});

export type Point = z.output<typeof pointSchema>;

export const incidentSchema = z.object({
  from: moment,
  to: moment,
  /** Failed tasks of each arm, in percent. */
  gateway: percent,
  official: percent,
});
export type Incident = z.output<typeof incidentSchema>;

/**
 * The newest windows in a row in which the gateway failed at least half as often as in the newest one.
 * @returns null where that one was no worse than the official API's: times or contents raised the alarm
 */
export function incidentIn(points: readonly Point[]): Incident | null {
  const newest = points.at(-1);
  const rate = failureRate(newest?.gateway);
  if (newest === undefined || rate <= failureRate(newest.official)) return null;
  const first = points.findLastIndex(({ gateway }) => failureRate(gateway) < rate / 2) + 1;
  const windows = points.slice(first).flatMap(({ counts }) => counts ?? []);
  const failed = byArm((arm) => {
    const sum = (of: 'tasks' | 'failed') => totalOf(windows, (window) => window[arm][of]);
    return (100 * sum('failed')) / Math.max(1, sum('tasks'));
  });
  return { from: windows[0]?.from ?? newest.at, to: newest.at, ...failed };
}

/** @param success percent; nothing failed where it is unknown */
function failureRate(success: number | null = null): number {
  return 100 - (success ?? 100);
}
