/** Publishes a run of `command: fidelity`. Another model fails the job; a difference is a warning. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as core from '@actions/core';
import { fidelitySummary } from '../../report/fidelity-summary.ts';
import { fidelityOnTerminal } from '../../report/fidelity-terminal.ts';
import { fidelityNext, fidelityVerdict } from '../../wording/fidelity.ts';
import { plainLine } from '../../wording/foreign-text.ts';
import type { TestedFidelity } from '../fidelity.ts';
import { LOG_COLUMNS, type PublishOptions, setOutputs, writeSummary } from './job.ts';

export async function publishFidelity(
  { report, page }: TestedFidelity,
  { summary, reports }: PublishOptions,
): Promise<void> {
  const { verdict } = report;
  const file = path.join(reports, 'gateway-rollout-fidelity.json');
  await writeFile(file, `${JSON.stringify(report, null, 2)}\n`);
  setOutputs({ verdict, 'reason-code': verdict.replace('-', '_'), report: file, html: page ?? '' });
  if (summary) await writeSummary(fidelitySummary(report));
  core.info(fidelityOnTerminal(report, { color: false, columns: LOG_COLUMNS }));
  const line = plainLine(`${fidelityVerdict(report)} ${fidelityNext(report)}`, 1000);
  if (verdict === 'other-model') core.setFailed(line);
  else if (verdict !== 'indistinguishable') core.warning(line);
}
