/**
 * The statements that wrap a query of raw requests: the engine groups attempts into tasks and adds up tasks of one shape
 * (tasks.sql), so the result has a few rows, whatever the traffic.
 */
import { TIER_STARTS } from '../../../gateway/prices.ts';
import { BOUNDS } from '../../histogram.ts';
import type { Window } from '../../instant.ts';
import { UNIT_TIMES } from '../../measurement.ts';
import { UNIT_LIMIT } from '../../sample.ts';
import type { Read } from '../../source.ts';
import { LONGEST_ATTEMPT_MS, RETRY_WINDOW_MS, SETTLING_MS } from '../../task-grouper.ts';
import { COUNTS, TASKS, UNITS } from './statement-files.ts';

/** The bound parameters, in milliseconds since 1970: between the first two are all rows that the window may need. */
export type Times = Readonly<Record<'from' | 'to' | 'windowFrom' | 'windowTo', number>>;

export interface Engine {
  /** For messages. */
  readonly name: string;
  /** What its SQL has for the statements' `$name{…}`; `%1` and `%2` stand for what is in the braces, separated by `|`. */
  readonly macros: Readonly<Record<string, string>>;
  /** Runs a statement that only reads. An error has the engine's own words, with `(line 7` where it says the line. */
  run(
    statement: string,
    times: Times,
    signal: AbortSignal | undefined,
  ): Promise<Read<{ readonly columns: readonly string[]; readonly rows: readonly unknown[] }>>;
}

/** Rows of a result; more mean a column of texts that never repeat. */
export const MOST_ROWS = 100_000;

/** A statement that reads more than its window ends after this time. */
export const MOST_SECONDS = 60;

const BEFORE_MS = 3 * SETTLING_MS;

const CONSTANTS: Readonly<Record<string, string | number>> = {
  tiers: TIER_STARTS.join(', '),
  before: BEFORE_MS,
  pause: RETRY_WINDOW_MS,
  bounds: BOUNDS.join(', '),
  unit_bounds: Array.from({ length: UNIT_TIMES }, (_, power) => 2 ** (power - 4)).join(', '),
  units: UNIT_LIMIT,
  most: MOST_ROWS,
};

export const timesOf = ({ from, to }: Window): Times => ({
  from: from - BEFORE_MS - LONGEST_ATTEMPT_MS,
  to: to + RETRY_WINDOW_MS,
  windowFrom: from,
  windowTo: to,
});

/** For a query with a column `shadow`, true in the row of a copy, which never counts as a user's task. */
const NO_COPIES = ' AND NOT coalesce($flag{q.shadow}, false)';

/** The columns that a query must have. */
export const COLUMNS: readonly string[] = [...TASKS.matchAll(/\bq\.(\w+)\}/g)].map(([, name = '']) => name);

/** The line of each statement on which the query begins, counted from 1. */
export const FIRST_LINE = TASKS.slice(0, TASKS.indexOf(':query')).split('\n').length;

export const countsStatement = (query: string, engine: Engine, columns = COLUMNS): string =>
  wrap(TASKS + COUNTS, query, engine, columns);
export const unitsStatement = (query: string, engine: Engine, columns = COLUMNS): string =>
  wrap(TASKS + UNITS, query, engine, columns);

/** The query without its rows, so that the engine names its columns. */
export const columnsStatement = (query: string, engine: Engine): string =>
  wrap(
    `SELECT * FROM (${'\n'.repeat(FIRST_LINE - 1)}:query\n) AS q WHERE $from{} > $to{} LIMIT 0`,
    query,
    engine,
  );

function wrap(template: string, query: string, { macros }: Engine, columns = COLUMNS): string {
  const filter = columns.includes('shadow') ? NO_COPIES : '';
  let text = template
    .replace(':no_copies', () => filter)
    .replaceAll(/:([a-z_]+)/g, (found, name) => String(CONSTANTS[name] ?? found));
  for (let before = ''; before !== text; ) {
    before = text;
    text = text.replaceAll(/\$([a-z_]+)\{([^{}$]*)\}/g, (_, name, content: string) => {
      const [first = '', second = ''] = content.split('|');
      return (macros[name] ?? '').replaceAll('%1', () => first).replaceAll('%2', () => second);
    });
  }
  return text.replace(':query', () => query);
}
