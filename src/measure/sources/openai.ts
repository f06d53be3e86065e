/** The official API's usage: requests and tokens, by key, member and model. */
import { z } from 'zod';
import { DAY } from '../../config/durations-and-shares.ts';
import { createSourceClient, type SourceClient } from '../fetch-source.ts';
import { formatInstant, isWithin, type Window } from '../instant.ts';
import { wholeMinute } from '../next-window.ts';
import { type Read, readEach, type Source, type SourceNote } from '../source.ts';
import { readPages } from './pages.ts';
import { BILLED, type PlatformOptions, resultOfSums, type Sum } from './sums.ts';

const NAME = 'the OpenAI usage API';

/** As many buckets as one page may hold. */
const MINUTES_PER_PAGE = 1_440;
const DAYS_PER_PAGE = 180;

const GROUPS = ['model', 'api_key_id', 'user_id'];

/** The endpoints of the API; each has its own usage, and what it can be grouped by. */
const USAGE = [
  { path: '/organization/usage/completions', groups: [...GROUPS, 'batch', 'service_tier'] },
  { path: '/organization/usage/embeddings', groups: GROUPS },
] as const;
type Api = (typeof USAGE)[number];
const COSTS_PATH = '/organization/costs';

/** With an admin key (`sk-admin-…`). */
export interface OpenaiOptions extends PlatformOptions {
  /** Only these projects of the organization; empty for all. */
  readonly projectIds?: readonly string[];
}

const bucketsOf = <Result>(result: z.ZodType<Result>) =>
  z.object({
    data: z.array(z.object({ start_time: z.number(), end_time: z.number(), results: z.array(result) })),
    has_more: z.boolean(),
    next_page: z.string().nullish(),
  });

const count = z.int().min(0);
const usageSchema = z.looseObject({
  input_tokens: count,
  /** Embeddings have none. */
  output_tokens: count.nullish(),
  input_cached_tokens: count.nullish(),
  num_model_requests: count,
  model: z.string().nullish(),
  api_key_id: z.string().nullish(),
  user_id: z.string().nullish(),
  batch: z.boolean().nullish(),
  service_tier: z.string().nullish(),
});
type UsageRow = z.output<typeof usageSchema>;
const costsSchema = z.object({
  // A number; in newer versions a text, which is exact.
  amount: z.object({ value: z.coerce.number(), currency: z.string() }),
});

/**
 * The official arm from the organization's usage: attempts, tokens and their cost at official prices. It has no
 * latencies and no failures, and includes requests some minutes late.
 *
 * Usage is by whole minutes, so both ends of the window are moved back to the last whole minute.
 * Wire format: `GET /organization/usage/{completions,embeddings}` and, for a note on whole days, `GET
 * /organization/costs`; pages by `has_more` and `next_page`.
 */
export function createOpenaiSource(options: OpenaiOptions): Source {
  return {
    name: 'openai',
    arms: ['official'],
    async measure(query) {
      const window = { from: wholeMinute(query.window.from), to: wholeMinute(query.window.to) };
      if (window.from === window.to) {
        return { kind: 'no-data', reason: `${NAME} counts by whole minutes, and this window contains none.` };
      }
      const client = createSourceClient(NAME, options.endpoint, query.signal);
      const read = await readEach(USAGE, (usage) => readUsage(client, usage, window, options));
      if (read.kind === 'error') return read;
      const sums = read.value.map(sumOf);
      const nothing = `${NAME} has no request in this window.`;
      const result = resultOfSums(sums, 'official', query, options.book, nothing);
      if (result.kind !== 'measured') return result;
      return { ...result, notes: await charged(client, query.window, options) };
    },
  };
}

function readUsage(client: SourceClient, { path, groups }: Api, window: Window, options: OpenaiOptions) {
  return readBuckets(client, usageSchema, path, window, [
    ['bucket_width', '1m'],
    ['limit', MINUTES_PER_PAGE],
    ...groups.map((field) => ['group_by[]', field] as const),
    ...projectsOf(options),
  ]);
}

