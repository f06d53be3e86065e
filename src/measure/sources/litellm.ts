/** What a LiteLLM proxy logged of each request, with its own account of the spend. */
import { z } from 'zod';
import { DAY, HOUR } from '../../config/units.ts';
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
  startTime: z.string(),
  endTime: z.string(),
  completionStartTime: z.string().nullish(),
  model: z.string(),
  /** The public name, which the client asked for. */
  model_group: z.string().nullish(),
  user: z.string().nullish(),
  status: z.string().nullish(),
  metadata: metadataSchema.nullish(),
});
type Row = z.output<typeof rowSchema>;
const rowsSchema = z.array(rowSchema);
const dailySchema = z.object({ metadata: z.object({ total_api_requests: count }) });

/**
 * The gateway arm by LiteLLM's log of requests: spend, tokens, successes and failures by key, user and model.
 *
 * Wire format: `GET /spend/logs?summarize=false&start_date&end_date`, a list of rows of whole days (UTC; `end_date`
 * means its first moment). Where the log is empty, `GET /user/daily/activity` tells whether it is switched off.
 */
export function createLitellmSource(options: LitellmOptions): Source {
  const { endpoint } = options;
  const client = createSourceClient(NAME, { ...endpoint, baseUrl: besideApi(endpoint.baseUrl, '') });
  return {
    name: 'litellm',
    arms: ['gateway'],
    async measure(query) {
      const { from, to } = query.window;
      // Rows are chosen by when they began, windows by when they ended.
      const days = { from: dayOf(from - HOUR), to: dayOf(to + DAY) };
      const rows = await readRows(client, days, query.signal);
      if (rows.kind === 'error') return rows;
      if (rows.rows.length === 0) {
        const idle = await checkIdle(client, { from: dayOf(from), to: dayOf(to) }, query.signal);
        if (idle !== null) return idle;
      }
      const log = { attempts: rows.rows.map(attemptOf), refunds: [] };
      const counted = countLog(NAME, log, query, options.book);
      if (counted.kind === 'no-data') return counted;
      return { kind: 'measured', arms: { gateway: counted.counts }, notes: [] };
    },
  };
}

interface Days {
  /** `2026-11-22`. */
  readonly from: string;
  readonly to: string;
}

async function readRows(
  client: SourceClient,
  days: Days,
  signal: AbortSignal | undefined,
): Promise<{ readonly kind: 'rows'; readonly rows: readonly Row[] } | SourceError> {
  const answer = await client.ask({
    path: LOGS_PATH,
    signal,
    query: [
      ['start_date', days.from],
      ['end_date', days.to],
      ['summarize', 'false'],
    ],
  });
  if (answer.kind === 'error') return answer;
  const rows = rowsSchema.safeParse(answer.json);
  if (!rows.success)
    return client.unreadable(LOGS_PATH, 'JSON of another shape', 'a list of logged requests');
  const undated = rows.data.find((row) => Number.isNaN(instantOf(row.startTime) + instantOf(row.endTime)));
  if (undated !== undefined) {
    return client.unreadable(LOGS_PATH, `the time ${undated.startTime}`, 'ISO 8601');
  }
  return { kind: 'rows', rows: rows.data };
}

/** @returns null where no request came; an error where requests came and were not logged */
async function checkIdle(
  client: SourceClient,
  days: Days,
  signal: AbortSignal | undefined,
): Promise<SourceError | null> {
  const query = [['start_date', days.from] as const, ['end_date', days.to] as const];
  const answer = await client.ask({ path: DAILY_PATH, query, signal });
  if (answer.kind === 'error') return answer;
  const daily = dailySchema.safeParse(answer.json);
  if (!daily.success) return client.unreadable(DAILY_PATH, 'JSON of another shape', 'activity by day');
  const { total_api_requests: requests } = daily.data.metadata;
  if (requests === 0) return null;
  return {
    kind: 'error',
    reasonCode: 'log_switched_off',
    reason: `${NAME} counted ${requests} requests from ${days.from} to ${days.to} and logged none of them; expected a row for each. Take disable_spend_logs out of its settings, or use another source.`,
  };
}

function attemptOf(row: Row): LoggedAttempt {
  const start = instantOf(row.startTime);
  const end = Math.max(start, instantOf(row.endTime));
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
    usd: row.spend,
  };
}

/** What is shown of a key that has no alias: the beginning of its hash. */
const SHORT_HASH = 8;

/** Failed requests are logged with 0 tokens, which of a time-out says nothing. */
function usageOf(row: Row, error: LoggedAttempt['error']): LoggedAttempt['usage'] {
  const { prompt_tokens: input, completion_tokens: output } = row;
  if (!input && !output && error !== null && mayHaveCost(error)) return null;
  if (input == null || output == null) return null;
  return { input, cachedInput: Math.min(cachedTokens(row), input), output };
}

function cachedTokens({ metadata }: Row): number {
  const details = metadata?.usage_object ?? metadata?.additional_usage_values;
  return details?.prompt_tokens_details?.cached_tokens ?? 0;
}

/** Of what was not streamed, the first token comes with the last. */
function ttftOf({ completionStartTime: first }: Row, start: number, end: number): number | null {
  const at = first ? instantOf(first) : Number.NaN;
  return at > start && at < end ? at - start : null;
}

function errorOf({ metadata }: Row): ErrorClass {
  const { error_code: code, error_class: name, error_message: message } = metadata?.error_information ?? {};
  const byName = errorClassOf([name ?? '', String(code ?? '')]);
  const known = byName === UNKNOWN_ERROR ? errorClassOf([message ?? '']) : byName;
  return known === UNKNOWN_ERROR ? 'upstream_error' : known;
}

function dayOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 10);
}

/** Times are UTC, also where they do not say so. */
function instantOf(text: string): number {
  return Date.parse(/(Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text.replace(' ', 'T')}Z`);
}
