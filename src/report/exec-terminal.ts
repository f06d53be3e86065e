/** The report of `exec` for people at a terminal or in a job's log. */
import { styleText } from 'node:util';
import type { ArmRun, ExecReport } from '../measure/recorder/exec-report.ts';
import { plainLine } from '../wording/foreign-text.ts';
import { execHeadline, figures, sections } from './exec-sentences.ts';
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
  return sections(run, several).flatMap(({ title, lines }) => {
    const more = lines.length - MOST_LINES;
    return [
      '',
      bold(title),
      ...lines.slice(0, MOST_LINES).map((line) => `  ${plainLine(line)}`),
      ...(more > 0 ? [`  … and ${more} more`] : []),
    ];
  });
}
