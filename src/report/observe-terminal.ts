/** A measurement for people at a terminal or in a job's log: numbers of both arms, no verdict. */
import { styleText } from 'node:util';
import type { Span } from '../measure/overview.ts';
import { moment, percent, span as spanText } from './amounts.ts';
import { plainLine } from './foreign-text.ts';
import { armFigures, type Figure } from './measurement-figures.ts';
import type { PrinterOptions } from './printer.ts';

/** Columns between two columns of the table. */
const GAP = 2;
const LEAST_COLUMNS = 40;

export interface ObservedSpan {
  readonly span: Span;
  /** Where the numbers came from. */
  readonly source: string;
  /** The file that keeps the measurement; null where nothing keeps it. */
  readonly file: string | null;
}

/** The window, and both arms side by side, or one below the other where the terminal is narrow. */
export function observedOnTerminal(
  { span, source, file }: ObservedSpan,
  { color, columns }: PrinterOptions,
): string {
  const { from, to } = span.window;
  const share = span.share === null ? '' : `, the gateway's share ${percent(span.share)}`;
  const title = `Stage ${plainLine(span.stage, 100)}${share}, by ${plainLine(source, 100)}`;
  const lines = [
    '',
    color ? styleText('bold', title, { validateStream: false }) : title,
    `${moment(from)} to ${moment(to)} UTC (${spanText(to - from)})`,
    ...tables(span, columns).flatMap((table) => ['', ...table]),
    '',
    file === null ? 'Not stored: name a file with --out to go on from here.' : `Stored in ${plainLine(file)}`,
  ];
  return `${lines.join('\n')}\n`;
}

function tables({ arms }: Span, columns: number): string[][] {
  const figures = armFigures(arms);
  if (figures.length === 0) return [['The source has no data of this window.']];
  const both = table(['', 'official', 'gateway'], figures.map(sideBySide));
  if (both.every((line) => line.length <= Math.max(columns, LEAST_COLUMNS))) return [both];
  return (['official', 'gateway'] as const).map((arm) =>
    table(
      ['', arm],
      figures.map((figure) => [figure.label, plainLine(figure[arm])]),
    ),
  );
}

function sideBySide({ label, official, gateway }: Figure): string[] {
  return [label, plainLine(official), plainLine(gateway)];
}

function table(head: readonly string[], body: readonly (readonly string[])[]): string[] {
  const rows = [head, ...body];
  const widths = head.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd((widths[column] ?? 0) + GAP))
      .join('')
      .trimEnd(),
  );
}
