/** Parses a line of a file into a record, or says what is wrong with it. */
import { isUtf8 } from 'node:buffer';
import { parseJson } from '../gateway/json.ts';
import { FastRecordReader } from './fast-record.ts';
import { type RequestRecord, requestRecordSchema } from './record.ts';

export type ParsedLine =
  | { readonly ok: true; readonly record: RequestRecord }
  /** `message`: what is wrong and what was expected, without the file and the line. */
  | { readonly ok: false; readonly reasonCode: LineProblem; readonly message: string };

export type LineProblem = 'not_utf8' | 'not_json' | 'unknown_schema' | 'not_a_record';

/** Parses lines in turn; what it remembers makes the next ones faster. */
export class LineParser {
  readonly #fast = new FastRecordReader();

  /** Reads the line in `bytes` from `start` to `end`, its line break excluded. */
  parse(bytes: Buffer, start: number, end: number): ParsedLine {
    const record = this.#fast.read(bytes, start, end);
    return record === null ? parseRecord(bytes.subarray(start, end)) : { ok: true, record };
  }
}

/** Reads any line by the schema. */
export function parseRecord(line: Buffer): ParsedLine {
  if (!isUtf8(line)) return refuse('not_utf8', 'the line is not UTF-8 text');
  const json = parseJson(line.toString('utf8'));
  if (json === undefined) return refuse('not_json', 'the line is not JSON; expected one object per line');
  const parsed = requestRecordSchema.safeParse(json);
  if (parsed.success) {
    const { schema: _, ...record } = parsed.data;
    return { ok: true, record };
  }
  const issue = parsed.error.issues[0];
  const field = issue?.path[0];
  if (issue === undefined || typeof field !== 'string') {
    return refuse(
      'not_a_record',
      'the line is not a record; expected a JSON object with ts, arm, attempt, …',
    );
  }
  const value = Object.hasOwn(Object(json), field) ? Reflect.get(Object(json), field) : undefined;
  const found = value === undefined ? 'is missing' : `is ${shown(value)}`;
  const reasonCode = field === 'schema' ? 'unknown_schema' : 'not_a_record';
  return refuse(reasonCode, `${field} ${found}; expected ${issue.message}`);
}

function refuse(reasonCode: LineProblem, message: string): ParsedLine {
  return { ok: false, reasonCode, message };
}

/** Shows numbers and flags, but no text, since a field may hold a key by mistake. */
function shown(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return String(value);
  return typeof value === 'string' ? 'an unexpected string' : 'not a plain value';
}
