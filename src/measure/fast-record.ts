/**
 * Reads common lines of records straight from their bytes, three times as fast as JSON.parse and the schema together. It
 * knows plain ASCII, fields in any order, numbers without exponent, and times in UTC with milliseconds. It leaves all
 * other lines, valid or not, to requestRecordSchema, which defines what a record is; a property test compares the two.
 */

import { ARMS, type Arm } from '../config/arms.ts';
import { ERROR_CLASSES, type ErrorClass } from '../gateway/refusal.ts';
import { JsonBytes, type KeptText, NO_TEXT, Pattern } from './json-bytes.ts';
import { LATEST_MS, RECORD_LIMITS, type RequestRecord } from './record.ts';

type Kind = 'instant' | 'text' | 'unique' | 'whole' | 'amount' | 'flag';

/** `unique` texts seldom repeat; all other texts are kept. `max` applies to numbers. */
const FIELDS = [
  { name: 'ts', kind: 'instant', max: LATEST_MS },
  { name: 'arm', kind: 'text', max: 0 },
  { name: 'task', kind: 'unique', max: 0 },
  { name: 'attempt', kind: 'whole', max: RECORD_LIMITS.attempt },
  { name: 'endpoint', kind: 'text', max: 0 },
  { name: 'model', kind: 'text', max: 0 },
  { name: 'answered_model', kind: 'text', max: 0 },
  { name: 'status', kind: 'whole', max: 999 },
  { name: 'error', kind: 'text', max: 0 },
  { name: 'duration_ms', kind: 'amount', max: RECORD_LIMITS.durationMs },
  { name: 'ttft_ms', kind: 'amount', max: RECORD_LIMITS.durationMs },
  { name: 'input_tokens', kind: 'whole', max: RECORD_LIMITS.tokens },
  { name: 'cached_input_tokens', kind: 'whole', max: RECORD_LIMITS.tokens },
  { name: 'output_tokens', kind: 'whole', max: RECORD_LIMITS.tokens },
  { name: 'cost_usd', kind: 'amount', max: RECORD_LIMITS.costUsd },
  { name: 'key', kind: 'text', max: 0 },
  { name: 'member', kind: 'text', max: 0 },
  { name: 'workload', kind: 'text', max: 0 },
  { name: 'unit', kind: 'unique', max: 0 },
  { name: 'finish_reason', kind: 'text', max: 0 },
  { name: 'empty', kind: 'flag', max: 0 },
  { name: 'used', kind: 'flag', max: 0 },
  { name: 'request_id', kind: 'unique', max: 0 },
] as const satisfies readonly { name: keyof RequestRecord; kind: Kind; max: number }[];

const KEYS = FIELDS.map(({ name }) => new Pattern(`"${name}":`));
const KINDS: readonly Kind[] = FIELDS.map(({ kind }) => kind);
const MAXIMA = FIELDS.map(({ max }) => max);
const CLASSES: ReadonlySet<string> = new Set(ERROR_CLASSES);

const indexOf = (wanted: (typeof FIELDS)[number]['name']) => FIELDS.findIndex(({ name }) => name === wanted);
const TS = indexOf('ts');
const ARM = indexOf('arm');
const TASK = indexOf('task');
const ATTEMPT = indexOf('attempt');
const ENDPOINT = indexOf('endpoint');
const MODEL = indexOf('model');
const ANSWERED_MODEL = indexOf('answered_model');
const STATUS = indexOf('status');
const ERROR = indexOf('error');
const DURATION = indexOf('duration_ms');
const TTFT = indexOf('ttft_ms');
const INPUT = indexOf('input_tokens');
const CACHED_INPUT = indexOf('cached_input_tokens');
const OUTPUT = indexOf('output_tokens');
const COST = indexOf('cost_usd');
const KEY = indexOf('key');
const MEMBER = indexOf('member');
const WORKLOAD = indexOf('workload');
const UNIT = indexOf('unit');
const FINISH_REASON = indexOf('finish_reason');
const EMPTY = indexOf('empty');
const USED = indexOf('used');
const REQUEST_ID = indexOf('request_id');

const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const CARRIAGE_RETURN = 0x0d;
const TRUE = new Pattern('true');
const FALSE = new Pattern('false');

export class FastRecordReader {
  readonly #text: (string | undefined)[] = FIELDS.map(() => undefined);
  readonly #number: (number | undefined)[] = FIELDS.map(() => undefined);
  readonly #flag: (boolean | undefined)[] = FIELDS.map(() => undefined);
  /** At `field + 1`: the field that followed it in an earlier line, and probably follows again; at 0: the first. */
  readonly #next = Int32Array.from({ length: FIELDS.length + 1 }, (_, index) => index % FIELDS.length);
  /** The last text of each field, since it often repeats. */
  readonly #last: KeptText[] = FIELDS.map(() => NO_TEXT);
  readonly #json = new JsonBytes();

