/** Counts of an arm from sums: for sources that tell how many requests there were, but not each of them. */
import { type OfficialPrices, priceBy } from '../../gateway/prices.ts';
import type { Usage } from '../../gateway/usage.ts';
import { addCounts, addModels, addSpenders } from '../add.ts';
import type { Histogram } from '../histogram.ts';
import {
  type ArmCounts,
  type Counts,
  EMPTY_ARM,
  type ModelSlice,
  type SpenderSlice,
} from '../measurement.ts';
import type { KnownModel, ModelBook } from '../models.ts';
import { type Money, usdFromGrains, usdToGrains } from '../money.ts';
import { type Arm, EARLIEST_MS, requestRecordSchema } from '../record.ts';
import { boundSlices } from '../sample.ts';
import type { SourceError, SourceQuery } from '../source.ts';

/** What a source sums up over requests of one model. */
export interface Sum {
  /** As the request named it; empty where it is not known. */
  readonly model: string;
  readonly key: string | null;
  readonly member: string | null;
  /** Whether `requests` counts tasks with all their attempts, or attempts. */
  readonly counts: 'tasks' | 'attempts';
  readonly requests: number;
  /** null: the source does not tell. */
  readonly failed: number | null;
  readonly errorsByClass: Readonly<Record<string, number>>;
  readonly latency: Histogram;
  readonly ttft: Histogram;
  /** null: the source does not tell. */
  readonly tokens: Usage | null;
  /** Requests that may have used tokens which nobody told; they stay unpriced. */
  readonly withoutUsage: number;
  /** US dollars, as the platform itself accounts for them; null where it does not. */
  readonly reportedUsd: number | null;
}

/** What of a sum a source that only bills can tell. */
export const BILLED = {
  counts: 'attempts',
  failed: null,
  errorsByClass: {},
  latency: [],
  ttft: [],
  withoutUsage: 0,
} as const satisfies Partial<Sum>;

/** What names and prices of models are known. */
export interface PriceBook {
  readonly models: ModelBook;
  readonly official: OfficialPrices;
}

/**
 * The counts of an arm, as the sum of those sums that a stage is about, under the models' names in the code.
 *
 * Priced like single attempts (pricing.ts): by the gateway's own price, else by what the platform reported, else by
 * the official table of the day on which the window began.
 * @returns null where there is nothing to sum up; an error where the stage is about one model, and the source does not
 * tell models apart
 */
export function armOf(
  sums: readonly Sum[],
  arm: Arm,
  query: SourceQuery,
  book: PriceBook,
): { readonly kind: 'arm'; readonly counts: ArmCounts | null } | SourceError {
  const { slice, without } = query;
  const named = sums.map((sum) => ({ sum, model: modelNamed(book, arm, sum.model) }));
  if (
    (slice !== null || without.length > 0) &&
    named.some(({ sum }) => sum.requests > 0 && sum.model === '')
  ) {
    return modelsUnknown(slice);
  }
  const counted = named
    .filter(({ model: { name } }) => (slice === null || name === slice) && !without.includes(name))
    .map(({ sum, model }) => countSum(sum, model, book.official, query.window.from));
  return { kind: 'arm', counts: counted.length === 0 ? null : totalOf(counted) };
}

/** Counts of one model, key and member. */
export interface Counted {
  /** Its name in the code. */
  readonly model: string;
  readonly key: string | null;
  readonly member: string | null;
  readonly counts: Counts;
  /** Tokens without a price that no request stands for, so that no count of requests shows it. */
  readonly unseen: { readonly cost: boolean; readonly official: boolean };
}

/** The counts of an arm, and its slices. */
export function totalOf(counted: readonly Counted[]): ArmCounts {
  const [first, ...rest] = counted.map(({ counts }) => counts);
  const sum = rest.reduce(addCounts, first ?? EMPTY_ARM);
  const named = counted.some(({ model }) => model !== '');
  return {
    ...sum,
    // Where tokens are told without the requests that used them (Kong), all is priced or nothing.
    cost: counted.some(({ unseen }) => unseen.cost) ? nothingPriced(sum) : sum.cost,
    atOfficialPrices: counted.some(({ unseen }) => unseen.official)
      ? nothingPriced(sum)
      : sum.atOfficialPrices,
    byModel: named ? slices(counted, ({ model }) => model, modelSlice, addModels) : [],
    byKey: slices(counted, ({ key }) => key, spenderSlice, addSpenders),
    byMember: slices(counted, ({ member }) => member, spenderSlice, addSpenders),
  };
}

function nothingPriced({ tasks, attempts }: Counts): Money {
  return money(null, tasks ?? attempts ?? 0, 0);
}

