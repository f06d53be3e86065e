/** A New API platform's log: one line per request, with its quota. */
import { z } from 'zod';
import { classify } from '../../gateway/errors.ts';
import { parseJson } from '../../gateway/json.ts';
import { newApi } from '../../gateway/profiles/new-api.ts';
import type { ErrorClass } from '../../gateway/refusal.ts';
import { besideApi } from '../../gateway/url.ts';
import { createSourceClient, type SourceClient } from '../fetch-source.ts';
import { isWithin, type Window } from '../instant.ts';
import type { RequestRecord } from '../record.ts';
import type { Read, Source } from '../source.ts';
import { mayHaveCost } from './error-words.ts';
import { countLog, LOGGED, tokensOf } from './logged.ts';
import { readPages } from './pages.ts';
import type { PlatformOptions } from './sums.ts';

const NAME = 'New API';
const STATUS_PATH = '/api/status';

/** The most that the platform returns at once; some return fewer. */
const PAGE_SIZE = 100;

/** How often the list is read, if lines come in meanwhile. */
const READINGS = 3;

/** Types of a line; all others are about accounts and administration. */
const CONSUME = 2;
const ERROR = 5;
const REFUND = 6;

/** The name, in all languages, under which the platform logs its own tests of its channels. */
const CHANNEL_TEST = '模型测试';

/** The address with or without `/v1`, and a system access token, which is not an API key. */
export interface NewApiOptions extends PlatformOptions {
  /** Whose token it is; older versions require it in a separate header. */
  readonly userId?: string | null;
  /** `own`: the requests of the token's user; `all`: everybody's, for administrators. */
  readonly scope: 'own' | 'all';
}

const count = z.int().min(0);
const otherSchema = z
  .object({
    cache_tokens: count.nullish(),
    /** Milliseconds to the first token; negative without streaming. */
    frt: z.number().nullish(),
    status_code: z.int().nullish(),
    error_type: z.string().nullish(),
    error_code: z.union([z.string(), z.number()]).nullish(),
  })
  .catch({});
const lineSchema = z.object({
  /** Seconds since 1970, at the end of the request. The `id` is not unique. */
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
  /** JSON in a text; in newer versions plain JSON. */
  other: z.union([z.string().transform(parseJson).pipe(otherSchema), otherSchema]).nullish(),
});
type Line = z.output<typeof lineSchema>;
const pageSchema = z.object({ data: z.object({ total: count, items: z.array(lineSchema).nullable() }) });
const statusSchema = z.object({ data: z.object({ quota_per_unit: z.number().positive() }) });

/**
 * The gateway arm from New API's log of requests. It has failures only where its operator logs them
 * (`ERROR_LOG_ENABLED`), and its times are whole seconds.
 *
 * Wire format: `GET /api/log/self` (own) or `/api/log/` (administrators) with `p`, `page_size`, `type`,
 * `start_timestamp`, `end_timestamp` (both inclusive, seconds); US dollars are `quota` ÷ `quota_per_unit` of
 * `/api/status`.
 */
export function createNewApiSource({ endpoint, userId, scope, book }: NewApiOptions): Source {
  const headers = { ...endpoint.headers, ...(userId == null ? {} : { 'New-Api-User': userId }) };
  const baseUrl = besideApi(endpoint.baseUrl, '');
  const path = scope === 'own' ? '/api/log/self' : '/api/log/';
  return {
    name: 'new-api',
    arms: ['gateway'],
    async measure(query) {
      const client = createSourceClient(NAME, { ...endpoint, baseUrl, headers }, query.signal);
      const status = await client.read({ path: STATUS_PATH }, statusSchema, 'the quota per dollar');
      if (status.kind === 'error') return status;
      const { quota_per_unit: quotaPerUsd } = status.value.data;
      const lines = await readLines(client, path, query.window);
      if (lines.kind === 'error') return lines;
      const attempts = lines.value
        .filter(({ type, token_name: key }) => (type === CONSUME || type === ERROR) && key !== CHANNEL_TEST)
        .map((line) => attemptOf(line, quotaPerUsd));
      const refunds = lines.value
        .filter(({ type, created_at: at }) => type === REFUND && isWithin(query.window, at * 1_000))
        .map((line) => ({ ...payerOf(line), cost_usd: Math.abs(line.quota) / quotaPerUsd }));
      return countLog(NAME, attempts, refunds, query, book);
    },
  };
}

/** Pages count from the newest line, so a new line moves all others: the list is then read again. */
async function readLines(client: SourceClient, path: string, window: Window): Promise<Read<readonly Line[]>> {
  for (let reading = 0; reading < READINGS; reading++) {
    const lines = await readOnce(client, path, window);
    if (lines !== 'moved') return lines;
  }
  return client.unreadable(path, 'a list that changed while it was read', 'a window that is over');
}

async function readOnce(
  client: SourceClient,
  path: string,
  window: Window,
): Promise<Read<readonly Line[]> | 'moved'> {
  const range = [
    ['type', 0] as const,
    ['start_timestamp', Math.floor(window.from / 1_000)] as const,
    ['end_timestamp', Math.ceil(window.to / 1_000) - 1] as const,
  ];
  let total: number | null = null;
  let seen = 0;
  let moved = false;
  const list = await readPages<Line, number>(NAME, async (cursor) => {
    const page = cursor ?? 1;
    const request = { path, query: [['p', page] as const, ['page_size', PAGE_SIZE] as const, ...range] };
    const read = await client.read(request, pageSchema, 'a page of logged requests');
    if (read.kind === 'error') return read;
    const { data } = read.value;
    const items = data.items ?? [];
    seen += items.length;
    total ??= data.total;
    const complete = seen >= data.total;
    moved ||= data.total !== total || (items.length === 0 && !complete);
    return { kind: 'read', value: { items, next: complete || moved ? null : page + 1 } };
  });
  return list.kind === 'read' && moved ? 'moved' : list;
}

function attemptOf(line: Line, quotaPerUsd: number): RequestRecord {
  const error = line.type === ERROR ? errorOf(line) : null;
  const { frt = null, cache_tokens: cached } = line.other ?? {};
  const input = line.prompt_tokens;
  const used = error === null || !mayHaveCost(error) || input > 0;
  const usage = { input, cachedInput: Math.min(cached ?? 0, input), output: line.completion_tokens };
  // Both ends are cut to whole seconds, so it took less than one second more.
  const seconds = line.use_time + 1;
  return {
    ...LOGGED,
    ts: (line.created_at - seconds) * 1_000,
    duration_ms: seconds * 1_000,
    ttft_ms: line.is_stream && frt !== null && frt > 0 ? frt : undefined,
    ...payerOf(line),
    error: error ?? undefined,
    ...tokensOf(used ? usage : null, cached != null),
    cost_usd: Math.max(0, line.quota) / quotaPerUsd,
  };
}

function payerOf(line: Line): Pick<RequestRecord, 'model' | 'key' | 'member'> {
  return { model: line.model_name, key: line.token_name || undefined, member: line.username || undefined };
}

/** The text of the line is the platform's error message. */
function errorOf({ content, other }: Line): ErrorClass {
  const { error_code: code, error_type: type, status_code: status } = other ?? {};
  const json = { error: { message: content ?? '', code: code ?? null, type: type ?? null } };
  return classify({ status: status ?? 500, headers: {}, text: '', json }, newApi).class;
}
