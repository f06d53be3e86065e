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

type Wishes = Pick<Inputs, 'command' | 'summary' | 'sarif' | 'failOnHardCoded'>;

/** Tell a conclusion by outputs, summary, annotations, log and the job's status. */
export async function tell(conclusion: Conclusion, wishes: Wishes, places: Places): Promise<void> {
  switch (conclusion.kind) {
    case 'config-valid':
      return setOutputs({ 'reason-code': 'config_valid' });
    case 'refused':
      return tellRefusal(conclusion, wishes);
    case 'inventory':
      return tellInventory(conclusion, wishes, places);
    case 'report':
      return tellReport(conclusion, wishes, places);
    case 'executed':
      return (await import('./publish-exec.ts')).tellExec(conclusion, wishes, places.reports);
    case 'exec-skipped':
      return (await import('./publish-exec.ts')).tellExecSkipped(conclusion, wishes);
    case 'not-started':
      return (await import('./publish-exec.ts')).tellNotStarted(conclusion);
    case 'observed-in-job':
      return (await import('./publish-observe.ts')).tellObserved(conclusion, wishes);
    case 'nothing-new':
      return (await import('./publish-observe.ts')).tellNothingNew(conclusion, wishes);
    case 'app-hosted':
      return (await import('./publish-app.ts')).tellHosted(conclusion, wishes);
    case 'app-skipped':
      return (await import('./publish-app.ts')).tellAppSkipped(conclusion, wishes);
    case 'failed':
      return (await import('./publish-observe.ts')).tellNotObserved(conclusion, wishes);
  }
}

async function tellRefusal(
  { reasonCode, messages, configProblems }: Extract<Conclusion, { kind: 'refused' }>,
  { command, summary }: Wishes,
): Promise<void> {
  const verdict = ['exec', 'observe', 'app'].includes(command) ? '' : 'not-ready';
  setOutputs({ verdict, 'reason-code': reasonCode });
  if (summary) await writeSummary(refusalSummary(messages, command));
  for (const message of messages) core.info(plainLine(message, 1000));
  for (const { message, place } of configAnnotations(configProblems)) core.error(message, place);
  core.setFailed(refusalLine(messages));
}

async function tellInventory(
  { code }: Extract<Conclusion, { kind: 'inventory' }>,
  wishes: Wishes,
  { workspace }: Places,
): Promise<void> {
  const { codeForLog, codeOutputs, codeSection, tellCode } = await import('./publish-code.ts');
  setOutputs({ 'reason-code': 'inventory_taken', ...codeOutputs(code) });
  if (wishes.summary) await writeSummary(`## Gateway rollout\n\n${codeSection(code)}`);
  core.info(codeForLog(code));
  await tellCode(code, wishes, workspace);
}

async function tellReport(
  { report, code }: Extract<Conclusion, { kind: 'report' }>,
  wishes: Wishes,
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
  if (wishes.summary) await writeSummary(checkSummary(report) + section);
  core.info(checkOnTerminal(report, { color: false, columns: LOG_COLUMNS }));
  if (report.verdict === 'skipped') core.notice(`${verdictSentence(report)} ${nextStep(report)}`);
  if (report.verdict === 'not-ready') core.setFailed(failureLine(report));
  await about?.tellCode(about.code, wishes, workspace);
}
