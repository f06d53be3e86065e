/** `command: exec`: the team's own test suite through the recorder, inside a job. */
import { performExec } from '../exec/perform.ts';
import type { NamedOrigins } from '../named-origins.ts';
import type { ReadConfig } from '../read-config.ts';
import { type Conclusion, unlessExcused } from './conclusion.ts';
import { hostOf, type Job } from './job.ts';
import type { RunEvent } from './trust.ts';

export async function execInJob(
  job: Job,
  event: RunEvent,
  { config }: ReadConfig,
  named: () => Promise<NamedOrigins>,
): Promise<Conclusion> {
  const outcome = await performExec(job.inputs.exec, config, {
    ...hostOf(job),
    named: await named(),
    output: process,
    signals: process,
    atTerminal: false,
  });
  return unlessExcused(outcome, event);
}
