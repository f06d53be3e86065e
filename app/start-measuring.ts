/**
 * Starts the workflow that measures production when a window is due. Its schedule is the fallback: GitHub delays and drops
 * scheduled runs.
 */

import { wholeMinute } from '../src/measure/next-window.ts';
import { lagOf } from '../src/measure/open-source.ts';
import type { Driver } from './driver.ts';
import { isPassing, wordsOf } from './http-status.ts';
import { firstMoment } from './observation.ts';
import { reportProblem } from './prerequisites.ts';
import { startWorkflow } from './runs.ts';

const PROBLEM = 'measuring_not_started';

/** At most one run an interval: another process, or a person, may have started the newest one. */
export async function startMeasuring(driver: Driver): Promise<void> {
  const { repository, rollout, services, memory } = driver;
  const { measure } = rollout.config;
  const { name, stage, status } = rollout.state;
  const from = firstMoment(stage);
  if (measure === null || measure.workflow === null || from === null) return;
  // Where traffic was taken back there is nothing to measure.
  if (status.kind !== 'progressing' && status.kind !== 'paused') return;
  // The prerequisites report a missing permission.
  if (memory.granted !== null && memory.granted.actions !== 'write') return;
  const { workflow: file, interval } = measure;
  const now = services.now();
  const isRecent = (moment: number) => now - moment < interval;
  if (wholeMinute(now - lagOf(rollout.config)) - from < interval) return;
  if (isRecent(memory.measuringAskedAt.get(file) ?? 0)) return;
  const runs = await memory.runs.newestOfAny(repository, file);
  if (runs.some(({ createdAt }) => isRecent(createdAt))) return;
  memory.measuringAskedAt.set(file, now);
  try {
    const run = await startWorkflow(repository, { file, inputs: {}, mayRepeat: false });
    services.log.info({ rollout: name, workflow: file, run }, 'started the measuring workflow');
    await reportProblem(driver, PROBLEM, '');
  } catch (error) {
    if (isPassing(error)) throw error;
    await reportProblem(driver, PROBLEM, `${file}: ${wordsOf(error)}.`);
  }
}
