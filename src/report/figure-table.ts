/** A table of figures, for every place where it is shown. */
import type { ByArm } from '../config/arms.ts';
import { whole } from '../wording/amounts.ts';
import { type Compared, comparisonSentence, type FigureLine, sideBySide } from '../wording/arm-figures.ts';
import { markdownText } from '../wording/foreign-text.ts';
import { joined, markdownTable } from '../wording/markdown.ts';

/** Cells are plain; they may hold foreign text. The first cell of a row names it. */
export interface FigureTable {
  readonly title: string;
  /** What it shows, in a sentence. */
  readonly about?: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Rows that are left out. */
  readonly more?: number;
}

/** `… and 12 more.`, or nothing. */
export const moreNote = ({ more = 0 }: FigureTable): string => (more > 0 ? `… and ${whole(more)} more.` : '');

/** Both arms side by side under a sentence that compares them; no rows where nothing is known. */
export function armsFigures<Counts>(
  title: string,
  lines: readonly FigureLine<Counts>[],
  arms: ByArm<Counts | null>,
  comparedOf: (counts: Counts) => Compared,
): FigureTable {
  const rows = sideBySide(lines, arms).map(({ label, official, gateway, change }) => [
    label,
    official,
    gateway,
    change,
  ]);
  return { title, about: comparisonSentence(arms, comparedOf), head: ['', 'Official', 'Gateway', 'Δ'], rows };
}

/** The table as Markdown, without its title. @param name writes the first cell of each row */
export function markdownFigures(table: FigureTable, name = (text: string) => markdownText(text)): string {
  const rows = table.rows.map(([first = '', ...cells]) => [
    name(first),
    ...cells.map((cell) => markdownText(cell)),
  ]);
  return joined([markdownText(table.about ?? ''), markdownTable(table.head, 1, rows), moreNote(table)]);
}
