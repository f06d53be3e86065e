/** `command: exec`: the team's own test suite through the recorder, inside a job. */
import { performExec } from '../exec/perform.ts';
import type { NamedOrigins } from '../named-origins.ts';
import type { ReadConfig } from '../read-config.ts';
import { type Conclusion, unlessExcused } from './conclusion.ts';
import { type Job, logNote } from './job.ts';
import type { RunEvent } from './trust.ts';

export async function execInJob(
  job: Job,
  event: RunEvent,
  { config }: ReadConfig,
  named: () => Promise<NamedOrigins>,
): Promise<Conclusion> {
  const { inputs, environment, workspace, mask } = job;
  const outcome = await performExec(inputs.exec, config, {
    directory: workspace,
    environment,
    front: 'action',
    named: await named(),
    output: process,
    signals: process,
    atTerminal: false,
    onSecrets: mask,
    onNote: logNote,
  });
  return unlessExcused(outcome, event);
}
