/** The log of a New API platform: a line for each request, with its quota. */
import { z } from 'zod';
import { classify } from '../../gateway/errors.ts';
import { parseJson } from '../../gateway/json.ts';
import { newApi } from '../../gateway/profiles/new-api.ts';
import type { ErrorClass } from '../../gateway/refusal.ts';
import { besideApi } from '../../gateway/url.ts';
import { createSourceClient, type SourceClient, type SourceEndpoint } from '../fetch-source.ts';
import { isWithin } from '../instant.ts';
import type { Source, SourceError, SourceQuery } from '../source.ts';
import { mayHaveCost } from './error-words.ts';
import { countLog, type LoggedAttempt, type Refund } from './logged.ts';
import { type Page, readPages } from './pages.ts';
import type { PriceBook } from './sums.ts';

const NAME = 'New API';
const STATUS_PATH = '/api/status';

/** As many as the platform gives at once; some give fewer. */
const PAGE_SIZE = 100;

/** How often the list is read again where lines came in while it was read. */
const READINGS = 3;

/** Types of a line; others are of accounts and administration. */
const CONSUME = 2;
const ERROR = 5;
const REFUND = 6;

export interface NewApiOptions {
  /** The platform's address, with or without `/v1`, and a system access token, which is not an API key. */
  readonly endpoint: SourceEndpoint;
  /** Whose token it is; older versions ask for it in a header of its own. */
  readonly userId?: string;
  /** `own`: the requests of the token's user; `all`: everybody's, for administrators. */
  readonly scope: 'own' | 'all';
  readonly book: PriceBook;
}

const count = z.int().min(0);
const otherSchema = z
  .object({
    cache_tokens: count.nullish(),
    /** Milliseconds to the first token; negative where nothing was streamed. */
    frt: z.number().nullish(),
    status_code: z.int().nullish(),
    error_type: z.string().nullish(),
    error_code: z.union([z.string(), z.number()]).nullish(),
  })
  .catch({});
const lineSchema = z.object({
  /** Seconds since 1970, at the end of the request. `id` beside it repeats. */
  created_at: z.int(),
  type: z.int(),
  content: z.string().nullish(),
  token_name: z.string().nullish(),
  username: z.string().nullish(),
  model_name: z.string(),
  quota: z.number(),
  prompt_tokens: count,
  completion_tokens: count,
  /** Whole seconds. */
  use_time: z.number().min(0),
  is_stream: z.boolean().nullish(),
  /** JSON in a text, and in newer versions JSON. */
  other: z.union([z.string().transform(parseJson).pipe(otherSchema), otherSchema]).nullish(),
});
type Line = z.output<typeof lineSchema>;
const pageSchema = z.object({ data: z.object({ total: count, items: z.array(lineSchema).nullable() }) });
const statusSchema = z.object({ data: z.object({ quota_per_unit: z.number().positive() }) });

/**
 * The gateway arm by New API's log of requests. Failures are in it only where its operator logs them
 * (`ERROR_LOG_ENABLED`), and times are whole seconds.
 *
 * Wire format: `GET /api/log/self` (own) or `/api/log/` (administrators) with `p`, `page_size`, `type`,
 * `start_timestamp`, `end_timestamp` (both in it, seconds); US dollars are `quota` ÷ `quota_per_unit` of `/api/status`.
 */
export function createNewApiSource(options: NewApiOptions): Source {
  const { endpoint, userId } = options;
  const headers = { ...endpoint.headers, ...(userId === undefined ? {} : { 'New-Api-User': userId }) };
  const client = createSourceClient(NAME, { ...endpoint, baseUrl: besideApi(endpoint.baseUrl, ''), headers });
  return {
    name: 'new-api',
    arms: ['gateway'],
    async measure(query) {
      const quotaPerUsd = await readQuotaPerUsd(client, query.signal);
      if (typeof quotaPerUsd !== 'number') return quotaPerUsd;
      const lines = await readLines(client, options.scope, query);
      if (lines.kind === 'error') return lines;
      const isAttempt = ({ type }: Line) => type === CONSUME || type === ERROR;
      const attempts = lines.lines.filter(isAttempt).map((line) => attemptOf(line, quotaPerUsd));
      const refunds = lines.lines
        .filter(({ type, created_at: at }) => type === REFUND && isWithin(query.window, at * 1_000))
        .map((line) => refundOf(line, quotaPerUsd));
      const counted = countLog(NAME, { attempts, refunds }, query, options.book);
      if (counted.kind === 'no-data') return counted;
      return { kind: 'measured', arms: { gateway: counted.counts }, notes: [] };
    },
  };
}

