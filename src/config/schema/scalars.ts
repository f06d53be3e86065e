/**
 * The building blocks of the schema. In every schema here, `error` says what was expected, not what went
 * wrong: the loader puts the two together (`24 is not accepted; expected a duration such as …`).
 */
import { z } from 'zod';
import {
  DURATION_EXPECTED,
  DURATION_PATTERN,
  formatDuration,
  formatShare,
  type Parsed,
  parseDuration,
  parseShare,
  SHARE_EXPECTED,
  SHARE_PATTERN,
} from '../durations-and-shares.ts';

/** Extra words of a custom issue, read by the loader. `problem` replaces "… is not accepted". */
export interface IssueParams {
  readonly problem?: string;
  readonly suggestion?: string | null;
}

interface NumberRange {
  readonly min?: number;
  readonly max?: number;
}

/** A map of settings; unknown keys are errors. */
export function section<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'invalid_type' ? `a map with ${list(Object.keys(shape))}` : undefined),
  });
}

/** Adds an issue: what was expected, and what is wrong. @param path from the value that is checked */
export function addIssue<T>(
  context: z.RefinementCtx<T>,
  expected: string,
  params: IssueParams,
  path: PropertyKey[] = [],
): void {
  context.addIssue({ code: 'custom', message: expected, path, params: { ...params } });
}

/** What a schema reads in another form, and how that is written into a file again. */
export function readAs<Schema extends z.ZodType, T>(
  schema: Schema,
  read: (written: z.output<Schema>) => T,
  write: (value: T) => z.output<Schema>,
) {
  return z.codec(schema, z.custom<T>(), { decode: (written) => read(written), encode: write });
}

/** The same for text whose parser may refuse it; what it expected becomes an issue. */
export function parsedAs<T>(
  schema: z.ZodType<string>,
  parse: (text: string) => Parsed<T>,
  write: (value: T) => string,
) {
  const decode = (text: string, { issues }: z.core.ParsePayload): T => {
    const parsed = parse(text);
    if (parsed.ok) return parsed.value;
    const { expected: message, suggestion } = parsed;
    issues.push({ code: 'custom', input: text, message, params: { suggestion } });
    return z.NEVER;
  };
  return z.codec(schema, z.custom<T>(), { decode, encode: write });
}

/** `30s` → milliseconds; the bounds are in milliseconds. */
export function duration(bounds: NumberRange = {}) {
  const text = z
    .string({ error: DURATION_EXPECTED })
    .meta({ pattern: DURATION_PATTERN.source, examples: ['30s', '15m', '24h', '7d'] });
  const error = `a duration ${range(bounds, formatDuration)}`;
  return parsedAs(text, parseDuration, formatDuration).refine(within(bounds), { error });
}

/** `5%` → percent; the bounds are in percent. */
export function share({ min = 0, max = 100 }: NumberRange = {}) {
  const text = z
    .string({ error: SHARE_EXPECTED })
    .meta({ pattern: SHARE_PATTERN.source, examples: ['5%', '99.5%'] });
  const error = `a share ${range({ min, max }, formatShare)}`;
  return parsedAs(text, parseShare, formatShare).refine(within({ min, max }), { error });
}

export function wholeNumber({ min = 0, max = 1_000_000_000 }: NumberRange = {}) {
  const error = `a whole number ${range({ min, max }, String)}`;
  return z.int({ error }).min(min, { error }).max(max, { error });
}

/** A number above 0, named by what it counts, e.g. `a number of US dollars`. */
export function positive(what: string) {
  const error = `${what} above 0, without a unit, such as 1.5`;
  return z.number({ error }).positive({ error }).max(1e12, { error });
}

export function choice<const Words extends readonly string[]>(words: Words) {
  return z.enum(words, { error: `one of ${list(words)}` });
}

export function flag() {
  return z.boolean({ error: 'true or false' });
}

/** One line of text that matches a pattern; `expected` describes it to a person. */
export function text(pattern: RegExp, expected: string) {
  return z
    .string({ error: expected })
    .max(200, { error: `${expected}, of at most 200 characters` })
    .regex(pattern, { error: expected });
}

/** `stream.shape`, `request_id`. */
export function probeId() {
  return text(/^[a-z][a-z0-9_]*(\.[a-z0-9_]+)?$/, 'a probe ID such as models.substitution or request_id');
}

/** A key that may be left out and is null then. */
export function orNull<Schema extends z.ZodType>(schema: Schema) {
  return readAs(
    schema.optional(),
    (value): z.output<Schema> | null => value ?? null,
    (value) => value ?? undefined,
  );
}

/** A list without repeated entries. */
export function listOf<Schema extends z.ZodType>(item: Schema, expected: string) {
  return z.array(item, { error: expected }).superRefine((items, context) => {
    const seen = new Set<unknown>();
    for (const [index, value] of items.entries()) {
      const problem = `${JSON.stringify(value)} is in the list twice`;
      if (seen.has(value)) addIssue(context, 'each entry once', { problem }, [index]);
      seen.add(value);
    }
  });
}

function within({ min = -Infinity, max = Infinity }: NumberRange): (value: number) => boolean {
  return (value) => value >= min && value <= max;
}

function range({ min, max }: NumberRange, print: (value: number) => string): string {
  if (min !== undefined && max !== undefined) return `from ${print(min)} to ${print(max)}`;
  return min === undefined ? `of at most ${print(max ?? Infinity)}` : `of at least ${print(min)}`;
}

function list(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}
