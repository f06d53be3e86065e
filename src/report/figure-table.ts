/** A table of figures, for every place where it is shown. */
import { whole } from '../wording/amounts.ts';
import { markdownText } from '../wording/foreign-text.ts';
import { markdownTable } from '../wording/markdown.ts';

/** Cells are plain; they may hold foreign text. The first cell of a row names it. */
export interface FigureTable {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Rows that are left out. */
  readonly more: number;
}

/** `… and 12 more.`, or nothing. */
export const moreNote = ({ more }: FigureTable): string => (more > 0 ? `… and ${whole(more)} more.` : '');

/** The table as Markdown, without its title. @param name writes the first cell of each row */
export function markdownFigures(table: FigureTable, name = (text: string) => markdownText(text)): string {
  const rows = table.rows.map(([first = '', ...cells]) => [
    name(first),
    ...cells.map((cell) => markdownText(cell)),
  ]);
  return [markdownTable(table.head, 1, rows), moreNote(table)].filter((part) => part !== '').join('\n\n');
}
