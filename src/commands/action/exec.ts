/** `command: exec`: the team's own test suite through the recorder, inside a job. */
import * as core from '@actions/core';
import { plainLine } from '../../wording/foreign-text.ts';
import { performExec } from '../exec/perform.ts';
import type { ReadConfig } from '../read-config.ts';
import type { Conclusion } from './conclusion.ts';
import type { Run } from './job.ts';
import { excuseForMissingKey, type RunEvent } from './trust.ts';

/** Runs the command; a pull request whose runs get no key is excused. */
export async function execInJob(run: Run, event: RunEvent, { config }: ReadConfig): Promise<Conclusion> {
  const { inputs, environment, workspace, mask } = run;
  const outcome = await performExec(inputs.exec, config, {
    directory: workspace,
    environment,
    front: 'action',
    output: process,
    signals: process,
    atTerminal: false,
    onSecrets: mask,
    onNote: (note) => core.info(`note: ${plainLine(note, 1000)}`),
  });
  if (outcome.kind !== 'refused' || outcome.reasonCode !== 'missing_key') return outcome;
  const excuse = excuseForMissingKey(event);
  return excuse === null ? outcome : { kind: 'exec-skipped', reasonCode: excuse };
}
