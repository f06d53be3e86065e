/** Reads the records of one file in batches, each with its line number, and reports the other lines. */
import { type LineProblem, parseRecord } from '../parse-record.ts';
import { endOf, type RecordLocation, type RecordPlaces, type RequestRecord } from '../record.ts';
import { type BytesEnd, fileBytes } from './file-bytes.ts';

/** No record is longer: it has at most 14 texts of 1,000 characters. */
const LONGEST_LINE = 128 * 1024;
const NEW_LINE = 0x0a;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

export interface Batch {
  readonly records: readonly RequestRecord[];
  readonly places: RecordPlaces;
}

/** The lines of records in a piece of a file. */
class Lines implements RecordPlaces {
  readonly #file: string;
  /** Where each record is: its line, from 1, and its first byte. */
  readonly #lines: number[] = [];
  readonly #starts: number[] = [];
  readonly #bytes: Buffer;

  constructor(file: string, bytes: Buffer) {
    this.#file = file;
    this.#bytes = bytes;
  }

  add(line: number, start: number): void {
    this.#lines.push(line);
    this.#starts.push(start);
  }

  recordAt(index: number): RequestRecord | null {
    const start = this.#starts[index] ?? 0;
    const end = this.#bytes.indexOf(NEW_LINE, start);
    const parsed = parseRecord(this.#bytes, start, end < 0 ? this.#bytes.length : end);
    return parsed.ok ? parsed.record : null;
  }

  locationOf(index: number): RecordLocation {
    return { file: this.#file, line: this.#lines[index] ?? 0 };
  }
}

export type RecordFileProblemKind =
  | LineProblem
  | 'line_too_long'
  /** The last line has no line break and is not a record: it is still being written. */
  | 'half_written_line'
  | Exclude<BytesEnd['kind'], 'complete'>;

/** A problem with a line, or with the file; `line` is then the number of lines before it. */
export interface RecordFileProblem {
  readonly kind: RecordFileProblemKind;
  readonly line: number;
  /** What is wrong and what was expected, without file and line. */
  readonly message: string;
  /** When the last record before it ended, in milliseconds since 1970; null if there was none. */
  readonly after: number | null;
}

export interface NamedFile {
  readonly path: string;
  /** Its name in messages. */
  readonly name: string;
}

/** Reads a file of records, plain or gzip; the memory does not grow with the file. */
export async function* recordsOf(
  { path, name }: NamedFile,
  problem: (problem: RecordFileProblem) => void,
): AsyncGenerator<Batch, void> {
  const lines = new LineReader(name, problem);
  const pieces = fileBytes(path);
  try {
    let piece = await pieces.next();
    while (!piece.done) {
      yield lines.take(piece.value);
      piece = await pieces.next();
    }
    // After a cut, half a line is expected.
    if (piece.value.kind === 'complete') yield lines.takeLast();
    else lines.report(piece.value.kind, piece.value.reason);
  } finally {
    // Also closes the file when the caller stops early.
    await pieces.return({ kind: 'complete' });
  }
}

const HALF_WRITTEN = 'the last line is incomplete; its writer may not have finished it';

class LineReader {
  readonly #file: string;
  readonly #problem: (problem: RecordFileProblem) => void;
  /** The incomplete line at the end of the last piece. */
  #held: Buffer = Buffer.alloc(0);
  /** Inside a line that is too long, up to its end. */
  #skipping = false;
  #line = 0;
  #after: number | null = null;

  constructor(file: string, problem: (problem: RecordFileProblem) => void) {
    this.#file = file;
    this.#problem = problem;
  }

  /** The records whose lines end in this piece. */
  take(piece: Buffer): Batch {
    const bytes = Buffer.concat([this.#held, piece]);
    const records: RequestRecord[] = [];
    const places = new Lines(this.#file, bytes);
    let start = 0;
    for (let end = bytes.indexOf(NEW_LINE); end >= 0; end = bytes.indexOf(NEW_LINE, start)) {
      records.push(...this.#read(bytes, start, end, places));
      start = end + 1;
    }
    this.#held = bytes.subarray(start);
    if (this.#held.length > LONGEST_LINE) this.#skip();
    return { records, places };
  }

  /** The record of a last line without a line break. */
  takeLast(): Batch {
    const places = new Lines(this.#file, this.#held);
    const { length } = this.#held;
    return { records: length === 0 ? [] : this.#read(this.#held, 0, length, places, true), places };
  }

  report(kind: RecordFileProblemKind, message: string): void {
    this.#problem({ kind, line: this.#line, message, after: this.#after });
  }

  #skip(): void {
    if (!this.#skipping) {
      this.#line += 1;
      this.report(
        'line_too_long',
        `the line is longer than ${LONGEST_LINE} bytes; expected one record per line`,
      );
    }
    this.#skipping = true;
    this.#held = Buffer.alloc(0);
  }

  #read(bytes: Buffer, start: number, end: number, places: Lines, isLast = false): RequestRecord[] {
    if (this.#skipping) {
      // The end of a line that was too long; it is already counted.
      this.#skipping = false;
      return [];
    }
    this.#line += 1;
    const hasMark = this.#line === 1 && bytes.indexOf(BYTE_ORDER_MARK) === start;
    const from = hasMark ? start + BYTE_ORDER_MARK.length : start;
    const parsed = parseRecord(bytes, from, end);
    if (parsed.ok) {
      this.#after = endOf(parsed.record);
      places.add(this.#line, from);
      return [parsed.record];
    }
    const isBlank = bytes.toString('latin1', from, end).trim() === '';
    if (isLast && !isBlank) this.report('half_written_line', HALF_WRITTEN);
    else if (!isBlank) this.report(parsed.reasonCode, parsed.message);
    return [];
  }
}
