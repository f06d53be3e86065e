/** Prometheus's HTTP API, as far as counters need it. Thanos, Mimir and VictoriaMetrics speak it as well. */
import { z } from 'zod';
import type { SourceClient } from '../fetch-source.ts';
import type { SourceError } from '../source.ts';

export type Labels = Readonly<Record<string, string>>;

/** A series at one instant. `value` is NaN where Prometheus says so. */
export interface Sample {
  readonly labels: Labels;
  readonly value: number;
}

/** A series over a range: `[milliseconds since 1970, value]`, in the order of time. */
export interface Samples {
  readonly labels: Labels;
  readonly values: readonly (readonly [number, number])[];
}

export type Read<T> = { readonly kind: 'read'; readonly value: T } | SourceError;

const QUERY_PATH = '/api/v1/query';
const SERIES_PATH = '/api/v1/series';

const labelsSchema = z.record(z.string(), z.string());
/** Numbers come as text, because JSON knows neither NaN nor Inf. */
const pointSchema = z.tuple([z.number(), z.string()]);
const answerSchema = z.object({
  status: z.literal('success'),
  data: z.discriminatedUnion('resultType', [
    z.object({
      resultType: z.literal('vector'),
      result: z.array(z.object({ metric: labelsSchema, value: pointSchema })),
    }),
    z.object({
      resultType: z.literal('matrix'),
      result: z.array(z.object({ metric: labelsSchema, values: z.array(pointSchema) })),
    }),
  ]),
  // A part of the data may be missing then, as when Thanos cannot reach a store.
  warnings: z.array(z.string()).optional(),
});
type Data = z.infer<typeof answerSchema>['data'];
const seriesSchema = z.object({ status: z.literal('success'), data: z.array(labelsSchema) });

/** The value of every series of an expression at an instant (milliseconds since 1970). */
export async function queryVector(
  client: SourceClient,
  expression: string,
  at: number,
): Promise<Read<Sample[]>> {
  const data = await query(client, expression, at);
  if (data.kind === 'error') return data;
  if (data.value.resultType !== 'vector') return wrongType(client, data.value.resultType, 'vector');
  const samples = data.value.result.map(({ metric, value }) => ({
    labels: metric,
    value: readValue(value[1]),
  }));
  return { kind: 'read', value: samples };
}

/** The raw samples of a range selector such as `up[15m]` that ends at an instant (milliseconds since 1970). */
export async function queryMatrix(
  client: SourceClient,
  selector: string,
  at: number,
): Promise<Read<Samples[]>> {
  const data = await query(client, selector, at);
  if (data.kind === 'error') return data;
  if (data.value.resultType !== 'matrix') return wrongType(client, data.value.resultType, 'matrix');
  const series = data.value.result.map(({ metric, values }) => ({
    labels: metric,
    values: values.map(([seconds, text]) => [Math.round(seconds * 1_000), readValue(text)] as const),
  }));
  return { kind: 'read', value: series };
}

/**
 * Whether any series that a selector fits was ever there, as far back as the engine remembers. Only its index is asked.
 * @param until milliseconds since 1970
 */
export async function wasEverSeen(
  client: SourceClient,
  selector: string,
  until: number,
): Promise<Read<boolean>> {
  const form = { 'match[]': selector, start: '0', end: String(until / 1_000), limit: '1' };
  const answer = await client.ask({ path: SERIES_PATH, form });
  if (answer.kind === 'error') return answer;
  const parsed = seriesSchema.safeParse(answer.json);
  if (!parsed.success) return client.unreadable(SERIES_PATH, 'JSON of another shape', 'a list of series');
  return { kind: 'read', value: parsed.data.data.length > 0 };
}

async function query(client: SourceClient, expression: string, at: number): Promise<Read<Data>> {
  const form = { query: expression, time: String(at / 1_000) };
  const answer = await client.ask({ path: QUERY_PATH, form });
  if (answer.kind === 'error') return answer;
  const parsed = answerSchema.safeParse(answer.json);
  if (!parsed.success) {
    return client.unreadable(QUERY_PATH, 'JSON of another shape', 'a vector or a matrix');
  }
  const { data, warnings = [] } = parsed.data;
  if (warnings.length > 0) {
    const found = `a warning, so that a part may be missing: ${warnings.join('; ')}`;
    return client.unreadable(QUERY_PATH, found, 'the whole of the data');
  }
  return { kind: 'read', value: data };
}

function wrongType(client: SourceClient, found: string, expected: string): SourceError {
  return client.unreadable(QUERY_PATH, `a ${found}`, `a ${expected}`);
}

function readValue(text: string): number {
  if (text === '+Inf' || text === 'Inf') return Number.POSITIVE_INFINITY;
  return text === '-Inf' ? Number.NEGATIVE_INFINITY : Number(text);
}

/** Which values a label may have: one text, a list of alternatives, or null for any that is not empty. */
export type Matchers = Readonly<Record<string, string | readonly string[] | null>>;

/**
 * A selector of series by name and labels.
 *
 * @param names alternatives, as exporters differ in suffixes
 */
export function selector(names: readonly string[], matchers: Matchers): string {
  const conditions = Object.entries({ __name__: names, ...matchers }).map(([label, wanted]) =>
    matcher(label, typeof wanted === 'string' ? [wanted] : wanted),
  );
  return `{${conditions.join(',')}}`;
}

function matcher(label: string, values: readonly string[] | null): string {
  // Prometheus 3 allows any text as the name of a label, in quotes.
  const name = /^[A-Za-z_]\w*$/.test(label) ? label : JSON.stringify(label);
  if (values === null) return `${name}!=""`;
  const [only] = values;
  if (values.length === 1 && only !== undefined) return `${name}=${JSON.stringify(only)}`;
  return `${name}=~${JSON.stringify(values.map(escapePattern).join('|'))}`;
}

function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
