/** The part of Prometheus's HTTP API that counters need. Thanos, Mimir and VictoriaMetrics have it too. */
import { z } from 'zod';
import type { SourceClient } from '../fetch-source.ts';
import type { Read } from '../source.ts';

export type Labels = Readonly<Record<string, string>>;

/** A series at one instant. `value` may be NaN. */
export interface Sample {
  readonly labels: Labels;
  readonly value: number;
}

/** A series over a range: `[milliseconds since 1970, value]`, in the order of time. */
export interface Samples {
  readonly labels: Labels;
  readonly values: readonly (readonly [number, number])[];
}

const QUERY_PATH = '/api/v1/query';
const SERIES_PATH = '/api/v1/series';

const labelsSchema = z.record(z.string(), z.string());
/** In milliseconds since 1970; the number comes as text, because JSON has neither NaN nor Inf. */
const pointSchema = z.tuple([
  z.number().transform((seconds) => Math.round(seconds * 1_000)),
  z.string().transform(readValue),
]);
const resultOf = <Series>(type: string, series: z.ZodType<Series>) =>
  z.object({
    status: z.literal('success'),
    data: z.object({ resultType: z.literal(type), result: z.array(series) }),
    // Part of the data may then be missing, as when Thanos cannot reach a store, or VictoriaMetrics a node.
    warnings: z.array(z.string()).optional(),
    isPartial: z.boolean().optional(),
  });
const vectorSchema = resultOf(
  'vector',
  z
    .object({ metric: labelsSchema, value: pointSchema })
    .transform(({ metric, value: [, value] }): Sample => ({ labels: metric, value })),
);
const matrixSchema = resultOf(
  'matrix',
  z
    .object({ metric: labelsSchema, values: z.array(pointSchema) })
    .transform(({ metric, values }): Samples => ({ labels: metric, values })),
);
const seriesSchema = z.object({ status: z.literal('success'), data: z.array(labelsSchema) });

/** The value of every series of an expression at an instant (milliseconds since 1970). */
export function queryVector(client: SourceClient, expression: string, at: number): Promise<Read<Sample[]>> {
  return query(client, expression, at, vectorSchema);
}

/** The raw samples of a range selector such as `up[15m]` that ends at an instant (milliseconds since 1970). */
export function queryMatrix(client: SourceClient, selector: string, at: number): Promise<Read<Samples[]>> {
  return query(client, selector, at, matrixSchema);
}

/**
 * Whether any series that fits a selector ever existed, as far back as the engine remembers. Only its index is read.
 * @param until milliseconds since 1970
 */
export async function wasEverSeen(
  client: SourceClient,
  selector: string,
  until: number,
): Promise<Read<boolean>> {
  const form = { 'match[]': selector, start: '0', end: String(until / 1_000), limit: '1' };
  const read = await client.read({ path: SERIES_PATH, form }, seriesSchema, 'a list of series');
  return read.kind === 'error' ? read : { kind: 'read', value: read.value.data.length > 0 };
}

async function query<Series>(
  client: SourceClient,
  expression: string,
  at: number,
  schema: ReturnType<typeof resultOf<Series>>,
): Promise<Read<Series[]>> {
  const form = { query: expression, time: String(at / 1_000) };
  const read = await client.read({ path: QUERY_PATH, form }, schema, 'the result of a query');
  if (read.kind === 'error') return read;
  const { data, warnings = [], isPartial = false } = read.value;
  if (warnings.length === 0 && !isPartial) return { kind: 'read', value: data.result };
  const found = `a warning that part of the data may be missing (${warnings.join('; ') || 'isPartial'})`;
  return client.unreadable(QUERY_PATH, found, 'all of the data');
}

function readValue(text: string): number {
  if (text === '+Inf' || text === 'Inf') return Number.POSITIVE_INFINITY;
  return text === '-Inf' ? Number.NEGATIVE_INFINITY : Number(text);
}

/** A pattern of Prometheus (RE2), which must match the whole value. */
export interface Pattern {
  readonly pattern: string;
}

/** All values but those. */
interface Except {
  readonly exceptPattern: string;
}

/** The values that a label may have: a text, alternatives, a pattern, all except a pattern, or null for any but the empty one. */
export type Matchers = Readonly<Record<string, string | readonly string[] | Pattern | Except | null>>;

/**
 * A selector of series by name and labels.
 * @param names alternatives, since exporters differ in suffixes
 */
export function selector(names: readonly string[], matchers: Matchers): string {
  const conditions = Object.entries({ __name__: names, ...matchers }).map(([label, wanted]) =>
    matcher(label, typeof wanted === 'string' ? [wanted] : wanted),
  );
  return `{${conditions.join(',')}}`;
}

function matcher(label: string, values: readonly string[] | Pattern | Except | null): string {
  // Prometheus 3 allows any text as the name of a label, in quotes.
  const name = /^[A-Za-z_]\w*$/.test(label) ? label : JSON.stringify(label);
  if (values === null) return `${name}!=""`;
  if ('pattern' in values) return `${name}=~${JSON.stringify(values.pattern)}`;
  if ('exceptPattern' in values) return `${name}!~${JSON.stringify(values.exceptPattern)}`;
  const [only] = values;
  if (values.length === 1 && only !== undefined) return `${name}=${JSON.stringify(only)}`;
  return `${name}=~${JSON.stringify(values.map(escapePattern).join('|'))}`;
}

export function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/** A series as Prometheus writes it. */
export function shownSeries(labels: Labels): string {
  const { __name__ = '', ...rest } = labels;
  const pairs = Object.entries(rest).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  return `${__name__}{${pairs.join(', ')}}`;
}
