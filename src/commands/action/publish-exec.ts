/** How a run of `command: exec` is told. The step ends with the command's own exit code. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as core from '@actions/core';
import type { ExecReport } from '../../measure/recorder/exec-report.ts';
import { skipCause } from '../../report/check-sentences.ts';
import { execHeadline } from '../../report/exec-sentences.ts';
import { execSummary } from '../../report/exec-summary.ts';
import { execOnTerminal } from '../../report/exec-terminal.ts';
import { skippedSummary } from '../../report/refusals.ts';
import { plainLine } from '../../wording/foreign-text.ts';
import type { NotStarted } from '../exec/child.ts';
import type { Executed } from '../exec/perform.ts';
import type { ExecSkipped } from './conclusion.ts';
import { armOutputs, LOG_COLUMNS, setOutputs, writeSummary } from './job.ts';

/** @param reports directory for the report as JSON */
export async function publishExec(
  { report, page }: Executed,
  { summary }: { readonly summary: boolean },
  reports: string,
): Promise<void> {
  const file = path.join(reports, 'gateway-rollout-exec.json');
  await writeFile(file, `${JSON.stringify(report, null, 2)}\n`);
  const hasSucceeded = report.exitCode === 0;
  setOutputs({
    'reason-code': hasSucceeded ? 'command_succeeded' : 'command_failed',
    'exit-code': String(report.exitCode),
    report: file,
    html: page ?? '',
    ...armOutputs(countsOf(report)),
  });
  if (summary) await writeSummary(execSummary(report));
  core.info(execOnTerminal(report, { color: false, columns: LOG_COLUMNS }));
  if (!hasSucceeded) failWith(report.exitCode, execHeadline(report));
}

export function publishNotStarted({ exitCode, message }: NotStarted): void {
  setOutputs({ 'reason-code': 'command_not_started', 'exit-code': String(exitCode) });
  failWith(exitCode, message);
}

export async function publishExecSkipped(
  { reasonCode }: ExecSkipped,
  { summary }: { readonly summary: boolean },
): Promise<void> {
  setOutputs({ 'reason-code': reasonCode });
  const sentence = `Skipped: ${skipCause(reasonCode)}`;
  if (summary) await writeSummary(skippedSummary('exec', sentence));
  core.notice(sentence);
}

function countsOf({ arms }: ExecReport) {
  return Object.fromEntries(arms.map(({ arm, counts }) => [arm, counts]));
}

function failWith(exitCode: number, message: string): void {
  core.setFailed(plainLine(message, 1000));
  process.exitCode = exitCode;
}
