/** A measurement for people at a terminal or in a job's log: numbers of both arms, no verdict. */
import type { Span } from '../measure/overview.ts';
import { minute, percent, span as spanText } from '../wording/amounts.ts';
import { plainLine } from '../wording/foreign-text.ts';
import { armFigures } from './measurement-figures.ts';
import { Printer, type PrinterOptions } from './printer.ts';
import { armTables } from './table.ts';

export interface ObservedSpan {
  readonly span: Span;
  /** Where the numbers came from. */
  readonly source: string;
  /** The file that keeps the measurement; null where nothing keeps it. */
  readonly file: string | null;
}

/** The window, and both arms side by side, or one below the other where the terminal is narrow. */
export function observedOnTerminal({ span, source, file }: ObservedSpan, options: PrinterOptions): string {
  const print = new Printer(options);
  const { from, to } = span.window;
  const share = span.share === null ? '' : `, the gateway's share ${percent(span.share)}`;
  print.gap();
  print.wrapped(`Stage ${plainLine(span.stage, 100)}${share}, by ${plainLine(source, 100)}`, {
    style: 'bold',
  });
  print.wrapped(`${minute(from)} to ${minute(to)} UTC (${spanText(to - from)})`);
  for (const table of tables(span, print.width)) print.block(table);
  print.gap();
  print.wrapped(
    file === null ? 'Not stored: name a file with --out to go on from here.' : `Stored in ${file}`,
  );
  return print.text();
}

function tables({ arms }: Span, columns: number): string[][] {
  const figures = armFigures(arms);
  if (figures.length === 0) return [['The source has no data of this window.']];
  const rows = figures.map(({ label, official, gateway }) => [
    label,
    plainLine(official),
    plainLine(gateway),
  ]);
  return armTables([['', 'official', 'gateway'], ...rows], columns);
}
