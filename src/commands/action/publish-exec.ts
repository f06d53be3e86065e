/** Publishes a run of `command: exec`. The step ends with the command's own exit code. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as core from '@actions/core';
import { execHeadline } from '../../report/exec-sentences.ts';
import { execSummary } from '../../report/exec-summary.ts';
import { execOnTerminal } from '../../report/exec-terminal.ts';
import { plainLine } from '../../wording/foreign-text.ts';
import type { Executed } from '../exec/perform.ts';
import { armOutputs, LOG_COLUMNS, type PublishOptions, setOutputs, writeSummary } from './job.ts';

export async function publishExec(
  { report, page }: Executed,
  { summary, reports }: PublishOptions,
): Promise<void> {
  const { exitCode } = report;
  const file = path.join(reports, 'gateway-rollout-exec.json');
  await writeFile(file, `${JSON.stringify(report, null, 2)}\n`);
  setOutputs({
    'reason-code': exitCode === 0 ? 'command_succeeded' : 'command_failed',
    'exit-code': String(exitCode),
    report: file,
    html: page ?? '',
    ...armOutputs(Object.fromEntries(report.arms.map(({ arm, counts }) => [arm, counts]))),
  });
  if (summary) await writeSummary(execSummary(report));
  core.info(execOnTerminal(report, { color: false, columns: LOG_COLUMNS }));
  if (exitCode === 0) return;
  core.setFailed(plainLine(execHeadline(report), 1000));
  process.exitCode = exitCode;
}