function sumOf(usage: UsageRow): Sum {
  return {
    ...BILLED,
    model: usage.model ?? '',
    key: usage.api_key_id ?? null,
    member: usage.user_id ?? null,
    requests: usage.num_model_requests,
    tokens: {
      input: usage.input_tokens,
      cachedInput: Math.min(usage.input_cached_tokens ?? 0, usage.input_tokens),
      output: usage.output_tokens ?? 0,
    },
    cacheKnown: usage.input_cached_tokens != null,
    reportedUsd: null,
    officialPart: officialPartOf(usage),
  };
}

/** The service tiers at the list price; others cost more or less, or were paid in advance. */
const LIST_PRICED = ['', 'auto', 'default', 'standard'];

/** What the list price is for. Other tokens, such as those of audio and images or written to a cache, have their own. */
const LIST_PRICED_TOKENS = /^(input|output)(_(un)?cached)?(_text)?_tokens$/;

/** The Batch API costs half, but not every model has a discount for cached input within a batch. */
function officialPartOf(usage: UsageRow): number | null {
  const isOther = ([field, value]: [string, unknown]) =>
    value && field.endsWith('_tokens') && !LIST_PRICED_TOKENS.test(field);
  const isListed = LIST_PRICED.includes(usage.service_tier ?? '') && !Object.entries(usage).some(isOther);
  if (!isListed || (usage.batch && usage.input_cached_tokens)) return null;
  return usage.batch ? 0.5 : 1;
}

/**
 * What was charged for the whole UTC days of a window, which is more than tokens. Costs are by days, so they do not
 * show what a shorter window cost. If they cannot be read, there is no note: no measurement is lost for a note.
 */
async function charged(client: SourceClient, window: Window, options: OpenaiOptions): Promise<SourceNote[]> {
  const days = { from: Math.ceil(window.from / DAY) * DAY, to: Math.floor(window.to / DAY) * DAY };
  if (days.from >= days.to) return [];
  const buckets = await readBuckets(client, costsSchema, COSTS_PATH, days, [
    ['bucket_width', '1d'],
    ['limit', DAYS_PER_PAGE],
    ...projectsOf(options),
  ]);
  if (buckets.kind === 'error') return [];
  const amounts = buckets.value.map(({ amount }) => amount);
  if (amounts.some(({ currency }) => currency.toLowerCase() !== 'usd')) return [];
  const usd = amounts.reduce((sum, { value }) => sum + value, 0).toFixed(2);
  const [first, end] = [formatInstant(days.from), formatInstant(days.to)].map((text) => text.slice(0, 10));
  const message = `OpenAI charged ${usd} USD from ${first} to the beginning of ${end} (whole UTC days), for all usage, not only tokens.`;
  return [{ reasonCode: 'charged', message }];
}

function projectsOf({ projectIds = [] }: OpenaiOptions) {
  return projectIds.map((id) => ['project_ids[]', id] as const);
}

/** The results of all buckets that begin in the window. */
function readBuckets<Result>(
  client: SourceClient,
  schema: z.ZodType<Result>,
  path: string,
  window: Window,
  query: readonly (readonly [string, string | number])[],
): Promise<Read<readonly Result[]>> {
  const range = [['start_time', window.from / 1_000] as const, ['end_time', window.to / 1_000] as const];
  return readPages<Result, string>(NAME, async (cursor) => {
    const page = cursor === null ? [] : [['page', cursor] as const];
    const request = { path, query: [...range, ...query, ...page] };
    const read = await client.read(request, bucketsOf(schema), 'a page of buckets');
    if (read.kind === 'error') return read;
    const { data, has_more: hasMore, next_page: next } = read.value;
    if (hasMore && !next) return client.unreadable(path, 'has_more without a next page', 'next_page');
    const items = data
      .filter(({ start_time: start }) => isWithin(window, start * 1_000))
      .flatMap(({ results }) => results);
    return { kind: 'read', value: { items, next: hasMore && next ? next : null } };
  });
}
