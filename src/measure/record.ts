/**
 * One attempt, as the recorder writes it and the `jsonl` source reads it: one JSON object per line. README.md documents
 * the format for programs that write it. Version 1.
 */
import { ARMS } from '../config/arms.ts';
import { ERROR_CLASSES, type ErrorClass } from '../gateway/refusal.ts';
import { formatInstant, INSTANT_EXPECTED, parseInstant } from './instant.ts';

/** Numbers above these are mistakes of the writer, and would outweigh everything else. */
export const RECORD_LIMITS = {
  attempt: 1_000,
  durationMs: 86_400_000,
  tokens: 1e12,
  costUsd: 1e6,
  textLength: 1_000,
} as const;

/** Before March 1973: a time in seconds where milliseconds are expected. */
const EARLIEST_MS = 1e11;
const LATEST_MS = 8.64e15;

/** What a field may hold. */
interface Field<Value> {
  readonly expected: string;
  /** The value in memory of one in a file; undefined if it is not allowed. */
  readonly read: (value: unknown) => Value | undefined;
  readonly required?: true;
}

const text = (what: string, least = 1): Field<string> => ({
  expected: `${what}, a string of ${least} to ${RECORD_LIMITS.textLength} characters`,
  read: (value) =>
    typeof value === 'string' && value.length >= least && value.length <= RECORD_LIMITS.textLength
      ? value
      : undefined,
});

const amount = (what: string, max: number): Field<number> => ({
  expected: `${what}, a number from 0 to ${max}`,
  read: (value) => (typeof value === 'number' && value >= 0 && value <= max ? value : undefined),
});

const whole = (what: string, max: number): Field<number> => ({
  expected: `${what}, a whole number from 0 to ${max}`,
  read: (value) => (Number.isInteger(value) ? amount(what, max).read(value) : undefined),
});

const word = <Word extends string>(words: readonly Word[]): Field<Word> => ({
  expected: `one of ${words.join(', ')}`,
  read: (value) => words.find((each) => each === value),
});

const flag: Field<boolean> = {
  expected: 'true or false',
  read: (value) => (typeof value === 'boolean' ? value : undefined),
};

const instant: Field<number> = {
  expected: `${INSTANT_EXPECTED}, or milliseconds since 1970`,
  read: (value) => {
    if (typeof value === 'string') return parseInstant(value) ?? undefined;
    return typeof value === 'number' && value >= EARLIEST_MS && value <= LATEST_MS ? value : undefined;
  },
};

const required = <Value>(field: Field<Value>) => ({ ...field, required: true }) as const;

/** Other fields are ignored, and null counts as left out, since many loggers write it for an unknown value. */
export const RECORD_FIELDS = {
  /** When the attempt started, in milliseconds since 1970. */
  ts: required(instant),
  arm: required(word(ARMS)),
  /** The unit of work; its attempts share it. */
  task: text('the name of the task'),
  /** 0 for the first. */
  attempt: required(whole('the number of the attempt', RECORD_LIMITS.attempt)),
  /** Such as /chat/completions. */
  endpoint: required(text('the path of the endpoint')),
  /** As the request named it; empty if it named none. */
  model: required(text('the name of the model, as requested', 0)),
  answered_model: text('the name of the model that answered'),
  status: required(whole('the HTTP status, 0 for none', 999)),
  /** Why the attempt failed. A stream that ends before its end failed, whatever its status. */
  error: word<ErrorClass>(ERROR_CLASSES),
  /** From the start to the last byte, or to the failure. */
  duration_ms: required(amount('how long the attempt took in milliseconds', RECORD_LIMITS.durationMs)),
  ttft_ms: amount('the time to the first token in milliseconds', RECORD_LIMITS.durationMs),
  /** Cached ones included. */
  input_tokens: whole('input tokens', RECORD_LIMITS.tokens),
  cached_input_tokens: whole('cached input tokens', RECORD_LIMITS.tokens),
  output_tokens: whole('output tokens', RECORD_LIMITS.tokens),
  /** As the endpoint reported it. */
  cost_usd: amount('the cost in US dollars', RECORD_LIMITS.costUsd),
  /** A name, never the key itself. */
  key: text('a name for the API key'),
  member: text('the member of the team'),
  workload: text('the workload'),
  /** A hash of what the split is sticky by. */
  unit: text('the unit of the split'),
  finish_reason: text('the finish reason'),
  /** The answer was empty. */
  empty: flag,
  /** The answer was the task's result. */
  used: flag,
  request_id: text('the request ID'),
  /** Characters of the answer's text. */
  answer_length: whole('the length of the answer', RECORD_LIMITS.tokens),
  /** The answer is a refusal. */
  refused: flag,
  /** Where JSON was asked for: the answer is JSON that the request's schema takes. */
  valid_json: flag,
  /** Where tools are called: the request offers them, and their schemas take the arguments. */
  valid_arguments: flag,
  /** Of a copy: it calls the same tools as the original, with equal arguments. */
  same_calls: flag,
  /** Of a copy: whose answer a scorer finds better, the original's (`official`) or the copy's (`gateway`). */
  quality: word(['official', 'gateway', 'tie']),
  /** A copy of a request whose answer no user sees; its task is the original's. */
  shadow: flag,
};

type Fields = typeof RECORD_FIELDS;
type RequiredName = {
  [Name in keyof Fields]: Fields[Name] extends { required: true } ? Name : never;
}[keyof Fields];
type ValueOf<Name extends keyof Fields> = NonNullable<ReturnType<Fields[Name]['read']>>;

/** One attempt. `ts` is its start in milliseconds since 1970; all other fields as in the file. */
export type RequestRecord = { readonly [Name in RequiredName]: ValueOf<Name> } & {
  readonly [Name in Exclude<keyof Fields, RequiredName>]?: ValueOf<Name> | undefined;
};

/** The line of a record, without its line break. */
export function formatRecord(record: RequestRecord): string {
  return JSON.stringify({ ...record, ts: formatInstant(record.ts) });
}

/** When the attempt ended, in milliseconds since 1970; this decides its window. */
export function endOf(record: RequestRecord): number {
  return record.ts + record.duration_ms;
}

/** Where a record is, for messages. Lines count from 1. */
export interface RecordLocation {
  readonly file: string;
  readonly line: number;
}

/** Records that can be read again, by their numbers from 0. */
export interface RecordPlaces {
  recordAt(index: number): RequestRecord | null;
  locationOf(index: number): RecordLocation;
}

/** One of them. */
export interface RecordPlace {
  readonly places: RecordPlaces;
  readonly index: number;
}
