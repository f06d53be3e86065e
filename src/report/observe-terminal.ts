/** A measurement for people at a terminal or in a job's log: numbers of both arms, no verdict. */
import { styleText } from 'node:util';
import type { Span } from '../measure/overview.ts';
import { minute, percent, span as spanText } from '../wording/amounts.ts';
import { plainLine } from '../wording/foreign-text.ts';
import { armFigures } from './measurement-figures.ts';
import type { PrinterOptions } from './printer.ts';
import { armTables } from './table.ts';

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
    `${minute(from)} to ${minute(to)} UTC (${spanText(to - from)})`,
    ...tables(span, columns).flatMap((table) => ['', ...table]),
    '',
    file === null ? 'Not stored: name a file with --out to go on from here.' : `Stored in ${plainLine(file)}`,
  ];
  return `${lines.join('\n')}\n`;
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
