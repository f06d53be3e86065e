/** Parses a line of a file into a record, or says what is wrong with it. */
import { isUtf8 } from 'node:buffer';
import { isRecord, parseJson } from '../gateway/json.ts';
import { RECORD_FIELDS, type RequestRecord } from './record.ts';

export type ParsedLine =
  | { readonly ok: true; readonly record: RequestRecord }
  /** `message`: what is wrong and what was expected, without the file and the line. */
  | { readonly ok: false; readonly reasonCode: LineProblem; readonly message: string };

export type LineProblem = 'not_utf8' | 'not_json' | 'unknown_schema' | 'not_a_record';

const FIELDS = Object.entries(RECORD_FIELDS).map(([name, field]) => ({ required: false, ...field, name }));

/** All records have the same fields in memory, which makes them faster. */
const NO_FIELDS = Object.fromEntries(FIELDS.map(({ name }) => [name, undefined]));

/** Reads the line in `bytes` from `start` to `end`, its line break excluded. */
export function parseRecord(bytes: Buffer, start = 0, end = bytes.length): ParsedLine {
  const text = bytes.toString('utf8', start, end);
  if (text.includes('\ufffd') && !isUtf8(bytes.subarray(start, end))) {
    return refuse('not_utf8', 'the line is not UTF-8 text');
  }
  const json = parseJson(text);
  if (json === undefined) return refuse('not_json', 'the line is not JSON; expected one object per line');
  if (!isRecord(json)) {
    return refuse(
      'not_a_record',
      'the line is not a record; expected a JSON object with ts, arm, attempt, …',
    );
  }
  if (json.schema !== undefined && json.schema !== 1) {
    return refuseField('unknown_schema', 'schema', json.schema, VERSION);
  }
  const record: Record<string, unknown> = { ...NO_FIELDS };
  for (const { name, required, expected, read } of FIELDS) {
    const value = json[name];
    if (value == null && !required) continue;
    const kept = read(value);
    if (kept === undefined) return refuseField('not_a_record', name, value, expected);
    record[name] = kept;
  }
  // Each field has been read by its own rule.
  return { ok: true, record: record as unknown as RequestRecord };
}

const VERSION = '1, the version of the format that this program reads';

function refuse(reasonCode: LineProblem, message: string): ParsedLine {
  return { ok: false, reasonCode, message };
}

function refuseField(reasonCode: LineProblem, name: string, value: unknown, expected: string): ParsedLine {
  const found = value === undefined ? 'is missing' : `is ${shown(value)}`;
  return refuse(reasonCode, `${name} ${found}; expected ${expected}`);
}

/** Shows numbers and flags, but no text, since a field may hold a key by mistake. */
function shown(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return String(value);
  return typeof value === 'string' ? 'an unexpected string' : 'not a plain value';
}
