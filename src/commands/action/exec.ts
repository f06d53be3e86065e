/** `command: exec`: the team's own test suite through the recorder, inside a job. */
import { skipCause } from '../../report/check-sentences.ts';
import { performExec } from '../exec/perform.ts';
import type { NamedOrigins } from '../named-origins.ts';
import type { ReadConfig } from '../read-config.ts';
import type { Conclusion } from './conclusion.ts';
import { type Job, logNote } from './job.ts';
import { excuseForMissingKey, type RunEvent } from './trust.ts';

/** Runs the command. A pull request whose runs get no key is excused. */
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
  if (outcome.kind !== 'refused' || outcome.reasonCode !== 'missing_key') return outcome;
  const excuse = excuseForMissingKey(event);
  return excuse === null
    ? outcome
    : { kind: 'skipped', reasonCode: excuse, reason: `Skipped: ${skipCause(excuse)}` };
}
