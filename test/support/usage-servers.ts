/** Servers that keep accounts as the platforms do, in their exact wire formats; each holds what it is given. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { sendJson, serve } from '../gateway/loopback.ts';

export interface UsageServer {
  /** The address that a source is given. */
  readonly baseUrl: string;
  /** Method and path with query of all requests so far. */
  readonly seen: string[];
  /** The next answers, before the ordinary ones go on. */
  readonly trouble: Trouble[];
}

/** What a server does in place of its answer. */
export type Trouble = (response: ServerResponse) => void;

export const refuse =
  (status: number, body: unknown, headers: Record<string, string> = {}): Trouble =>
  (response) =>
    sendJson(response, status, body, headers);

/** A page of something that stands before the platform, under whatever status. */
export const page =
  (status: number): Trouble =>
  (response) =>
    response
      .writeHead(status, { 'content-type': 'text/html' })
      .end('<!doctype html><html><head><title>Bad gateway</title></head><body>Sorry</body></html>');

/** A connection that breaks in the middle of the answer. */
export const breakOff: Trouble = (response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
  response.write('{"data": [');
  response.socket?.destroy();
};

type Answer = (url: URL, request: IncomingMessage) => unknown;

/** @param basePath what stands between the origin and the paths, e.g. `/v1` */
async function usageServer(
  basePath: string,
  authorized: (request: IncomingMessage) => boolean,
  unauthorized: unknown,
  answer: Answer,
): Promise<UsageServer> {
  const seen: string[] = [];
  const trouble: Trouble[] = [];
  const origin = await serve((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    const next = trouble.shift();
    if (next !== undefined) return next(response);
    if (!authorized(request)) return sendJson(response, 401, unauthorized);
    const url = new URL(request.url ?? '/', origin);
    const body = url.pathname.startsWith(basePath) ? answer(url, request) : undefined;
    return body === undefined
      ? sendJson(response, 404, { error: { message: `no route ${url.pathname}` } })
      : sendJson(response, 200, body);
  });
  return { baseUrl: `${origin}${basePath}`, seen, trouble };
}

const bearer = (token: string) => (request: IncomingMessage) =>
  request.headers.authorization === `Bearer ${token}`;

/** One result of the organization's usage, in the bucket of a minute. */
export interface OpenaiUsage {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly model: string;
  readonly api_key_id: string | null;
  readonly user_id: string | null;
  readonly project_id?: string;
  readonly num_model_requests: number;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly input_cached_tokens: number;
  readonly batch?: boolean;
  readonly service_tier?: string;
  readonly input_audio_tokens?: number;
  readonly output_image_tokens?: number;
  readonly input_cache_write_tokens?: number;
}

/** What was charged on a day, which is given in milliseconds since 1970. */
export interface OpenaiCost {
  readonly day: number;
  readonly usd: number;
}

/**
 * The administration API of the organization. Its key may not read costs where none are given.
 * @param pageSize a page never holds more buckets, whatever `limit` asks for
 */
export function openaiUsageServer(
  token: string,
  usage: readonly OpenaiUsage[],
  { costs, pageSize = 3 }: { readonly costs?: readonly OpenaiCost[]; readonly pageSize?: number } = {},
): Promise<UsageServer> {
  const bucketPage = (url: URL, width: number, resultsOf: (from: number) => unknown[]) =>
    pageOfBuckets(url, width, pageSize, resultsOf);
  const answers: Record<string, (url: URL) => unknown> = {
    '/v1/organization/usage/completions': (url) =>
      bucketPage(url, 60, (from) =>
        usage.filter(({ at }) => Math.floor(at / 60_000) * 60 === from).map((each) => resultOf(each, url)),
      ),
    '/v1/organization/usage/embeddings': (url) => bucketPage(url, 60, () => []),
    '/v1/organization/costs': (url) =>
      costs &&
      bucketPage(url, 86_400, (from) =>
        costs
          .filter(({ day }) => day / 1_000 === from)
          .map(({ usd }) => ({
            object: 'organization.costs.result',
            amount: { value: usd, currency: 'usd' },
            line_item: null,
            project_id: null,
          })),
      ),
  };
  const unauthorized = {
    error: {
      message: `Incorrect API key provided: ${token.slice(0, 8)}***. You can find your API key at the dashboard.`,
      type: 'invalid_request_error',
      param: null,
      code: 'invalid_api_key',
    },
  };
  return usageServer('/v1', bearer(token), unauthorized, (url) => answers[url.pathname]?.(url));
}

