/**
 * Reads the usual line of a record straight from its bytes, three times as fast as JSON.parse and the schema
 * together. It knows only what is common: plain ASCII, fields in any order, numbers without exponent, moments
 * in UTC with milliseconds. Whatever else a line holds, right or wrong, it leaves to requestRecordSchema,
 * which defines what a record is; a property test holds the two together.
 */
import { ERROR_CLASSES, type ErrorClass } from '../gateway/errors.ts';
import {
  endOfText,
  endOfWord,
  InstantReader,
  type KeptText,
  NO_TEXT,
  Pattern,
  readNumber,
  skipSpaces,
  TextKeeper,
} from './json-bytes.ts';
import { ARMS, type Arm, LATEST_MS, RECORD_LIMITS, type RequestRecord } from './record.ts';

type Kind = 'instant' | 'text' | 'unique' | 'whole' | 'amount' | 'flag';

/** `unique` texts seldom repeat; all other texts are kept. `max` is for numbers. */
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
  /** Which field came after which in the lines before: most likely it does again. */
  readonly #next: number[] = FIELDS.map((_, index) => index + 1);
  /** The text of each field in the last line that had one: often it is the same again. */
  readonly #last: KeptText[] = FIELDS.map(() => NO_TEXT);
  readonly #instants = new InstantReader();
  readonly #names = new TextKeeper();
  #bytes: Buffer = Buffer.alloc(0);
  #view: DataView = new DataView(new ArrayBuffer(0));

  /**
   * Reads the record in `bytes` from `start` to `end` (its line break excluded).
   * @returns null where the line is not usual, which says nothing about whether it is right
   */
  read(bytes: Buffer, start: number, end: number): RequestRecord | null {
    if (bytes !== this.#bytes) {
      this.#bytes = bytes;
      this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
    const to = end > start && bytes[end - 1] === CARRIAGE_RETURN ? end - 1 : end;
    for (let field = 0; field < FIELDS.length; field += 1) {
      this.#text[field] = undefined;
      this.#number[field] = undefined;
    }
    this.#flag[EMPTY] = undefined;
    this.#flag[USED] = undefined;
    return this.#readFields(bytes, start, to) ? this.#record() : null;
  }

  #readFields(bytes: Buffer, start: number, to: number): boolean {
    if (bytes[start] !== OPEN) return false;
    let at = start + 1;
    let field = -1;
    for (;;) {
      field = this.#fieldAt(at, field);
      if (field < 0) return false;
      at = skipSpaces(bytes, at + (KEYS[field]?.length ?? 0));
      at = bytes[at] === QUOTE ? this.#afterText(field, at + 1, to) : this.#afterWord(field, at, to);
      if (at < 0) return false;
      if (bytes[at] !== COMMA) return bytes[at] === CLOSE && at + 1 === to;
      at = skipSpaces(bytes, at + 1);
    }
  }

  /** The field whose key stands at `at`, -1 for none that is known. */
  #fieldAt(at: number, before: number): number {
    const expected = before < 0 ? TS : (this.#next[before] ?? TS);
    const key = KEYS[expected];
    if (key?.isAt(this.#view, at)) return expected;
    const field = KEYS.findIndex((other) => other.isAt(this.#view, at));
    if (before >= 0 && field >= 0) this.#next[before] = field;
    return field;
  }

  /** Keeps the text of the field that begins at `from`. Where it goes on behind the text; -1 for none that fits. */
  #afterText(field: number, from: number, to: number): number {
    const { text, pattern } = this.#last[field] ?? NO_TEXT;
    if (pattern?.isAt(this.#view, from)) {
      this.#text[field] = text;
      return from + pattern.length;
    }
    const end = endOfText(this.#bytes, from, to);
    return end >= 0 && this.#readText(this.#bytes, field, from, end) ? end + 1 : -1;
  }

  #afterWord(field: number, from: number, to: number): number {
    const end = endOfWord(this.#bytes, from, to);
    return this.#readWord(this.#bytes, field, from, end) ? end : -1;
  }

  #readText(bytes: Buffer, field: number, from: number, to: number): boolean {
    if (KINDS[field] === 'instant') return this.#keepNumber(field, this.#instants.read(bytes, from, to));
    const length = to - from;
    if (length === 0 || length > RECORD_LIMITS.textLength) return false;
    if (KINDS[field] === 'unique') {
      this.#text[field] = bytes.toString('latin1', from, to);
      return true;
    }
    if (KINDS[field] !== 'text') return false;
    const kept = this.#names.read(bytes, from, to);
    this.#last[field] = kept;
    this.#text[field] = kept.text;
    return true;
  }

  /** A number, true or false. */
  #readWord(bytes: Buffer, field: number, from: number, to: number): boolean {
    const kind = KINDS[field];
    if (kind === 'whole' || kind === 'amount') {
      const number = readNumber(bytes, from, to);
      return (kind === 'amount' || Number.isInteger(number)) && this.#keepNumber(field, number);
    }
    if (kind !== 'flag') return false;
    const flag = to - from === TRUE.length && TRUE.isAt(this.#view, from);
    this.#flag[field] = flag;
    return flag || (to - from === FALSE.length && FALSE.isAt(this.#view, from));
  }

  #keepNumber(field: number, number: number): boolean {
    this.#number[field] = number;
    // NaN is in no range.
    return number >= 0 && number <= (MAXIMA[field] ?? 0);
  }

  /** The record, where all fields are there that must be. */
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
