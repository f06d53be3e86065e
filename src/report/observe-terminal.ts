/** A measurement as text for a terminal or a job's log: the numbers of both arms, without verdicts. */
import type { Span } from '../measure/overview.ts';
import { minute, percent, span as spanText } from '../wording/amounts.ts';
import { plainLine } from '../wording/foreign-text.ts';
import { armsTable } from './measurement-tables.ts';
import { Printer, type PrinterOptions } from './printer.ts';
import { printArms } from './table.ts';

export interface ObservedSpan {
  readonly span: Span;
  /** Where the numbers are from. */
  readonly source: string;
  /** The file that keeps the measurement; null where none does. */
  readonly file: string | null;
}

/** The window, and both arms side by side. */
export function observedOnTerminal({ span, source, file }: ObservedSpan, options: PrinterOptions): string {
  const print = new Printer(options);
  const { from, to } = span.window;
  const share = span.share === null ? '' : `, ${percent(span.share)} of traffic on the gateway`;
  print.gap();
  const stage = `Stage ${plainLine(span.stage, 100)}${share}, measured by ${plainLine(source, 100)}`;
  print.wrapped(stage, { style: 'bold' });
  print.wrapped(`${minute(from)} to ${minute(to)} UTC (${spanText(to - from)})`);
  const { about = '', head, rows } = armsTable(span);
  print.wrapped(about);
  if (rows.length === 0) print.block(['The source has no data for this window.']);
  else printArms(print, [head, ...plainCells(rows)]);
  print.gap();
  const notStored = 'Not stored. Set --out to a file to continue from here next time.';
  print.wrapped(file === null ? notStored : `Stored in ${file}`);
  return print.text();
}

/** Without control characters and escape sequences. */
export function plainCells(rows: readonly (readonly string[])[]): string[][] {
  return rows.map((row) => row.map((cell) => plainLine(cell)));
}