/** Fields that are not grouped by are null, as on the wire. */
function resultOf({ at: _, ...usage }: OpenaiUsage, url: URL) {
  const groups = url.searchParams.getAll('group_by[]');
  const grouped = (field: 'model' | 'api_key_id' | 'user_id' | 'batch' | 'service_tier') =>
    groups.includes(field) ? (usage[field] ?? null) : null;
  return {
    object: 'organization.usage.completions.result',
    ...usage,
    model: grouped('model'),
    api_key_id: grouped('api_key_id'),
    user_id: grouped('user_id'),
    project_id: null,
    batch: grouped('batch'),
    service_tier: grouped('service_tier'),
  };
}

function pageOfBuckets(
  url: URL,
  width: number,
  most: number,
  resultsOf: (from: number) => unknown[],
): unknown {
  const parameter = (name: string) => Number(url.searchParams.get(name));
  const first = Number(url.searchParams.get('page')?.slice('page_'.length) ?? parameter('start_time'));
  const end = parameter('end_time');
  const size = Math.min(parameter('limit'), most);
  const starts = Array.from({ length: size }, (_, index) => first + index * width).filter(
    (start) => start < end,
  );
  const next = first + size * width;
  return {
    object: 'page',
    data: starts.map((start) => ({
      object: 'bucket',
      start_time: start,
      end_time: start + width,
      results: resultsOf(start),
    })),
    has_more: next < end,
    next_page: next < end ? `page_${next}` : null,
  };
}

/** A row of LiteLLM's log, of which the server reads the time alone. */
export type LitellmRow = Readonly<Record<string, unknown>> & { readonly startTime: string };

/** LiteLLM's proxy: `end_date` means the first moment of that day. */
export function litellmServer(
  token: string,
  rows: readonly LitellmRow[],
  dailyRequests: number,
): Promise<UsageServer> {
  const unauthorized = {
    error: { message: 'Authentication Error', type: 'auth_error', param: 'None', code: '401' },
  };
  return usageServer('', bearer(token), unauthorized, (url) => {
    const day = (name: string) => Date.parse(`${url.searchParams.get(name)}T00:00:00Z`);
    if (url.pathname === '/user/daily/activity') {
      const metadata = { total_api_requests: dailyRequests, page: 1, total_pages: 1, has_more: false };
      return { results: [], metadata };
    }
    if (url.pathname !== '/spend/logs' || url.searchParams.get('summarize') !== 'false') return undefined;
    return rows.filter(({ startTime }) => {
      const at = Date.parse(startTime);
      return at >= day('start_date') && at <= day('end_date');
    });
  });
}

/** A line of New API's log, of which the server reads the time and the type alone. */
export type NewApiLine = Readonly<Record<string, unknown>> & {
  readonly created_at: number;
  readonly type: number;
};

export interface NewApiServer extends UsageServer {
  /** Newest first, as the platform lists them. */
  readonly lines: NewApiLine[];
}

/** New API; the platform caps the size of a page, here at 2, whatever is asked for. */
export async function newApiServer(
  token: string,
  userId: string,
  lines: NewApiLine[],
  beforePage: (page: number, lines: NewApiLine[]) => void = () => {},
): Promise<NewApiServer> {
  const authorized = ({ headers, url }: IncomingMessage) =>
    url === '/api/status' ||
    (headers.authorization === `Bearer ${token}` && headers['new-api-user'] === userId);
  const unauthorized = { success: false, message: '无权进行此操作，access token 无效' };
  const server = await usageServer('', authorized, unauthorized, (url) => {
    if (url.pathname === '/api/status')
      return { success: true, data: { quota_per_unit: 500_000, version: 'v1' } };
    if (url.pathname !== '/api/log/self' && url.pathname !== '/api/log/') return undefined;
    const parameter = (name: string) => Number(url.searchParams.get(name));
    beforePage(parameter('p'), lines);
    const inside = lines.filter(
      ({ created_at: at }) => at >= parameter('start_timestamp') && at <= parameter('end_timestamp'),
    );
    const size = Math.min(parameter('page_size'), 2);
    const items = inside.slice((parameter('p') - 1) * size, parameter('p') * size);
    const data = { page: parameter('p'), page_size: size, total: inside.length, items };
    return { success: true, message: '', data };
  });
  return { ...server, lines };
}

/** OpenRouter's management API. */
export function openrouterServer(token: string, activity: readonly unknown[]): Promise<UsageServer> {
  const unauthorized = { error: { message: 'User not found.', code: 401 } };
  return usageServer('/api/v1', bearer(token), unauthorized, (url) => {
    return url.pathname === '/api/v1/activity' ? { data: activity } : undefined;
  });
}
