/** The records of one file, one after the other, each with its line; and what is wrong with the other lines. */
import { LineParser, type LineProblem, type ParsedLine } from '../parse-record.ts';
import { endOf, type RequestRecord } from '../record.ts';
import { type BytesEnd, fileBytes } from './file-bytes.ts';

/** No record is longer: it has at most 14 texts of 1,000 characters. */
const LONGEST_LINE = 128 * 1024;
const NEW_LINE = 0x0a;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** The records of the lines that are at hand. */
export interface RecordLines {
  /** The next record; null where the lines at hand hold no more. */
  next(): RequestRecord | null;
  /** The line of the last record, from 1. */
  readonly line: number;
}

export type FileProblemKind =
  | LineProblem
  | 'line_too_long'
  /** The last line has no line break and is no record: its writer has not finished it. */
  | 'half_written_line'
  | Exclude<BytesEnd['kind'], 'complete'>;

/** What is wrong with a line, or (`line` is then the number of lines before) with the file. */
export interface FileProblem {
  readonly kind: FileProblemKind;
  readonly line: number;
  /** What is wrong and what was expected, without the place. */
  readonly message: string;
  /** When the last record before it ended, milliseconds since 1970; null where there was none. */
  readonly after: number | null;
}

/**
 * Reads a file of records, plain or gzip, in memory that does not grow with it. Each time, take all records before
 * asking for more lines.
 */
export async function* recordsOf(
  path: string,
  problem: (problem: FileProblem) => void,
): AsyncGenerator<RecordLines, void> {
  const lines = new LineReader(problem);
  const pieces = fileBytes(path);
  try {
    let piece = await pieces.next();
    while (!piece.done) {
      lines.take(piece.value);
      yield lines;
      piece = await pieces.next();
    }
    if (piece.value.kind === 'complete') {
      lines.end();
      yield lines;
    }
    // Behind a cut, half a line is no news.
    else lines.tell(piece.value.kind, piece.value.reason);
  } finally {
    // Whoever needs no more leaves early; the file is closed then, too.
    await pieces.return({ kind: 'complete' });
  }
}

/** Reads a line when its record is asked for: a record that waits for nothing is no work for the collector. */
class LineReader implements RecordLines {
  readonly #problem: (problem: FileProblem) => void;
  readonly #parser = new LineParser();
  #buffer = Buffer.alloc(2 * LONGEST_LINE);
  /** What is not read yet: whole lines up to `#complete`, then a line that has begun. */
  #start = 0;
  #complete = 0;
  #filled = 0;
  #ended = false;
  /** Inside a line that is too long, up to its end. */
  #skipping = false;
  #line = 0;
  #after: number | null = null;

  constructor(problem: (problem: FileProblem) => void) {
    this.#problem = problem;
  }

  get line(): number {
    return this.#line;
  }

  /** The bytes that come next in the file. */
  take(piece: Buffer): void {
    this.#buffer.copyWithin(0, this.#start, this.#filled);
    this.#filled -= this.#start;
    this.#start = 0;
    if (this.#filled + piece.length > this.#buffer.length) {
      const larger = Buffer.alloc(this.#filled + piece.length);
      this.#buffer.copy(larger, 0, 0, this.#filled);
      this.#buffer = larger;
    }
    piece.copy(this.#buffer, this.#filled);
    this.#filled += piece.length;
    this.#complete = this.#buffer.subarray(0, this.#filled).lastIndexOf(NEW_LINE) + 1;
  }

  /** No bytes come any more. */
  end(): void {
    this.#ended = true;
  }

  next(): RequestRecord | null {
    while (this.#start < this.#complete) {
      const start = this.#start;
      const end = this.#buffer.indexOf(NEW_LINE, start);
      this.#start = end + 1;
      const record = this.#read(start, end);
      if (record !== null) return record;
    }
    if (this.#filled - this.#start > LONGEST_LINE) this.#skip();
    return this.#ended ? this.#readLast() : null;
  }

  /** The record of a last line without a line break. */
  #readLast(): RequestRecord | null {
    const start = this.#start;
    this.#start = this.#filled;
    if (start === this.#filled || this.#skipping) return null;
    const parsed = this.#parse(start, this.#filled);
    if (parsed?.ok === false) {
      this.tell('half_written_line', 'the last line is not complete; its writer may still be at it');
    }
    return parsed?.ok === true ? parsed.record : null;
  }

  tell(kind: FileProblemKind, message: string): void {
    this.#problem({ kind, line: this.#line, message, after: this.#after });
  }

  #skip(): void {
    if (!this.#skipping) {
      this.#line += 1;
      this.tell('line_too_long', `the line is longer than ${LONGEST_LINE} bytes; expected one record a line`);
    }
    this.#skipping = true;
    this.#start = this.#filled;
  }

  #read(start: number, end: number): RequestRecord | null {
    if (this.#skipping) {
      // This is where the line ends that was too long; it is counted already.
      this.#skipping = false;
      return null;
    }
    const parsed = this.#parse(start, end);
    if (parsed === null) return null;
    if (!parsed.ok) {
      this.tell(parsed.reasonCode, parsed.message);
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
