/** The report of `exec` as text for a terminal or a job's log. */
import type { ExecReport } from '../measure/recorder/exec-report.ts';
import { execHeadline, execTable, sections } from './exec-sentences.ts';
import { firstLines } from './first-lines.ts';
import { plainCells } from './observe-terminal.ts';
import { Printer, type PrinterOptions } from './printer.ts';
import { printArms } from './table.ts';

const MOST_LINES = 20;

/** Both arms side by side, and their details. */
export function execOnTerminal(report: ExecReport, options: PrinterOptions): string {
  const print = new Printer(options);
  print.gap();
  print.wrapped(execHeadline(report), { style: 'bold' });
  const { about = '', head, rows } = execTable(report);
  print.wrapped(about);
  printArms(print, [head, ...plainCells(rows)]);
  for (const { title, lines } of sections(report)) {
    print.gap();
    print.wrapped(title, { style: 'bold' });
    for (const line of firstLines(lines, MOST_LINES)) print.wrapped(line, { indent: 2, hang: 2 });
  }
  if (report.records !== null) {
    print.gap();
    print.wrapped(`Records: ${report.records}`);
  }
  return print.text();
}
