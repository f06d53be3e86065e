/** A LiteLLM proxy's log of requests, with the spend of each. */
import { z } from 'zod';
import { DAY, HOUR, MINUTE } from '../../config/durations-and-shares.ts';
import { parseJson } from '../../gateway/json.ts';
import type { ErrorClass } from '../../gateway/refusal.ts';
import { besideApi } from '../../gateway/url.ts';
import type { Usage } from '../../gateway/usage.ts';
import { createSourceClient, type SourceClient } from '../fetch-source.ts';
import { formatInstant, isWithin, type Window } from '../instant.ts';
import type { RequestRecord } from '../record.ts';
import { type Read, type Source, type SourceError, sourceError } from '../source.ts';
import { errorClassOf, mayHaveCost, UNKNOWN_ERROR } from './error-words.ts';
import { countLog, LOGGED, tokensOf } from './logged.ts';
import type { PlatformOptions } from './sums.ts';

const NAME = 'LiteLLM';
const LOGS_PATH = '/spend/logs';
const DAILY_PATH = '/user/daily/activity';

const count = z.int().min(0);
/** Times are UTC, even where they do not say so. In milliseconds since 1970. */
const instant = z.string().transform(instantOf).pipe(z.number());
const usageSchema = z.object({
  prompt_tokens_details: z.object({ cached_tokens: count.nullish() }).nullish(),
});
const metadataSchema = z.object({
  status: z.string().nullish(),
  user_api_key_alias: z.string().nullish(),
  usage_object: usageSchema.nullish(),
  additional_usage_values: usageSchema.nullish(),
  error_information: z
    .object({
      error_code: z.union([z.string(), z.number()]).nullish(),
      error_class: z.string().nullish(),
      error_message: z.string().nullish(),
    })
    .nullish(),
});
const timesSchema = z.object({ startTime: instant, endTime: instant });
const fieldsSchema = timesSchema.extend({
  call_type: z.string().nullish(),
  /** A hash of the key. */
  api_key: z.string().nullish(),
  spend: z.number().min(0),
  prompt_tokens: count.nullish(),
  completion_tokens: count.nullish(),
  completionStartTime: z.string().nullish(),
  model: z.string().nullish(),
  /** The public name, which the client requested. */
  model_group: z.string().nullish(),
  user: z.string().nullish(),
  status: z.string().nullish(),
  // Some versions return what is stored as text.
  metadata: z.preprocess((it) => (typeof it === 'string' ? parseJson(it) : it), metadataSchema.nullish()),
});
const rowSchema = fieldsSchema.refine(
  ({ model, model_group, spend }) => model || model_group || spend === 0,
  { path: ['model'], message: 'no model, although it cost something' },
);
type Row = z.output<typeof rowSchema>;
const rowsSchema = z.array(z.record(z.string(), z.unknown()));
const dailySchema = z.object({ metadata: z.object({ total_api_requests: count }) });

/**
 * The gateway arm from LiteLLM's log of requests: spend, tokens, successes and failures by key, user and model.
 *
 * Wire format: `GET /spend/logs?summarize=false&start_date&end_date`, a list of rows of whole days (UTC; `end_date`
 * means its first moment). Where the log is empty, `GET /user/daily/activity` shows whether it is switched off.
 * @param endpoint the proxy's address, with or without `/v1`, and a key that may read its spend
 */
export function createLitellmSource({ endpoint, book }: PlatformOptions): Source {
  const baseUrl = besideApi(endpoint.baseUrl, '');
  return {
    name: 'litellm',
    arms: ['gateway'],
    async measure(query) {
      const client = createSourceClient(NAME, { ...endpoint, baseUrl }, query.signal);
      const { from, to } = query.window;
      // Rows are selected by when they began, windows by when they ended.
      const days = daysBetween(from - HOUR, to + DAY);
      const request = { path: LOGS_PATH, query: [...days, ['summarize', 'false'] as const] };
      const rows = await client.read(request, rowsSchema, 'a list of logged requests');
      if (rows.kind === 'error') return rows;
      if (rows.value.length === 0) {
        const unlogged = await findUnlogged(client, daysBetween(from, to));
        if (unlogged !== null) return unlogged;
      }
      const served = readRows(rows.value, query.window);
      if (served.kind === 'error') return served;
      const attempts = served.value.filter((row) => !isNobodysCall(row)).map(attemptOf);
      return countLog(NAME, attempts, [], query, book);
    },
  };
}

/** LiteLLM lists no more than the newest rows, and says so in a header alone. */
const MOST_ROWS = 10_000;

