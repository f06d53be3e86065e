/** What `--help` says, as wide as the terminal: the layout of its lists, and the notes below the options. */
import { wrap } from '../report/printer.ts';
import { DEFAULT_COLUMNS } from './terminal.ts';

/** A paragraph, or a list of names with what each of them is. */
export type HelpNote = string | { readonly title: string; readonly entries: readonly HelpEntry[] };
export type HelpEntry = readonly [name: string, about: string];

/** Longer lines are hard to read. */
const MOST_COLUMNS = 100;
/** A column of text that is narrower is hard to read; the text then stands below its name. */
const LEAST_TEXT = 32;
const GAP = 2;

/** Columns to write help in. @param columns of the terminal; undefined or 0 where there is none */
export function helpColumns(columns: number | undefined): number {
  return Math.min(MOST_COLUMNS, columns || DEFAULT_COLUMNS);
}

/** One entry of a list, indented by two columns. @param nameWidth of the list's longest name */
export function helpEntry([name, about]: HelpEntry, nameWidth: number, columns: number): string {
  const beside = GAP + nameWidth + GAP;
  if (about === '') return `${' '.repeat(GAP)}${name}`;
  if (columns - beside < LEAST_TEXT) {
    const [first = '', ...rest] = wrap(name, columns - GAP);
    const below = wrap(about, columns - 3 * GAP).map((line) => ' '.repeat(3 * GAP) + line);
    return [first, ...rest]
      .map((line) => ' '.repeat(GAP) + line)
      .concat(below)
      .join('\n');
  }
  const [first = '', ...rest] = wrap(about, columns - beside);
  const lines = [`${' '.repeat(GAP)}${name.padEnd(nameWidth + GAP)}${first}`];
  return [...lines, ...rest.map((line) => ' '.repeat(beside) + line)].join('\n');
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

export const CHECK_NOTES: readonly HelpNote[] = [
  {
    title: 'Keys come from the environment:',
    entries: [
      ['GATEWAY_API_KEY', "the gateway's key"],
      ['OPENAI_BASE_URL, OPENAI_API_KEY', "the gateway's address and key together, instead of the above"],
      ['OFFICIAL_API_KEY', 'compare with the official API (OFFICIAL_BASE_URL: where it is)'],
      ['GATEWAY_DISABLED_KEY, GATEWAY_EMPTY_KEY', 'see that their refusals can be understood'],
    ],
  },
  'Exit code: 0 ready, 1 not ready, 2 the call or the config is wrong.',
];

export const INVENTORY_NOTES: readonly HelpNote[] = [
  'Nothing is edited. Values of keys are never shown.',
  'Exit code: 0; 1 with --fail-on, where a setting is hard-coded; 2 the call is wrong.',
];

export const EXEC_NOTES: readonly HelpNote[] = [
  'Keys are taken as by check, and never reach the command.',
  "Exit code: the command's own; 2 the call or the config is wrong; 126 or 127 the command cannot be started.",
];

export const JUDGE_NOTES: readonly HelpNote[] = [
  'Exit code: 0 walked through, 2 the call, the config or a measurement is wrong.',
];

export const CONFIG_NOTES: readonly HelpNote[] = ['Exit code: 0 valid, 2 the call or the config is wrong.'];