  /**
   * Reads the record in `bytes` from `start` to `end` (its line break excluded).
   * @returns null for an uncommon line, which may still be valid
   */
  read(bytes: Buffer, start: number, end: number): RequestRecord | null {
    const to = end > start && bytes[end - 1] === CARRIAGE_RETURN ? end - 1 : end;
    for (let field = 0; field < FIELDS.length; field += 1) {
      this.#text[field] = undefined;
      this.#number[field] = undefined;
    }
    this.#flag[EMPTY] = undefined;
    this.#flag[USED] = undefined;
    this.#json.open(bytes, start);
    return this.#readFields() && this.#json.at === to ? this.#record() : null;
  }

  #readFields(): boolean {
    const json = this.#json;
    if (!json.takeByte(OPEN)) return false;
    let field = -1;
    do {
      json.skipSpaces();
      field = this.#takeKey(field);
      json.skipSpaces();
      if (field < 0 || !this.#readValue(field)) return false;
    } while (json.takeByte(COMMA));
    return json.takeByte(CLOSE);
  }

  /** The field whose key is here, -1 for an unknown key. */
  #takeKey(before: number): number {
    const expected = this.#next[before + 1] ?? 0;
    const key = KEYS[expected];
    return key !== undefined && this.#json.take(key) ? expected : this.#takeOtherKey(before);
  }

  #takeOtherKey(before: number): number {
    const field = KEYS.findIndex((key) => this.#json.take(key));
    if (field >= 0) this.#next[before + 1] = field;
    return field;
  }

  /** Keeps the value that is here; false if it does not fit the field. */
  #readValue(field: number): boolean {
    const json = this.#json;
    switch (KINDS[field]) {
      case 'whole':
        return this.#keepWhole(field, json.number());
      case 'amount':
        return this.#keepNumber(field, json.number());
      case 'flag':
        return this.#readFlag(field);
      case 'instant':
        return json.takeByte(QUOTE) && this.#keepNumber(field, json.instant());
      case 'unique':
        return json.takeByte(QUOTE) && this.#keepText(field, json.text(RECORD_LIMITS.textLength));
      default:
        return json.takeByte(QUOTE) && this.#readKeptText(field);
    }
  }

  #readKeptText(field: number): boolean {
    const kept = this.#json.keptText(this.#last[field] ?? NO_TEXT, RECORD_LIMITS.textLength);
    if (kept === null) return false;
    this.#last[field] = kept;
    return this.#keepText(field, kept.text);
  }

  #readFlag(field: number): boolean {
    const isTrue = this.#json.take(TRUE);
    this.#flag[field] = isTrue;
    return isTrue || this.#json.take(FALSE);
  }

  /** A record may not have an empty text. */
  #keepText(field: number, text: string | null): boolean {
    this.#text[field] = text ?? undefined;
    return text !== null && text !== '';
  }

  #keepWhole(field: number, number: number): boolean {
    return this.#keepNumber(field, number) && Math.floor(number) === number;
  }

  #keepNumber(field: number, number: number): boolean {
    this.#number[field] = number;
    // NaN is in no range.
    return number >= 0 && number <= (MAXIMA[field] ?? 0);
  }

  /** The record, if all required fields are present. */
  #record(): RequestRecord | null {
    const text = this.#text;
    const number = this.#number;
    const arm = text[ARM];
    const error = text[ERROR];
    const ts = number[TS];
    const attempt = number[ATTEMPT];
    const endpoint = text[ENDPOINT];
    const model = text[MODEL];
    const status = number[STATUS];
    const duration_ms = number[DURATION];
    if (!isArm(arm) || !isErrorClass(error) || ts === undefined || attempt === undefined) return null;
    if (endpoint === undefined || model === undefined) return null;
    if (status === undefined || duration_ms === undefined) return null;
    return {
      ts,
      arm,
      task: text[TASK],
      attempt,
      endpoint,
      model,
      answered_model: text[ANSWERED_MODEL],
      status,
      error,
      duration_ms,
      ttft_ms: number[TTFT],
      input_tokens: number[INPUT],
      cached_input_tokens: number[CACHED_INPUT],
      output_tokens: number[OUTPUT],
      cost_usd: number[COST],
      key: text[KEY],
      member: text[MEMBER],
      workload: text[WORKLOAD],
      unit: text[UNIT],
      finish_reason: text[FINISH_REASON],
      empty: this.#flag[EMPTY],
      used: this.#flag[USED],
      request_id: text[REQUEST_ID],
    };
  }
}

function isArm(text: string | undefined): text is Arm {
  return text === ARMS[0] || text === ARMS[1];
}

function isErrorClass(text: string | undefined): text is ErrorClass | undefined {
  return text === undefined || CLASSES.has(text);
}
