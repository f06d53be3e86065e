/** The official API's own account of what was used: requests and tokens, by key, member and model. */
import { z } from 'zod';
import { DAY, MINUTE } from '../../config/units.ts';
import { createSourceClient, type SourceClient, type SourceEndpoint } from '../fetch-source.ts';
import { formatInstant, isWithin, type Window } from '../instant.ts';
import type { Source, SourceAnswer, SourceError, SourceNote, SourceQuery } from '../source.ts';
import { readPages } from './pages.ts';
import { armOf, BILLED, type PriceBook, type Sum } from './sums.ts';

const NAME = 'the OpenAI usage API';

/** As many buckets as one page may hold. */
const MINUTES_PER_PAGE = 1_440;
const DAYS_PER_PAGE = 180;

/** The endpoints of the API, each with an account of its own. */
const USAGE_PATHS = ['/organization/usage/completions', '/organization/usage/embeddings'];
const COSTS_PATH = '/organization/costs';

export interface OpenaiOptions {
  /** `https://api.openai.com/v1` with an admin key (`sk-admin-…`). */
  readonly endpoint: SourceEndpoint;
  /** Only these projects of the organization; empty for all. */
  readonly projectIds?: readonly string[];
  readonly book: PriceBook;
}

const pageOf = <Result extends z.ZodType>(result: Result) =>
  z.object({
    data: z.array(z.object({ start_time: z.number(), end_time: z.number(), results: z.array(result) })),
    has_more: z.boolean(),
    next_page: z.string().nullish(),
  });

const count = z.int().min(0);
const usageSchema = pageOf(
  z.object({
    input_tokens: count,
    /** Embeddings have none. */
    output_tokens: count.nullish(),
    input_cached_tokens: count.nullish(),
    num_model_requests: count,
    model: z.string().nullish(),
    api_key_id: z.string().nullish(),
    user_id: z.string().nullish(),
  }),
);
const costsSchema = pageOf(
  z.object({
    // Written as a number, and by newer versions as a text, which is exact.
    amount: z.object({ value: z.coerce.number(), currency: z.string() }),
  }),
);

/**
 * The official arm by the organization's usage: attempts, tokens and their cost at official prices. It tells neither
 * latencies nor failures, and learns of requests some minutes late.
 *
 * The account is by whole minutes, so the window is moved to them: both its ends back to the last whole minute.
 * Wire format: `GET /organization/usage/{completions,embeddings}` and, for a note on whole days, `GET
 * /organization/costs`; pages by `has_more` and `next_page`.
 */
export function createOpenaiSource(options: OpenaiOptions): Source {
  const client = createSourceClient(NAME, options.endpoint);
  return {
    name: 'openai',
    arms: ['official'],
    async measure(query) {
      const window = wholeUnits(query.window, MINUTE);
      if (window.from === window.to) {
        return { kind: 'no-data', reason: `${NAME} counts by whole minutes, and this window has none.` };
      }
      const sums: Sum[] = [];
      for (const path of USAGE_PATHS) {
        const read = await readUsage(client, path, window, options, query.signal);
        if (read.kind === 'error') return read;
        sums.push(...read.sums);
      }
      const answered = answer(sums, query, options);
      if (answered.kind !== 'measured') return answered;
      return { ...answered, notes: await charged(client, query, options) };
    },
  };
}

function answer(sums: readonly Sum[], query: SourceQuery, { book }: OpenaiOptions): SourceAnswer {
  const summed = armOf(sums, 'official', query, book);
  if (summed.kind === 'error') return summed;
  return summed.counts === null
    ? { kind: 'no-data', reason: `${NAME} knows of no request in this window.` }
    : { kind: 'measured', arms: { official: summed.counts }, notes: [] };
}

