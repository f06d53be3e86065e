/** The report of `exec` for people at a terminal or in a job's log. */
import type { ArmRun, ExecReport } from '../measure/recorder/exec-report.ts';
import { plainLine } from '../wording/foreign-text.ts';
import { execHeadline, figures, sections } from './exec-sentences.ts';
import { Printer, type PrinterOptions } from './printer.ts';
import { armTables } from './table.ts';

const MOST_LINES = 20;

/** A table with both arms side by side, or one below the other where the terminal is narrow, and what stands out. */
export function execOnTerminal(report: ExecReport, options: PrinterOptions): string {
  const print = new Printer(options);
  print.gap();
  print.wrapped(execHeadline(report), { style: 'bold' });
  for (const table of armTables(rowsOf(report), print.width)) print.block(table);
  for (const run of report.arms) details(print, run, report.arms.length > 1);
  if (report.records !== null) {
    print.gap();
    print.wrapped(`Records: ${report.records}`);
  }
  return print.text();
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

function details(print: Printer, run: ArmRun, several: boolean): void {
  for (const { title, lines } of sections(run, several)) {
    print.gap();
    print.wrapped(title, { style: 'bold' });
    for (const line of lines.slice(0, MOST_LINES)) print.wrapped(line, { indent: 2, hang: 2 });
    const more = lines.length - MOST_LINES;
    if (more > 0) print.line(`  … and ${more} more`);
  }
}
