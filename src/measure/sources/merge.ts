/** Reads any number of record files as one stream, in the order of time. */
import { endOf, type RecordPlace, type RequestRecord } from '../record.ts';
import { type Batch, type NamedFile, type RecordFileProblem, recordsOf } from './record-file.ts';

export interface RecordSink {
  record(record: RequestRecord, place: RecordPlace): void;
  problem(file: string, problem: RecordFileProblem): void;
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
async function firstEnd(file: NamedFile, all: readonly NamedFile[]): Promise<number> {
  if (all.length === 1) return Number.NEGATIVE_INFINITY;
  for await (const { records } of recordsOf(file, () => undefined)) {
    const first = records[0];
    if (first !== undefined) return endOf(first);
  }
  return Number.NEGATIVE_INFINITY;
}

class OpenFile {
  readonly #sink: RecordSink;
  readonly #batches: AsyncGenerator<Batch, void>;
  #batch: Batch | null = null;
  #next = 0;

  constructor(file: NamedFile, sink: RecordSink) {
    this.#sink = sink;
    this.#batches = recordsOf(file, (problem) => sink.problem(file.name, problem));
  }

  /** When its next record ended. */
  get end(): number {
    const next = this.#batch?.records[this.#next];
    return next === undefined ? Infinity : endOf(next);
  }

  /** Loads the next record; false at the end of the file. */
  async fill(): Promise<boolean> {
    while (this.#next >= (this.#batch?.records.length ?? 0)) {
      const { value, done } = await this.#batches.next();
      if (done) return false;
      this.#batch = value;
      this.#next = 0;
    }
    return true;
  }

  /** Passes on records, at least one, until one ended after `limit` or the batch ends. */
  passUpTo(limit: number): void {
    if (this.#batch === null) return;
    const { records, places } = this.#batch;
    do {
      const record = records[this.#next];
      if (record === undefined) return;
      this.#sink.record(record, { places, index: this.#next });
      this.#next += 1;
    } while (this.end <= limit);
  }
}