/** What is known of a model that a source names. */
export function modelNamed(book: PriceBook, arm: Arm, name: string): KnownModel {
  return book.models.of({ ...SOME_ATTEMPT, arm, model: name });
}

/** Models are looked up by attempts; of those of a sum, no more is known. */
const SOME_ATTEMPT = requestRecordSchema.parse({
  ts: EARLIEST_MS,
  arm: 'gateway',
  attempt: 0,
  endpoint: '/',
  model: '',
  status: 0,
  duration_ms: 0,
});

function modelsUnknown(slice: string | null): SourceError {
  return {
    kind: 'error',
    reasonCode: 'models_unknown',
    reason: `The stage moves ${slice ?? 'all but some models'}, and the source does not name the model of every request. Expected a label or a field with the model; give the source one, or use stages of the whole traffic.`,
  };
}

/** What cannot be known of single tasks where they are not seen one by one. */
export const UNKNOWN_IN_SUMS = { fallbacks: null, truncated: null, empty: null } as const;

function countSum(sum: Sum, model: KnownModel, official: OfficialPrices, at: number): Counted {
  const { requests, failed, tokens, withoutUsage } = sum;
  const officialUsd = tokens && officialPriceOfSum(model, tokens, official, at);
  const ownUsd = tokens && model.ownPrice && priceBy(model.ownPrice, tokens);
  const usd = ownUsd ?? sum.reportedUsd ?? officialUsd;
  // What the platform accounts for covers requests whose tokens nobody told as well.
  const uncovered = ownUsd === null && sum.reportedUsd !== null ? 0 : withoutUsage;
  const ofTasks = sum.counts === 'tasks';
  const counts: Counts = {
    tasks: ofTasks ? requests : null,
    failedTasks: ofTasks ? failed : null,
    attempts: ofTasks ? null : requests,
    failedAttempts: ofTasks ? null : failed,
    errorsByClass: sum.errorsByClass,
    ...UNKNOWN_IN_SUMS,
    latency: sum.latency,
    ttft: sum.ttft,
    tokens: tokens && { ...tokens, unknown: withoutUsage },
    cost: money(usd, requests, uncovered),
    retryCost: money(null, requests, 0),
    atOfficialPrices: money(officialUsd, requests, withoutUsage),
  };
  const unseen = requests === 0 && tokens !== null && tokens.input + tokens.output > 0;
  return {
    model: model.name,
    key: sum.key,
    member: sum.member,
    counts,
    unseen: { cost: unseen && usd === null, official: unseen && officialUsd === null },
  };
}

/**
 * What summed tokens cost by the official table in USD; null where the price is not known, and where a request among
 * them may be so long that another price holds for it: a tier that is applied to a sum is wrong.
 */
function officialPriceOfSum(
  { officialName }: KnownModel,
  tokens: Usage,
  official: OfficialPrices,
  at: number,
): number | null {
  // Nothing used costs nothing, whatever the model.
  if (tokens.input + tokens.output === 0) return 0;
  const price = officialName === null ? null : official.flatPrice(officialName, at);
  const usd = price === null || tokens.input > price.upToInput ? null : priceBy(price, tokens);
  // Output of a model that is only sold by its input has no price.
  return usd === 0 ? null : usd;
}

function money(usd: number | null, requests: number, withoutUsage: number): Money {
  if (usd === null) return { usd: 0, priced: 0, unpriced: requests };
  const unpriced = Math.min(withoutUsage, requests);
  return { usd: usdFromGrains(usdToGrains(usd)), priced: requests - unpriced, unpriced };
}

function slices<Slice extends { readonly name: string }>(
  counted: readonly Counted[],
  nameOf: (counted: Counted) => string | null,
  sliceOf: (name: string, counts: Counts) => Slice,
  add: (a: Slice, b: Slice) => Slice,
): readonly Slice[] {
  const named = new Map<string, Slice>();
  for (const each of counted) {
    const name = nameOf(each);
    if (name === null) continue;
    const slice = sliceOf(name, each.counts);
    const before = named.get(name);
    named.set(name, before === undefined ? slice : add(before, slice));
  }
  return boundSlices(named, add);
}

const modelSlice = (name: string, counts: Counts): ModelSlice => ({ name, ...counts });

const spenderSlice = (name: string, counts: Counts): SpenderSlice => ({
  name,
  tasks: counts.tasks,
  failedTasks: counts.failedTasks,
  attempts: counts.attempts,
  tokens: counts.tokens,
  cost: counts.cost,
  retryCost: counts.retryCost,
  atOfficialPrices: counts.atOfficialPrices,
});