/** The rows that ended in the window. One that cannot be read is an error, but not in the windows of other rows. */
function readRows(raw: z.output<typeof rowsSchema>, window: Window): Read<readonly Row[]> {
  const rows: Row[] = [];
  let oldest = Number.POSITIVE_INFINITY;
  for (const each of raw) {
    const times = timesSchema.safeParse(each);
    if (times.success) {
      oldest = Math.min(oldest, times.data.startTime);
      if (!isWithin(window, endOf(times.data))) continue;
    }
    const row = rowSchema.safeParse(each);
    if (!row.success) {
      const [issue] = row.error.issues;
      const where = `request_id ${each.request_id}, ${issue?.path.join('.')} (${issue?.message})`;
      const reason = `${NAME} logged a row that cannot be counted: ${where}. Correct or delete it in the table LiteLLM_SpendLogs, or start the next window after it, with --since.`;
      return sourceError('odd_row', reason);
    }
    rows.push(row.data);
  }
  // A call takes ten minutes at most.
  if (raw.length !== MOST_ROWS || oldest <= window.from - 10 * MINUTE) return { kind: 'read', value: rows };
  const reason = `${NAME} lists no more than its newest ${MOST_ROWS} requests, which do not reach back to the beginning of this window. Measure more often (measure.interval), or use another source.`;
  return sourceError('log_cut', reason);
}

/** The key and tag of LiteLLM's own health checks. */
const HEALTH_CHECK = 'litellm-internal-health-check';

/** What is logged besides calls of models: tools, searches, agents, batches, files, what they are kept in, and reading it. */
const NO_MODEL_CALL =
  /_mcp_|_message$|_batch|file|vector_store|container|sandbox|skill|fine_tuning|search|ingest|^a?query|_code|code_interp|^a?(get|list|retrieve|cancel|delete|create_(assistants|thread))_?|video_(retrieve|content|list|delete)/;

/** LiteLLM's own health checks, what is no call of a model, and refused requests for something else. */
function isNobodysCall({ api_key: key, metadata, call_type: type, ...row }: Row): boolean {
  if (key === HEALTH_CHECK || metadata?.user_api_key_alias === HEALTH_CHECK) return true;
  return NO_MODEL_CALL.test(type ?? '') || !(row.model_group || row.model);
}

/** Whole UTC days, such as `2026-11-22`. */
function daysBetween(from: number, to: number) {
  const dayOf = (at: number) => formatInstant(at).slice(0, 10);
  return [['start_date', dayOf(from)] as const, ['end_date', dayOf(to)] as const] as const;
}

/** @returns null where no request came; an error where requests came but were not logged */
async function findUnlogged(
  client: SourceClient,
  days: ReturnType<typeof daysBetween>,
): Promise<SourceError | null> {
  const daily = await client.read({ path: DAILY_PATH, query: days }, dailySchema, 'activity by day');
  if (daily.kind === 'error') return daily;
  const { total_api_requests: requests } = daily.value.metadata;
  if (requests === 0) return null;
  const [[, first], [, last]] = days;
  const reason = `${NAME} counted ${requests} requests from ${first} to ${last} but logged none of them; expected a row for each. Remove disable_spend_logs from its settings, or use another source.`;
  return sourceError('log_switched_off', reason);
}

function attemptOf(row: Row): RequestRecord {
  const start = row.startTime;
  const end = endOf(row);
  const error = (row.status ?? row.metadata?.status ?? 'success') === 'success' ? null : errorOf(row);
  return {
    ...LOGGED,
    ts: start,
    duration_ms: end - start,
    ttft_ms: ttftOf(row, start, end),
    model: row.model_group || row.model || '',
    key: row.metadata?.user_api_key_alias || row.api_key?.slice(0, SHORT_HASH) || undefined,
    member: row.user || undefined,
    error: error ?? undefined,
    ...tokensOf(usageOf(row, error), cachedTokens(row) !== null),
    cost_usd: row.spend,
  };
}

function endOf({ startTime, endTime }: z.output<typeof timesSchema>): number {
  return Math.max(startTime, endTime);
}

/** A key without an alias is shown by the beginning of its hash. */
const SHORT_HASH = 8;

/** On failed requests, LiteLLM estimates a prompt that nobody read, unless there was an answer or it cost something. */
function usageOf(row: Row, error: ErrorClass | null): Usage | null {
  const { prompt_tokens: input, completion_tokens: output } = row;
  if (error !== null && !output && row.spend === 0) {
    return mayHaveCost(error) ? null : { input: 0, cachedInput: 0, output: 0 };
  }
  if (input == null || output == null) return null;
  return { input, cachedInput: Math.min(cachedTokens(row) ?? 0, input), output };
}

function cachedTokens({ metadata }: Row): number | null {
  const details = metadata?.usage_object ?? metadata?.additional_usage_values;
  return details?.prompt_tokens_details?.cached_tokens ?? null;
}

/** Without streaming, the first token comes with the last. */
function ttftOf({ completionStartTime: first }: Row, start: number, end: number): number | undefined {
  const at = first ? instantOf(first) : Number.NaN;
  return at > start && at < end ? at - start : undefined;
}

function errorOf({ metadata }: Row): ErrorClass {
  const { error_code: code, error_class: name, error_message: message } = metadata?.error_information ?? {};
  const byName = errorClassOf([name ?? '', String(code ?? '')], message ?? '');
  const known = byName === UNKNOWN_ERROR ? errorClassOf([message ?? '']) : byName;
  return known === UNKNOWN_ERROR ? 'upstream_error' : known;
}

function instantOf(text: string): number {
  return Date.parse(/(Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text.replace(' ', 'T')}Z`);
}
