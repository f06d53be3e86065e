/** Publishes a conclusion: outputs, summary, annotations, log and the job's status. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as core from '@actions/core';
import { checkResultSentence, failureLine, nextStep } from '../../report/check-sentences.ts';
import { checkSummary } from '../../report/check-summary.ts';
import { checkOnTerminal } from '../../report/check-terminal.ts';
import { configAnnotations } from '../../report/config-annotations.ts';
import { refusalLine, refusalSummary, skippedSummary } from '../../report/refusals.ts';
import { count } from '../../wording/amounts.ts';
import { plainLine } from '../../wording/foreign-text.ts';
import type { Hosted } from '../app.ts';
import { reportJson } from '../check.ts';
import type { NotStarted } from '../exec/child.ts';
import type { NotObserved } from '../observe/perform.ts';
import type { Refused } from '../refusal.ts';
import { type Conclusion, missingModels, type ScannedCode, type Skipped } from './conclusion.ts';
import { LOG_COLUMNS, logLine, type PublishOptions, setOutputs, writeSummary } from './job.ts';

export async function publish(conclusion: Conclusion, options: PublishOptions): Promise<void> {
  switch (conclusion.kind) {
    case 'config-valid':
      return setOutputs({ 'reason-code': 'config_valid' });
    case 'inventory':
      return publishInventory(conclusion.code, options);
    case 'report':
      return publishReport(conclusion, options);
    case 'fidelity':
      return (await import('./publish-fidelity.ts')).publishFidelity(conclusion, options);
    case 'executed':
      return (await import('./publish-exec.ts')).publishExec(conclusion, options);
    case 'not-started':
      return publishNotStarted(conclusion);
    case 'observed-in-job':
      return (await import('./publish-observe.ts')).publishObserved(conclusion, options);
    case 'hosted':
      return publishHosted(conclusion, options);
    case 'skipped':
      return publishSkipped(conclusion, options);
    case 'refused':
    case 'failed':
      return publishRefusal(conclusion, options);
  }
}

async function publishRefusal(refusal: Refused | NotObserved, options: PublishOptions): Promise<void> {
  const { reasonCode, messages } = refusal;
  const verdict = ['fidelity', 'exec', 'observe', 'app'].includes(options.command) ? '' : 'not-ready';
  setOutputs({
    verdict,
    'reason-code': reasonCode,
    'new-address': newAddress(reasonCode, refusalLine(messages)),
  });
  if (options.summary) await writeSummary(refusalSummary(messages, options.command));
  for (const message of messages) logLine(message);
  const inConfig = refusal.kind === 'refused' ? refusal.configProblems : [];
  for (const { message, location } of configAnnotations(inConfig)) core.error(message, location);
  core.setFailed(refusalLine(messages));
}

/** Which address is new, who must name it, and how. */
const newAddress = (reasonCode: string, line: string): string => (reasonCode === 'new_address' ? line : '');

async function publishSkipped({ reasonCode, reason }: Skipped, options: PublishOptions): Promise<void> {
  setOutputs({ 'reason-code': reasonCode });
  if (options.summary) await writeSummary(skippedSummary(options.command, reason));
  core.notice(plainLine(reason, 1000));
}

async function publishInventory(code: ScannedCode, options: PublishOptions): Promise<void> {
  const { codeForLog, codeOutputs, codeSection, publishCode } = await import('./publish-code.ts');
  setOutputs({ 'reason-code': 'inventory_taken', ...codeOutputs(code) });
  if (options.summary) await writeSummary(`## Gateway rollout\n\n${codeSection(code)}`);
  core.info(codeForLog(code));
  await publishCode(code, options);
}

async function publishReport(
  { report, code }: Extract<Conclusion, { kind: 'report' }>,
  options: PublishOptions,
): Promise<void> {
  const about = code === null ? null : { code, ...(await import('./publish-code.ts')) };
  const file = path.join(options.reports, 'gateway-rollout-report.json');
  await writeFile(file, reportJson(report));
  setOutputs({
    verdict: report.verdict,
    'reason-code': report.reasonCode,
    'new-address': newAddress(report.reasonCode, failureLine(report)),
    report: file,
    'models-missing': missingModels(report).join(','),
    ...about?.codeOutputs(about.code),
  });
  const section = about === null ? '' : `\n${about.codeSection(about.code)}`;
  if (options.summary) await writeSummary(checkSummary(report) + section);
  core.info(checkOnTerminal(report, { color: false, columns: LOG_COLUMNS }));
  if (report.verdict === 'skipped') core.notice(`${checkResultSentence(report)} ${nextStep(report)}`);
  if (report.verdict === 'not-ready') core.setFailed(failureLine(report));
  await about?.publishCode(about.code, options);
}

function publishNotStarted({ exitCode, message }: NotStarted): void {
  setOutputs({ 'reason-code': 'command_not_started', 'exit-code': String(exitCode) });
  core.setFailed(plainLine(message, 1000));
  process.exitCode = exitCode;
}

async function publishHosted({ statuses, errors }: Hosted, { summary }: PublishOptions): Promise<void> {
  setOutputs({ 'reason-code': errors === 0 ? 'reconciled' : 'app_failed' });
  const sentence = rolloutsSentence(statuses);
  if (summary) await writeSummary(`## Gateway rollout\n\n${sentence}\n`);
  core.info(sentence);
  if (errors > 0) {
    core.setFailed(
      `The App hit ${count(errors, 'error')}. See the log above; the next run continues from here.`,
    );
  }
}

/** `3 rollouts: 2 progressing, 1 paused.` */
function rolloutsSentence(statuses: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const status of statuses) counts.set(status, (counts.get(status) ?? 0) + 1);
  if (counts.size === 0) return 'This repository has no rollout.';
  const parts = [...counts].map(([status, rollouts]) => `${rollouts} ${status}`);
  return `${count(statuses.length, 'rollout')}: ${parts.join(', ')}.`;
}
