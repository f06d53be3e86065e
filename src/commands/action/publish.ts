import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as core from '@actions/core';
import { failureLine, nextStep, verdictSentence } from '../../report/check-sentences.ts';
import { checkSummary } from '../../report/check-summary.ts';
import { checkOnTerminal } from '../../report/check-terminal.ts';
import { configAnnotations } from '../../report/config-annotations.ts';
import { refusalLine, refusalSummary } from '../../report/refusals.ts';
import { plainLine } from '../../wording/foreign-text.ts';
import { reportJson } from '../check.ts';
import { type Conclusion, missingModels } from './conclusion.ts';
import type { Inputs } from './inputs.ts';
import { LOG_COLUMNS, setOutputs, writeSummary } from './job.ts';

/** Where files go: the report, and by the input's own path the SARIF. */
interface Places {
  readonly workspace: string;
  readonly reports: string;
}

type PublishOptions = Pick<Inputs, 'command' | 'summary' | 'sarif' | 'failOnHardCoded'>;

/** Tell a conclusion by outputs, summary, annotations, log and the job's status. */
export async function publish(
  conclusion: Conclusion,
  options: PublishOptions,
  places: Places,
): Promise<void> {
  switch (conclusion.kind) {
    case 'config-valid':
      return setOutputs({ 'reason-code': 'config_valid' });
    case 'refused':
      return publishRefusal(conclusion, options);
    case 'inventory':
      return publishInventory(conclusion, options, places);
    case 'report':
      return publishReport(conclusion, options, places);
    case 'executed':
      return (await import('./publish-exec.ts')).publishExec(conclusion, options, places.reports);
    case 'exec-skipped':
      return (await import('./publish-exec.ts')).publishExecSkipped(conclusion, options);
    case 'not-started':
      return (await import('./publish-exec.ts')).publishNotStarted(conclusion);
    case 'observed-in-job':
      return (await import('./publish-observe.ts')).publishObserved(conclusion, options);
    case 'nothing-new':
      return (await import('./publish-observe.ts')).publishNothingNew(conclusion, options);
    case 'app-hosted':
      return (await import('./publish-app.ts')).publishHosted(conclusion, options);
    case 'app-skipped':
      return (await import('./publish-app.ts')).publishAppSkipped(conclusion, options);
    case 'failed':
      return (await import('./publish-observe.ts')).publishNotObserved(conclusion, options);
  }
}

async function publishRefusal(
  { reasonCode, messages, configProblems }: Extract<Conclusion, { kind: 'refused' }>,
  { command, summary }: PublishOptions,
): Promise<void> {
  const verdict = ['exec', 'observe', 'app'].includes(command) ? '' : 'not-ready';
  setOutputs({ verdict, 'reason-code': reasonCode });
  if (summary) await writeSummary(refusalSummary(messages, command));
  for (const message of messages) core.info(plainLine(message, 1000));
  for (const { message, place } of configAnnotations(configProblems)) core.error(message, place);
  core.setFailed(refusalLine(messages));
}

async function publishInventory(
  { code }: Extract<Conclusion, { kind: 'inventory' }>,
  options: PublishOptions,
  { workspace }: Places,
): Promise<void> {
  const { codeForLog, codeOutputs, codeSection, publishCode } = await import('./publish-code.ts');
  setOutputs({ 'reason-code': 'inventory_taken', ...codeOutputs(code) });
  if (options.summary) await writeSummary(`## Gateway rollout\n\n${codeSection(code)}`);
  core.info(codeForLog(code));
  await publishCode(code, options, workspace);
}

async function publishReport(
  { report, code }: Extract<Conclusion, { kind: 'report' }>,
  options: PublishOptions,
  { workspace, reports }: Places,
): Promise<void> {
  const about = code === null ? null : { code, ...(await import('./publish-code.ts')) };
  const file = path.join(reports, 'gateway-rollout-report.json');
  await writeFile(file, reportJson(report));
  setOutputs({
    verdict: report.verdict,
    'reason-code': report.reasonCode,
    report: file,
    'models-missing': missingModels(report).join(','),
    ...about?.codeOutputs(about.code),
  });
  const section = about === null ? '' : `\n${about.codeSection(about.code)}`;
  if (options.summary) await writeSummary(checkSummary(report) + section);
  core.info(checkOnTerminal(report, { color: false, columns: LOG_COLUMNS }));
  if (report.verdict === 'skipped') core.notice(`${verdictSentence(report)} ${nextStep(report)}`);
  if (report.verdict === 'not-ready') core.setFailed(failureLine(report));
  await about?.publishCode(about.code, options, workspace);
}