async function readUsage(
  client: SourceClient,
  path: string,
  window: Window,
  options: OpenaiOptions,
  signal: AbortSignal | undefined,
): Promise<{ readonly kind: 'sums'; readonly sums: readonly Sum[] } | SourceError> {
  const buckets = await readBuckets(client, usageSchema, {
    path,
    window,
    signal,
    query: [
      ['bucket_width', '1m'],
      ['limit', MINUTES_PER_PAGE],
      ...['model', 'api_key_id', 'user_id'].map((field) => ['group_by[]', field] as const),
      ...projectsOf(options),
    ],
  });
  if (buckets.kind === 'error') return buckets;
  const sums = buckets.items.map(
    (result): Sum => ({
      ...BILLED,
      model: result.model ?? '',
      key: result.api_key_id ?? null,
      member: result.user_id ?? null,
      requests: result.num_model_requests,
      tokens: {
        input: result.input_tokens,
        cachedInput: Math.min(result.input_cached_tokens ?? 0, result.input_tokens),
        output: result.output_tokens ?? 0,
      },
      reportedUsd: null,
    }),
  );
  return { kind: 'sums', sums };
}

/**
 * What was charged for the whole UTC days of a window, which is more than tokens: the account is by days, so it cannot
 * say what a shorter window cost. Where it cannot be read, nothing is said: no measurement is lost for a note.
 */
async function charged(
  client: SourceClient,
  { window, signal }: SourceQuery,
  options: OpenaiOptions,
): Promise<SourceNote[]> {
  const days = { from: Math.ceil(window.from / DAY) * DAY, to: Math.floor(window.to / DAY) * DAY };
  if (days.from >= days.to) return [];
  const buckets = await readBuckets(client, costsSchema, {
    path: COSTS_PATH,
    window: days,
    signal,
    query: [['bucket_width', '1d'], ['limit', DAYS_PER_PAGE], ...projectsOf(options)],
  });
  if (buckets.kind === 'error') return [];
  const amounts = buckets.items.map(({ amount }) => amount);
  if (amounts.some(({ currency }) => currency.toLowerCase() !== 'usd')) return [];
  const usd = amounts.reduce((sum, { value }) => sum + value, 0).toFixed(2);
  const [first, end] = [formatInstant(days.from), formatInstant(days.to)].map((text) => text.slice(0, 10));
  const message = `OpenAI charged ${usd} USD from ${first} to the beginning of ${end} (whole UTC days), for all that was used then, tokens or not.`;
  return [{ reasonCode: 'charged', message }];
}

function projectsOf({ projectIds = [] }: OpenaiOptions) {
  return projectIds.map((id) => ['project_ids[]', id] as const);
}

interface BucketRequest {
  readonly path: string;
  readonly window: Window;
  readonly query: readonly (readonly [string, string | number])[];
  readonly signal: AbortSignal | undefined;
}

/** The results of all buckets that begin in the window. */
function readBuckets<Result>(
  client: SourceClient,
  schema: z.ZodType<{
    data: { start_time: number; results: Result[] }[];
    has_more: boolean;
    next_page?: string | null | undefined;
  }>,
  { path, window, query, signal }: BucketRequest,
) {
  return readPages<Result, string>(NAME, async (cursor) => {
    const answer = await client.ask({
      path,
      signal,
      query: [
        ['start_time', window.from / 1_000],
        ['end_time', window.to / 1_000],
        ...query,
        ...(cursor === null ? [] : [['page', cursor] as const]),
      ],
    });
    if (answer.kind === 'error') return answer;
    const page = schema.safeParse(answer.json);
    if (!page.success) return client.unreadable(path, 'JSON of another shape', 'a page of buckets');
    const { data, has_more: hasMore, next_page: next } = page.data;
    if (hasMore && !next) return client.unreadable(path, 'more pages, but none that is next', 'next_page');
    const items = data
      .filter(({ start_time: start }) => isWithin(window, start * 1_000))
      .flatMap(({ results }) => results);
    return { kind: 'page', items, next: hasMore && next ? next : null };
  });
}

function wholeUnits({ from, to }: Window, unit: number): Window {
  return { from: Math.floor(from / unit) * unit, to: Math.floor(to / unit) * unit };
}