async function readQuotaPerUsd(
  client: SourceClient,
  signal: AbortSignal | undefined,
): Promise<number | SourceError> {
  const answer = await client.ask({ path: STATUS_PATH, signal });
  if (answer.kind === 'error') return answer;
  const status = statusSchema.safeParse(answer.json);
  return status.success
    ? status.data.data.quota_per_unit
    : client.unreadable(STATUS_PATH, 'JSON without quota_per_unit', 'how much quota makes a dollar');
}

type Lines = { readonly kind: 'lines'; readonly lines: readonly Line[] };

/**
 * Pages are counted from the newest line, so that a line that comes in while they are read moves all others: then the
 * list is read again.
 */
async function readLines(
  client: SourceClient,
  scope: NewApiOptions['scope'],
  query: SourceQuery,
): Promise<Lines | SourceError> {
  const path = scope === 'own' ? '/api/log/self' : '/api/log/';
  for (let reading = 0; reading < READINGS; reading++) {
    const read = await readOnce(client, path, query);
    if (read !== 'moved') return read;
  }
  return client.unreadable(path, 'a list that changed while it was read', 'a window that is over');
}

async function readOnce(
  client: SourceClient,
  path: string,
  { window, signal }: SourceQuery,
): Promise<Lines | SourceError | 'moved'> {
  let total: number | null = null;
  let seen = 0;
  let moved = false;
  const list = await readPages<Line, number>(
    NAME,
    async (cursor): Promise<Page<Line, number> | SourceError> => {
      const page = cursor ?? 1;
      const answer = await client.ask({
        path,
        signal,
        query: [
          ['p', page],
          ['page_size', PAGE_SIZE],
          ['type', 0],
          ['start_timestamp', Math.floor(window.from / 1_000)],
          ['end_timestamp', Math.ceil(window.to / 1_000) - 1],
        ],
      });
      if (answer.kind === 'error') return answer;
      const parsed = pageSchema.safeParse(answer.json);
      if (!parsed.success)
        return client.unreadable(path, 'JSON of another shape', 'a page of logged requests');
      const { data } = parsed.data;
      const items = data.items ?? [];
      seen += items.length;
      total ??= data.total;
      const complete = seen >= data.total;
      moved ||= data.total !== total || (items.length === 0 && !complete);
      return { kind: 'page', items, next: complete || moved ? null : page + 1 };
    },
  );
  if (list.kind === 'error') return list;
  return moved ? 'moved' : { kind: 'lines', lines: list.items };
}

function attemptOf(line: Line, quotaPerUsd: number): LoggedAttempt {
  const error = line.type === ERROR ? errorOf(line) : null;
  const { frt = null, cache_tokens: cached } = line.other ?? {};
  const input = line.prompt_tokens;
  const used = error === null || !mayHaveCost(error) || input > 0;
  return {
    end: line.created_at * 1_000,
    // Both ends are cut to whole seconds: it took less than one more.
    durationMs: (line.use_time + 1) * 1_000,
    ttftMs: line.is_stream && frt !== null && frt > 0 ? frt : null,
    ...payerOf(line),
    error,
    usage: used ? { input, cachedInput: Math.min(cached ?? 0, input), output: line.completion_tokens } : null,
    usd: Math.max(0, line.quota) / quotaPerUsd,
  };
}

function refundOf(line: Line, quotaPerUsd: number): Refund {
  return { ...payerOf(line), usd: Math.abs(line.quota) / quotaPerUsd };
}

function payerOf(line: Line): Pick<LoggedAttempt, 'model' | 'key' | 'member'> {
  return { model: line.model_name, key: line.token_name || null, member: line.username || null };
}

/** The line's text is the platform's own error message. */
function errorOf({ content, other }: Line): ErrorClass {
  const { error_code: code, error_type: type, status_code: status } = other ?? {};
  const json = { error: { message: content ?? '', code: code ?? null, type: type ?? null } };
  return classify({ status: status ?? 500, headers: {}, text: '', json }, newApi).class;
}
