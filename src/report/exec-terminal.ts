/** The report of `exec` for people at a terminal or in a job's log. */
import { styleText } from 'node:util';
import type { ArmRun, ExecReport } from '../measure/recorder/exec-report.ts';
import { count } from './amounts.ts';
import {
  execHeadline,
  failureSentence,
  faultSentence,
  figures,
  modelName,
  remarks,
} from './exec-sentences.ts';
import { plainLine } from './foreign-text.ts';
import type { PrinterOptions } from './printer.ts';
import { armTables } from './table.ts';

const MOST_LINES = 20;

/** A table with both arms side by side, or one below the other where the terminal is narrow, and what stands out. */
export function execOnTerminal(report: ExecReport, { color, columns }: PrinterOptions): string {
  const bold = (text: string): string => (color ? styleText('bold', text, { validateStream: false }) : text);
  const lines = ['', bold(execHeadline(report))];
  for (const table of armTables(rowsOf(report), columns)) lines.push('', ...table);
  for (const run of report.arms) lines.push(...details(run, report.arms.length > 1, bold));
  if (report.records !== null) lines.push('', `Records: ${plainLine(report.records)}`);
  return `${lines.join('\n')}\n`;
}

function rowsOf({ arms, ...report }: ExecReport): string[][] {
  return [
    ['', ...arms.map(({ arm }) => arm)],
    ['Address', ...arms.map(address)],
    ...figures({ arms, ...report }).map(({ label, values }) => [label, ...values]),
  ];
}

function address({ baseUrl, profile, arm }: ArmRun): string {
  return `${plainLine(baseUrl)}${profile === null || arm === 'official' ? '' : ` (${profile})`}`;
}

function details(run: ArmRun, several: boolean, bold: (text: string) => string): string[] {
  const of = several ? ` (${run.arm})` : '';
  const models = run.models.map((use) => `${modelName(use)}: ${count(use.requests, 'request')}`);
  const endpoints = run.endpoints.map(
    ({ endpoint, requests, failed }) =>
      `${endpoint}: ${count(requests, 'request')}${failed === 0 ? '' : `, ${failed} failed`}`,
  );
  const sections: readonly (readonly [title: string, lines: readonly string[]])[] = [
    [`What to look at${of}`, remarks(run)],
    [`Faults${of}`, run.faults.map(faultSentence)],
    [`Failures that no fault caused${of}`, run.failures.map(failureSentence)],
    [`Models${of}`, models],
    [`Endpoints${of}`, endpoints],
  ];
  return sections.flatMap(([title, lines]) => {
    if (lines.length === 0) return [];
    const more = lines.length - MOST_LINES;
    return [
      '',
      bold(title),
      ...lines.slice(0, MOST_LINES).map((line) => `  ${plainLine(line)}`),
      ...(more > 0 ? [`  … and ${more} more`] : []),
    ];
  });
}
