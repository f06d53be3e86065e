/** The report of `exec` as Markdown, for the job's summary. */
import type { ArmRun, ExecReport } from '../measure/recorder/exec-report.ts';
import {
  execHeadline,
  failureSentence,
  faultSentence,
  figures,
  modelName,
  remarks,
} from './exec-sentences.ts';
import { markdownCode, markdownProse, markdownText } from './foreign-text.ts';
import { markdownTable } from './table.ts';

const MOST_LINES = 50;

/** Both arms side by side, and what stands out. The same report gives the same text; foreign text renders as itself. */
export function execSummary(report: ExecReport): string {
  const mark = report.exitCode === 0 ? '✅' : '❌';
  const several = report.arms.length > 1;
  const sections = [
    `## ${mark} Requests of ${markdownCode(report.command.join(' '), 100)}`,
    `**${markdownProse(execHeadline(report))}**`,
    sideBySide(report),
    ...report.arms.flatMap((run) => details(run, several)),
  ];
  return `${sections.join('\n\n')}\n`;
}

function sideBySide(report: ExecReport): string {
  const { arms } = report;
  const head = ['', ...arms.map(({ arm }) => arm)];
  const address = ['Address', ...arms.map(({ baseUrl }) => markdownCode(baseUrl))];
  const rows = figures(report).map(({ label, values }) => [label, ...values]);
  return markdownTable(head, 1, [address, ...rows]);
}

function details(run: ArmRun, several: boolean): string[] {
  const of = several ? ` (${run.arm})` : '';
  const models = run.models.map((use) => `${markdownCode(modelName(use))} ${use.requests}`);
  const endpoints = run.endpoints.map(
    ({ endpoint, requests, failed }) =>
      `${markdownCode(endpoint)} ${requests}${failed === 0 ? '' : ` (${failed} failed)`}`,
  );
  return [
    ...list(`What to look at${of}`, remarks(run)),
    ...list(`Faults${of}`, run.faults.map(faultSentence)),
    ...list(`Failures that no fault caused${of}`, run.failures.map(failureSentence)),
    ...inline(`Models by requests${of}`, models),
    ...inline(`Endpoints by requests${of}`, endpoints),
  ];
}

function list(title: string, sentences: readonly string[]): string[] {
  if (sentences.length === 0) return [];
  const lines = sentences.slice(0, MOST_LINES).map((sentence) => `- ${markdownText(sentence)}`);
  const more = sentences.length - lines.length;
  return [`### ${title}\n\n${[...lines, ...(more > 0 ? [`- … and ${more} more`] : [])].join('\n')}`];
}

function inline(title: string, entries: readonly string[]): string[] {
  return entries.length === 0 ? [] : [`${title}: ${entries.slice(0, MOST_LINES).join(' · ')}`];
}
