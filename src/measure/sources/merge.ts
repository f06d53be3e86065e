/** Reads any number of record files as one stream, in the order of time. */
import { endOf, type RecordLocation, type RequestRecord } from '../record.ts';
import { type Batch, type RecordFileProblem, recordsOf } from './record-file.ts';

export interface RecordSink {
  record(record: RequestRecord, location: RecordLocation): void;
  problem(file: string, problem: RecordFileProblem): void;
}

export interface NamedFile {
  readonly path: string;
  /** Its name in messages. */
  readonly name: string;
}

/**
 * Passes on the records of all files by the time of their end, if each file is in that order. A file is open only during
 * its own time, so years of rotated logs need no more memory than a day.
 */
export async function readInStep(files: readonly NamedFile[], sink: RecordSink): Promise<void> {
  const waiting = await Promise.all(
    files.map(async (file) => ({ file, begins: await firstEnd(file, files) })),
  );
  waiting.sort((a, b) => a.begins - b.begins);
  const open: OpenFile[] = [];
  for (;;) {
    const now = Math.min(...open.map(({ end }) => end));
    while ((waiting[0]?.begins ?? Infinity) <= now || (open.length === 0 && waiting.length > 0)) {
      const next = waiting.shift();
      if (next === undefined) break;
      const opened = new OpenFile(next.file, sink);
      if (await opened.fill()) open.push(opened);
    }
    const earliest = open.reduce<OpenFile | null>(
      (best, file) => (best && best.end <= file.end ? best : file),
      null,
    );
    if (earliest === null) return;
    const others = open.filter((file) => file !== earliest).map(({ end }) => end);
    earliest.passUpTo(Math.min(waiting[0]?.begins ?? Infinity, ...others));
    if (!(await earliest.fill())) open.splice(open.indexOf(earliest), 1);
  }
}

/** The end of its first record; not needed for a single file. */
async function firstEnd({ path }: NamedFile, all: readonly NamedFile[]): Promise<number> {
  if (all.length === 1) return Number.NEGATIVE_INFINITY;
  for await (const { records } of recordsOf(path, () => undefined)) {
    const first = records[0];
    if (first !== undefined) return endOf(first);
  }
  return Number.NEGATIVE_INFINITY;
}

class OpenFile {
  readonly #name: string;
  readonly #sink: RecordSink;
  readonly #batches: AsyncGenerator<Batch, void>;
  #batch: Batch = { records: [], lines: [] };
  #next = 0;

  constructor({ path, name }: NamedFile, sink: RecordSink) {
    this.#name = name;
    this.#sink = sink;
    this.#batches = recordsOf(path, (problem) => sink.problem(name, problem));
  }

  /** When its next record ended. */
  get end(): number {
    const next = this.#batch.records[this.#next];
    return next === undefined ? Infinity : endOf(next);
  }

  /** Loads the next record; false at the end of the file. */
  async fill(): Promise<boolean> {
    while (this.#next >= this.#batch.records.length) {
      const { value, done } = await this.#batches.next();
      if (done) return false;
      this.#batch = value;
      this.#next = 0;
    }
    return true;
  }

  /** Passes on records, at least one, until one ended after `limit` or the batch ends. */
  passUpTo(limit: number): void {
    const { records, lines } = this.#batch;
    do {
      const record = records[this.#next];
      if (record === undefined) return;
      this.#sink.record(record, { file: this.#name, line: lines[this.#next] ?? 0 });
      this.#next += 1;
    } while (this.end <= limit);
  }
}
