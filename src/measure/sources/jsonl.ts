/** The `jsonl` source: the team's own records, in files or directories, plain or gzip. It is exact and complete. */
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Arm } from '../../config/arms.ts';
import { Aggregator } from '../aggregate.ts';
import { formatInstant, type Window } from '../instant.ts';
import type { PriceBook } from '../models.ts';
import { MOST_SKEW } from '../next-window.ts';
import { endOf, type RecordPlace, type RequestRecord } from '../record.ts';
import {
  type Source,
  type SourceError,
  type SourceQuery,
  type SourceResult,
  sourceError,
} from '../source.ts';
import { HeapGrowthLimit } from './limit-heap-growth.ts';
import { readInStep } from './merge.ts';
import { MOST_LOST, ProblemLog } from './problem-log.ts';
import type { NamedFile } from './record-file.ts';

export interface JsonlOptions {
  /** Files or directories; in a directory, the files with `.jsonl` or `.ndjson` in their name. */
  readonly paths: readonly string[];
  readonly arms: readonly Arm[];
  readonly book: PriceBook;
  /** How often production is measured, in milliseconds: `measure.interval`. */
  readonly intervalMs: number;
}

export function jsonlSource(options: JsonlOptions): Source {
  return {
    name: 'jsonl',
    arms: options.arms,
    async measure(query) {
      const found = await recordFiles(options.paths);
      return 'kind' in found ? found : measureFiles(found, options, query);
    },
  };
}

async function measureFiles(
  files: readonly NamedFile[],
  { arms, book, intervalMs }: JsonlOptions,
  { now, ...query }: SourceQuery,
): Promise<SourceResult> {
  const log = new ProblemLog(query.window);
  const aggregator = new Aggregator(book, {
    ...query,
    inconsistent: (kind, _, location) => log.inconsistent(kind, location),
  });
  const latest = now + MOST_SKEW * intervalMs;
  let skewed: SourceError | null = null;
  const heap = new HeapGrowthLimit();
  await readInStep(files, {
    record(record, place) {
      heap.onRecord();
      if (endOf(record) > latest) skewed ??= clockSkew(record, place, now, MOST_SKEW * intervalMs);
      else if (arms.includes(record.arm)) aggregator.add(record, place);
    },
    problem: (file, problem) => log.file(file, problem),
  });
  if (skewed !== null) return skewed;
  const { error, lost, notes } = log;
  if (error !== null) return error;
  if (lost > MOST_LOST * (aggregator.records + lost)) return tooManyLost(lost, aggregator.records, log);
  if (aggregator.records === 0) return noRecords(files, query.window);
  const counts = aggregator.finish();
  const measured = Object.fromEntries(arms.map((arm) => [arm, counts[arm]]));
  const pairs = aggregator.pairs?.finish();
  const { all, alone } = aggregator.pairs?.copies ?? { all: 0, alone: 0 };
  const reason = `${alone} of ${all} copies (shadow: true) have no original: an official record with the same task and attempt that began within a minute. Write both records with the task's name.`;
  if (2 * alone > all) return sourceError('copies_alone', reason);
  const noted = alone > 0 ? [...notes, { reasonCode: 'copies_alone', message: reason }] : notes;
  return { kind: 'measured', arms: measured, ...(pairs && { pairs }), notes: noted };
}

async function recordFiles(paths: readonly string[]): Promise<readonly NamedFile[] | SourceError> {
  const files: NamedFile[] = [];
  for (const path of paths) {
    try {
      if (!(await stat(path)).isDirectory()) {
        files.push({ path, name: basename(path) });
        continue;
      }
      const names = (await readdir(path)).filter((name) => /^[^.].*\.(jsonl|ndjson)/.test(name)).sort();
      files.push(...names.map((name) => ({ path: join(path, name), name })));
    } catch (error) {
      const cause = error instanceof Error ? error.message : String(error);
      const reason = `The records at ${path} cannot be read: ${cause}. Check the path and its permissions.`;
      return sourceError('unreadable_file', reason);
    }
  }
  if (files.length > 0) return files;
  const reason = `There are no record files at ${paths.join(', ')}; expected names with .jsonl or .ndjson. Check MEASURE_JSONL, and that your program writes there.`;
  return sourceError('unreadable_file', reason);
}

function clockSkew(
  record: RequestRecord,
  { places, index }: RecordPlace,
  now: number,
  toleratedMs: number,
): SourceError {
  const location = places.locationOf(index);
  const end = formatInstant(endOf(record));
  const reason = `${location.file}:${location.line}: the record ended at ${end}, after the current time (${formatInstant(now)}); expected clocks to agree within ${Math.round(toleratedMs / 1_000)} s, a tenth of measure.interval. Set the clock of the machine that writes the records, or of this one.`;
  return sourceError('clock_skew', reason);
}

function tooManyLost(lost: number, records: number, { notes }: ProblemLog): SourceError {
  const share = ((100 * lost) / (records + lost)).toFixed(1);
  const reason = `${lost} records of the window (${share}%) cannot be counted; expected at most 1%. ${notes.map(({ message }) => message).join(' ')} Fix the program that writes them.`;
  return sourceError('unreadable_records', reason);
}

function noRecords(files: readonly NamedFile[], { from, to }: Window): SourceResult {
  const names = files.length === 1 ? (files[0]?.name ?? '') : `${files.length} files`;
  const reason = `No record in ${names} ended from ${formatInstant(from)} to ${formatInstant(to)}.`;
  return { kind: 'no-data', reason };
}
