/** The layout of `--help`, as wide as the terminal. */
import { wrap } from '../report/printer.ts';
import { DEFAULT_COLUMNS } from './terminal.ts';

/** A paragraph, or a list of names with an explanation of each. */
export type HelpNote = string | { readonly title: string; readonly entries: readonly HelpEntry[] };
export type HelpEntry = readonly [name: string, about: string];

/** Longer lines are hard to read. */
const MOST_COLUMNS = 100;
/** A narrower column of text is hard to read; the text then goes below its name. */
const LEAST_TEXT = 32;
const GAP = 2;

/** Columns to write help in. @param columns of the terminal; undefined or 0 where there is none */
export function helpColumns(columns: number | undefined): number {
  return Math.min(MOST_COLUMNS, columns || DEFAULT_COLUMNS);
}

/** One entry of a list, indented by two columns. @param nameWidth of the list's longest name */
export function helpEntry([name, about]: HelpEntry, nameWidth: number, columns: number): string {
  const beside = GAP + nameWidth + GAP;
  const indented = (lines: readonly string[], columns: number) =>
    lines.map((line) => ' '.repeat(columns) + line);
  if (about === '') return `${' '.repeat(GAP)}${name}`;
  if (columns - beside < LEAST_TEXT) {
    const below = indented(wrap(about, columns - 3 * GAP), 3 * GAP);
    return [...indented(wrap(name, columns - GAP), GAP), ...below].join('\n');
  }
  const [first = '', ...rest] = wrap(about, columns - beside);
  const line = `${' '.repeat(GAP)}${name.padEnd(nameWidth + GAP)}${first}`;
  return [line, ...indented(rest, beside)].join('\n');
}

/** Notes below the options of a command, with a blank line before each. */
export function helpNotes(notes: readonly HelpNote[], columns: number): string {
  return notes.map((note) => `\n${noteText(note, columns)}`).join('\n');
}

function noteText(note: HelpNote, columns: number): string {
  if (typeof note === 'string') return wrap(note, columns).join('\n');
  const width = Math.max(...note.entries.map(([name]) => name.length));
  const entries = note.entries.map((entry) => helpEntry(entry, width, columns));
  return [...wrap(note.title, columns), ...entries].join('\n');
}
