/** Reads the records of one file in batches, each with its line number, and reports the other lines. */
import { LineParser, type LineProblem, type ParsedLine } from '../parse-record.ts';
import { endOf, type RequestRecord } from '../record.ts';
import { type BytesEnd, fileBytes } from './file-bytes.ts';

/** No record is longer: it has at most 14 texts of 1,000 characters. */
const LONGEST_LINE = 128 * 1024;
const NEW_LINE = 0x0a;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

export interface Batch {
  readonly records: readonly RequestRecord[];
  /** The line of each record, from 1. */
  readonly lines: readonly number[];
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

/** Reads a file of records, plain or gzip; the memory does not grow with the file. */
export async function* recordsOf(
  path: string,
  problem: (problem: RecordFileProblem) => void,
): AsyncGenerator<Batch, void> {
  const lines = new LineReader(problem);
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

class LineReader {
  readonly #problem: (problem: RecordFileProblem) => void;
  readonly #parser = new LineParser();
  /** The incomplete line, and the piece after it. */
  #buffer = Buffer.alloc(2 * LONGEST_LINE);
  #held = 0;
  /** Inside a line that is too long, up to its end. */
  #skipping = false;
  #line = 0;
  #after: number | null = null;

  constructor(problem: (problem: RecordFileProblem) => void) {
    this.#problem = problem;
  }

  /** The records whose lines end in this piece. */
  take(piece: Buffer): Batch {
    if (this.#held + piece.length > this.#buffer.length) {
      const larger = Buffer.alloc(this.#held + piece.length);
      this.#buffer.copy(larger, 0, 0, this.#held);
      this.#buffer = larger;
    }
    piece.copy(this.#buffer, this.#held);
    const filled = this.#held + piece.length;
    const records: RequestRecord[] = [];
    const lines: number[] = [];
    const complete = this.#buffer.subarray(0, filled).lastIndexOf(NEW_LINE) + 1;
    for (let start = 0; start < complete; ) {
      const end = this.#buffer.indexOf(NEW_LINE, start);
      const record = this.#read(start, end);
      if (record !== null) {
        records.push(record);
        lines.push(this.#line);
      }
      start = end + 1;
    }
    this.#buffer.copyWithin(0, complete, filled);
    this.#held = filled - complete;
    if (this.#held > LONGEST_LINE) this.#skip();
    return { records, lines };
  }

  /** The record of a last line without a line break. */
  takeLast(): Batch {
    if (this.#held === 0 || this.#skipping) return { records: [], lines: [] };
    const parsed = this.#parse(0, this.#held);
    if (parsed === null) return { records: [], lines: [] };
    if (parsed.ok) return { records: [parsed.record], lines: [this.#line] };
    this.report('half_written_line', 'the last line is incomplete; its writer may not have finished it');
    return { records: [], lines: [] };
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
    this.#held = 0;
  }

  #read(start: number, end: number): RequestRecord | null {
    if (this.#skipping) {
      // The end of a line that was too long; it is already counted.
      this.#skipping = false;
      return null;
    }
    const parsed = this.#parse(start, end);
    if (parsed === null) return null;
    if (!parsed.ok) {
      this.report(parsed.reasonCode, parsed.message);
      return null;
    }
    this.#after = endOf(parsed.record);
    return parsed.record;
  }

  /** null for a blank line. */
  #parse(start: number, end: number): ParsedLine | null {
    this.#line += 1;
    const first = this.#line === 1 && this.#startsWithMark(start, end);
    const from = first ? start + BYTE_ORDER_MARK.length : start;
    const parsed = this.#parser.parse(this.#buffer, from, end);
    if (parsed.ok || this.#buffer.toString('latin1', from, end).trim() !== '') return parsed;
    return null;
  }

  #startsWithMark(start: number, end: number): boolean {
    const mark = start + BYTE_ORDER_MARK.length;
    return mark <= end && this.#buffer.subarray(start, mark).equals(BYTE_ORDER_MARK);
  }
}
