/** The `sql` source: an engine that holds the logs adds them up, and is asked one question a window. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import type { Arm } from '../../../config/arms.ts';
import type { SourceConfig } from '../../../config/schema/measure.ts';
import type { PriceBook } from '../../models.ts';
import {
  type Read,
  type Source,
  type SourceError,
  type SourceQuery,
  type SourceResult,
  sourceError,
} from '../../source.ts';
import { armReader } from '../arm-of-labels.ts';
import { countsOfLog } from '../logged.ts';
import { MOST_LOST } from '../problem-log.ts';
import { countRows, ShapeCounts, unitRows } from './count-shapes.ts';
import {
  COLUMNS,
  columnsStatement,
  countsStatement,
  type Engine,
  FIRST_LINE,
  MOST_ROWS,
  timesOf,
  unitsStatement,
} from './statement.ts';
import { PRESETS } from './statement-files.ts';

export interface SqlOptions {
  readonly section: Pick<SourceConfig, 'preset' | 'where' | 'query'>;
  readonly engine: Engine;
  /** The root of the repository, for the file of the query. */
  readonly directory: string;
  readonly arms: readonly Arm[];
  readonly armValues: Readonly<Record<Arm, readonly string[]>>;
  readonly book: PriceBook;
}

export function sqlSource(options: SqlOptions): Source {
  return {
    name: 'sql',
    arms: options.arms,
    async measure(window) {
      const query = await readQuery(options);
      return query.kind === 'error' ? query : measureRows(query.value, window, options);
    },
  };
}

/** The rows of requests: of a preset's table, or of the team's own file. */
async function readQuery({ section, directory }: SqlOptions): Promise<Read<string>> {
  const { preset, where, query } = section;
  if (preset === 'otel-traces' || preset === 'litellm-spendlogs') {
    return { kind: 'read', value: PRESETS[preset] + (where === null ? '' : `\n  AND (\n${where}\n)`) };
  }
  try {
    const text = await readFile(join(directory, query ?? ''), 'utf8');
    return { kind: 'read', value: text.trimEnd().replace(/;$/, '') };
  } catch {
    const reason = `${query} cannot be read. Check measure.query: its path begins at the root of the repository.`;
    return sourceError('unreadable_file', reason);
  }
}

async function measureRows(
  rows: string,
  { window, slice, without, signal }: SourceQuery,
  { engine, section, arms, armValues, book }: SqlOptions,
): Promise<SourceResult> {
  const run = async (statement: string) => {
    const answer = await engine.run(statement, timesOf(window), signal);
    return answer.kind === 'error' ? placed(answer, rows, section.query) : answer;
  };
  const ask = async <T>(statement: string, schema: z.ZodType<T>): Promise<Read<T>> => {
    const answer = await run(statement);
    if (answer.kind === 'error') return answer;
    const parsed = schema.safeParse(answer.value.rows);
    const isWhole = parsed.success && answer.value.rows.length < MOST_ROWS;
    return isWhole ? { kind: 'read', value: parsed.data } : sourceError('unreadable_answer', TOO_MANY);
  };
  let columns = COLUMNS;
  if (section.query !== null) {
    const answer = await run(columnsStatement(rows, engine));
    if (answer.kind === 'error') return answer;
    ({ columns } = answer.value);
    const missing = COLUMNS.filter((name) => !columns.includes(name));
    if (missing.length > 0) return missingColumns(section.query, missing, columns);
  }
  const counted = await ask(countsStatement(rows, engine, columns), countRows);
  if (counted.kind === 'error') return counted;
  const known = armReader('arm', armValues);
  const counts = new ShapeCounts({ slice, without, book, arms, armOf: (value) => known({ arm: value }) });
  counts.add(counted.value);
  if (counts.seen.tasks === 0)
    return { kind: 'no-data', reason: `${engine.name} has no request of this window.` };
  const problem = problemOf(
    counts,
    arms.map((arm) => armValues[arm].join(' or ')),
  );
  if (problem?.kind === 'error') return problem;
  if (counts.seen.units > 0) {
    const units = await ask(unitsStatement(rows, engine, columns), unitRows);
    if (units.kind === 'error') return units;
    counts.addUnits(units.value);
  }
  const isLog = section.preset === 'litellm-spendlogs';
  const measured = arms.map((arm) => {
    const whole = counts.countsOf(arm);
    return [arm, isLog ? countsOfLog(whole) : whole];
  });
  return {
    kind: 'measured',
    arms: Object.fromEntries(measured),
    notes: problem === null ? [] : [problem.note],
  };
}

const TOO_MANY =
  'The result has too many groups. Expected few different values of model, error and workload. Select names of classes, not messages with IDs.';

function missingColumns(file: string, missing: readonly string[], columns: readonly string[]): SourceError {
  const reason = `${file} has no column ${missing.join(', ')}; it has ${columns.join(', ')}. Select NULL AS ${missing[0]} if your logs don't have it.`;
  return sourceError('missing_columns', reason);
}

/** Says where in the team's file an error is: on the line that the engine names, or on the first with what it quotes. */
function placed(error: SourceError, query: string, file: string | null): SourceError {
  const lines = query.split('\n');
  const told = /\(line (\d+)/.exec(error.reason)?.[1];
  const [, quoted = ''] = /[`'"]([\w.]+)[`'"]/.exec(error.reason) ?? [];
  const found = lines.findIndex((line) => quoted !== '' && line.includes(quoted));
  const index = told === undefined ? found : Number(told) - FIRST_LINE;
  if (file === null || lines[index] === undefined) return error;
  return { ...error, reason: `${error.reason} In ${file}:${index + 1}.` };
}

/** What cannot be counted: an error, or only a note. Requests of other endpoints count for neither arm. */
function problemOf({ seen, lost, others }: ShapeCounts, armValues: readonly string[]) {
  const { tasks, counted, failuresOfNoArm } = seen;
  const all = [...lost.values()].reduce((sum, count) => sum + count, 0);
  const isUnknown = counted === 0 && others.size > 0;
  if (all === 0 && failuresOfNoArm === 0 && !isUnknown) return null;
  const parts = [
    ...[...lost].map(([what, count]) => `${count} have ${what}`),
    ...(failuresOfNoArm > 0 ? [`${failuresOfNoArm} failed ones have no arm`] : []),
    ...(isUnknown ? [`the column arm is ${[...others].slice(0, 10).join(', ')}`] : []),
  ];
  const message = `Of ${tasks} requests in the window, not all can be counted: ${parts.join('; ')}. Expected the arms ${armValues.join(' and ')}, and values in every row.`;
  if (failuresOfNoArm > 0) return sourceError('failures_of_no_arm', message);
  if (isUnknown) return sourceError('unknown_arms', message);
  if (all > MOST_LOST * tasks) return sourceError('unreadable_records', message);
  return { kind: 'note', note: { reasonCode: 'unreadable_records', message } } as const;
}
