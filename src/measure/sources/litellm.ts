/** A LiteLLM proxy's log of requests, with the spend of each. */
import { z } from 'zod';
import { DAY, HOUR } from '../../config/durations-and-shares.ts';
import type { ErrorClass } from '../../gateway/refusal.ts';
import { besideApi } from '../../gateway/url.ts';
import { createSourceClient, type SourceClient, type SourceEndpoint } from '../fetch-source.ts';
import type { Source, SourceError } from '../source.ts';
import { errorClassOf, mayHaveCost, UNKNOWN_ERROR } from './error-words.ts';
import { countLog, type LoggedAttempt } from './logged.ts';
import type { PriceBook } from './sums.ts';

const NAME = 'LiteLLM';
const LOGS_PATH = '/spend/logs';
const DAILY_PATH = '/user/daily/activity';

export interface LitellmOptions {
  /** The proxy's address, with or without `/v1`, and a key that may read its spend. */
  readonly endpoint: SourceEndpoint;
  readonly book: PriceBook;
}

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
const rowSchema = z.object({
  /** A hash of the key. */
  api_key: z.string().nullish(),
  spend: z.number().min(0),
  prompt_tokens: count.nullish(),
  completion_tokens: count.nullish(),
  startTime: instant,
  endTime: instant,
  completionStartTime: z.string().nullish(),
  model: z.string(),
  /** The public name, which the client requested. */
  model_group: z.string().nullish(),
  user: z.string().nullish(),
  status: z.string().nullish(),
  metadata: metadataSchema.nullish(),
});
type Row = z.output<typeof rowSchema>;
const rowsSchema = z.array(rowSchema);
const dailySchema = z.object({ metadata: z.object({ total_api_requests: count }) });

/**
 * The gateway arm from LiteLLM's log of requests: spend, tokens, successes and failures by key, user and model.
 *
 * Wire format: `GET /spend/logs?summarize=false&start_date&end_date`, a list of rows of whole days (UTC; `end_date`
 * means its first moment). Where the log is empty, `GET /user/daily/activity` shows whether it is switched off.
 */
export function createLitellmSource({ endpoint, book }: LitellmOptions): Source {
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
      return countLog(NAME, { attempts: rows.value.map(attemptOf), refunds: [] }, query, book);
    },
  };
}

/** Whole UTC days, such as `2026-11-22`. */
function daysBetween(from: number, to: number) {
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
  return {
    kind: 'error',
    reasonCode: 'log_switched_off',
    reason: `${NAME} counted ${requests} requests from ${first} to ${last} but logged none of them; expected a row for each. Remove disable_spend_logs from its settings, or use another source.`,
  };
}

function attemptOf(row: Row): LoggedAttempt {
  const start = row.startTime;
  const end = Math.max(start, row.endTime);
  const error = (row.status ?? row.metadata?.status ?? 'success') === 'success' ? null : errorOf(row);
  return {
    end,
    durationMs: end - start,
    ttftMs: error === null ? ttftOf(row, start, end) : null,
    model: row.model_group || row.model,
    key: row.metadata?.user_api_key_alias || row.api_key?.slice(0, SHORT_HASH) || null,
    member: row.user || null,
    error,
    usage: usageOf(row, error),
    cacheKnown: cachedTokens(row) !== null,
    usd: row.spend,
  };
}

/** A key without an alias is shown by the beginning of its hash. */
const SHORT_HASH = 8;

/** Failed requests are logged with 0 tokens; a request that timed out may have used some. */
function usageOf(row: Row, error: LoggedAttempt['error']): LoggedAttempt['usage'] {
  const { prompt_tokens: input, completion_tokens: output } = row;
  if (!input && !output && error !== null && mayHaveCost(error)) return null;
  if (input == null || output == null) return null;
  return { input, cachedInput: Math.min(cachedTokens(row) ?? 0, input), output };
}

function cachedTokens({ metadata }: Row): number | null {
  const details = metadata?.usage_object ?? metadata?.additional_usage_values;
  return details?.prompt_tokens_details?.cached_tokens ?? null;
}

/** Without streaming, the first token comes with the last. */
function ttftOf({ completionStartTime: first }: Row, start: number, end: number): number | null {
  const at = first ? instantOf(first) : Number.NaN;
  return at > start && at < end ? at - start : null;
}

function errorOf({ metadata }: Row): ErrorClass {
  const { error_code: code, error_class: name, error_message: message } = metadata?.error_information ?? {};
  const byName = errorClassOf([name ?? '', String(code ?? '')], message ?? '');
  const known = byName === UNKNOWN_ERROR ? errorClassOf([message ?? '']) : byName;
  return known === UNKNOWN_ERROR ? 'upstream_error' : known;
}

function dayOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 10);
}

function instantOf(text: string): number {
  return Date.parse(/(Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text.replace(' ', 'T')}Z`);
}
