/**
 * One attempt, as the recorder writes it and the `jsonl` source reads it: one JSON object per line. README.md documents
 * the format for programs that write it. Version 1.
 */
import { z } from 'zod';
import { ARMS } from '../config/arms.ts';
import { ERROR_CLASSES } from '../gateway/refusal.ts';
import { formatInstant, INSTANT_EXPECTED, instantSchema } from './instant.ts';

/** Numbers above these are mistakes of the writer, and would outweigh everything else. */
export const RECORD_LIMITS = {
  attempt: 1_000,
  durationMs: 86_400_000,
  tokens: 1e12,
  costUsd: 1e6,
  textLength: 1_000,
} as const;

/** Before March 1973: a time in seconds where milliseconds are expected. */
export const EARLIEST_MS = 1e11;
export const LATEST_MS = 8.64e15;

const text = (what: string) => {
  const error = `${what}, a string of 1 to ${RECORD_LIMITS.textLength} characters`;
  return z.string({ error }).min(1, { error }).max(RECORD_LIMITS.textLength, { error });
};

const whole = (what: string, max: number) => {
  const error = `${what}, a whole number from 0 to ${max}`;
  return z.int({ error }).min(0, { error }).max(max, { error });
};

const amount = (what: string, max: number) => {
  const error = `${what}, a number from 0 to ${max}`;
  return z.number({ error }).min(0, { error }).max(max, { error });
};

/** Many loggers write null for an unknown value: it counts as left out. */
const optional = <Schema extends z.ZodType>(schema: Schema) =>
  schema.nullish().transform((value): z.output<Schema> | undefined => value ?? undefined);

const epoch = { error: `${INSTANT_EXPECTED}, or milliseconds since 1970` };

/** Other fields are ignored. `error` texts say what was expected. */
export const requestRecordSchema = z.object({
  schema: z.literal(1, { error: '1, the version of the format that this program reads' }).optional(),
  ts: z
    .union([instantSchema, z.number().min(EARLIEST_MS, epoch).max(LATEST_MS, epoch)], epoch)
    .describe('When the attempt started.'),
  arm: z.enum(ARMS, { error: `one of ${ARMS.join(', ')}` }),
  task: optional(text('the name of the task')).describe('The unit of work; its attempts share it.'),
  attempt: whole('the number of the attempt', RECORD_LIMITS.attempt).describe('0 for the first.'),
  endpoint: text('the path of the endpoint').describe('Such as /chat/completions.'),
  model: z
    .string({ error: 'the name of the model, as requested' })
    .max(RECORD_LIMITS.textLength, { error: `at most ${RECORD_LIMITS.textLength} characters` })
    .describe('As the request named it; empty if it named none.'),
  answered_model: optional(text('the name of the model that answered')),
  status: whole('the HTTP status, 0 for none', 999),
  error: optional(z.enum(ERROR_CLASSES, { error: `one of ${ERROR_CLASSES.join(', ')}` })).describe(
    'Why the attempt failed. A stream that ends before its end failed, whatever its status.',
  ),
  duration_ms: amount('how long the attempt took in milliseconds', RECORD_LIMITS.durationMs).describe(
    'From the start to the last byte, or to the failure.',
  ),
  ttft_ms: optional(amount('the time to the first token in milliseconds', RECORD_LIMITS.durationMs)),
  input_tokens: optional(whole('input tokens', RECORD_LIMITS.tokens)).describe('Cached ones included.'),
  cached_input_tokens: optional(whole('cached input tokens', RECORD_LIMITS.tokens)),
  output_tokens: optional(whole('output tokens', RECORD_LIMITS.tokens)),
  cost_usd: optional(amount('the cost in US dollars', RECORD_LIMITS.costUsd)).describe(
    'As the endpoint reported it.',
  ),
  key: optional(text('a name for the API key')).describe('A name, never the key itself.'),
  member: optional(text('the member of the team')),
  workload: optional(text('the workload')),
  unit: optional(text('the unit of the split')).describe('A hash of what the split is sticky by.'),
  finish_reason: optional(text('the finish reason')),
  empty: optional(z.boolean({ error: 'true or false' })).describe('The answer was empty.'),
  used: optional(z.boolean({ error: 'true or false' })).describe("The answer was the task's result."),
  request_id: optional(text('the request ID')),
});

/** One attempt. `ts` is its start in milliseconds since 1970; all other fields as in the file. */
export type RequestRecord = MayLack<Omit<z.output<typeof requestRecordSchema>, 'schema'>>;

/** Fields that may be undefined may also be left out. */
type MayLack<T> = {
  readonly [Key in keyof T as undefined extends T[Key] ? never : Key]: T[Key];
} & { readonly [Key in keyof T as undefined extends T[Key] ? Key : never]?: T[Key] };

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
