/** Counts of an arm from sums, for sources that report how many requests there were, but not each of them. */

import type { Arm } from '../../config/arms.ts';
import { type OfficialPrices, priceBy } from '../../gateway/prices.ts';
import type { Usage } from '../../gateway/usage.ts';
import { addCounts, addModels, addSpenders } from '../add.ts';
import type { SourceEndpoint } from '../fetch-source.ts';
import { type ArmCounts, type Counts, EMPTY_ARM, type SpenderSlice } from '../measurement.ts';
import type { KnownModel, PriceBook } from '../models.ts';
import { type Money, usdFromGrains, usdToGrains } from '../money.ts';
import { boundSlices } from '../sample.ts';
import { type Read, type SourceError, type SourceQuery, type SourceResult, sourceError } from '../source.ts';

/** A source's sums over the requests of one model, key and member. */
export interface Sum extends Pick<Counts, 'errorsByClass' | 'latency' | 'ttft'> {
  /** As the request named it; empty if unknown. */
  readonly model: string;
  readonly key: string | null;
  readonly member: string | null;
  /** Whether `requests` counts tasks with all their attempts, or attempts. */
  readonly counts: 'tasks' | 'attempts';
  readonly requests: number;
  /** null: the source does not report it. */
  readonly failed: number | null;
  /** null: the source does not report it. */
  readonly tokens: Usage | null;
  /** Whether it also reports how many input tokens were cached. */
  readonly cacheKnown: boolean;
  /** Requests that may have used unknown tokens; they stay unpriced. */
  readonly withoutUsage: number;
  /** US dollars, as the platform reports them; null if it does not. */
  readonly reportedUsd: number | null;
  /** The part of the official list price that is charged for these tokens; null: unknown. Default 1. */
  readonly officialPart?: number | null;
}

/** Where a platform is, with credentials that may read its usage, and by what it is priced. */
export interface PlatformOptions {
  readonly endpoint: SourceEndpoint;
  readonly book: PriceBook;
}

/** The fields of a sum that a source without times and failures leaves unknown. */
export const BILLED = {
  counts: 'attempts',
  failed: null,
  errorsByClass: {},
  latency: [],
  ttft: [],
  withoutUsage: 0,
} as const satisfies Partial<Sum>;

/**
 * The counts of an arm: the total of the sums that a stage counts, under the models' names in the code.
 *
 * Priced like single attempts (pricing.ts): by the gateway's own price, else by what the platform reported, else by
 * the official table of the day on which the window began.
 * @returns null where there is nothing to add up; an error if the stage counts only some models, and the source does
 * not name the model of every request
 */
export function countSums(
  sums: readonly Sum[],
  arm: Arm,
  { slice, without, window }: SourceQuery,
  book: PriceBook,
): Read<ArmCounts | null> {
  const isPart = slice !== null || without.length > 0;
  if (isPart && sums.some(({ requests, model }) => requests > 0 && model === '')) return modelsUnknown(slice);
  const counted = sums
    .map((sum) => ({ sum, model: book.models.of({ arm, model: sum.model }) }))
    .filter(({ model: { name } }) => (slice === null || name === slice) && !without.includes(name))
    .map(({ sum, model }) => countSum(sum, model, book.official, window.from));
  return { kind: 'read', value: counted.length === 0 ? null : armTotal(counted) };
}

/**
 * The result of a source for one arm.
 * @param nothing why there is no data, if there is none
 */
export function resultOfSums(
  sums: readonly Sum[],
  arm: Arm,
  query: SourceQuery,
  book: PriceBook,
  nothing: string,
): SourceResult {
  const counts = countSums(sums, arm, query, book);
  if (counts.kind === 'error') return counts;
  if (counts.value === null) return { kind: 'no-data', reason: nothing };
  return { kind: 'measured', arms: { [arm]: counts.value }, notes: [] };
}

/** Counts of one model, key and member. */
type Counted = ReturnType<typeof countSum>;

function armTotal(counted: readonly Counted[]): ArmCounts {
  const [first, ...rest] = counted.map(({ counts }) => counts);
  const sum = rest.reduce(addCounts, first ?? EMPTY_ARM);
  const nothingPriced = money(null, sum.tasks ?? sum.attempts ?? 0, 0);
  const isNamed = counted.some(({ model }) => model !== '');
  const models = counted.map(({ model, counts }) => ({ name: model, ...counts }));
  return {
    ...sum,
    // If tokens are reported without the requests that used them (Kong), either everything is priced or nothing.
    ...(counted.some(({ unseen }) => unseen.cost) && { cost: nothingPriced }),
    ...(counted.some(({ unseen }) => unseen.official) && { atOfficialPrices: nothingPriced }),
    byModel: isNamed ? boundSlices(models, addModels) : [],
    byKey: spenders(counted, ({ key }) => key),
    byMember: spenders(counted, ({ member }) => member),
  };
}

function spenders(
  counted: readonly Counted[],
  nameOf: (counted: Counted) => string | null,
): readonly SpenderSlice[] {
  const slices = counted.flatMap((each) => {
    const name = nameOf(each);
    if (name === null) return [];
    const { tasks, failedTasks, attempts, tokens, cost, retryCost, atOfficialPrices } = each.counts;
    return [{ name, tasks, failedTasks, attempts, tokens, cost, retryCost, atOfficialPrices }];
  });
  return boundSlices(slices, addSpenders);
}

function modelsUnknown(slice: string | null): SourceError {
  const reason = `The stage moves ${slice ?? 'all but some models'}, but the source does not name the model of every request. Add a label or field with the model to the source, or use stages of all traffic.`;
  return sourceError('models_unknown', reason);
}

/** Counts that are unknown where a source does not report single tasks. */
export const UNKNOWN_IN_SUMS = { retriedTasks: null, fallbacks: null, truncated: null, empty: null } as const;

function countSum(sum: Sum, model: KnownModel, official: OfficialPrices, at: number) {
  const { requests, failed, tokens, withoutUsage } = sum;
  const listUsd = tokens && officialPriceOfSum(model, tokens, official, at);
  const { officialPart: part = 1 } = sum;
  const officialUsd = listUsd && (part === null ? null : listUsd * part);
  const ownUsd = tokens && model.ownPrice && priceBy(model.ownPrice, tokens);
  const usd = ownUsd ?? sum.reportedUsd ?? officialUsd;
  // The platform's own cost also covers requests whose tokens are unknown.
  const uncovered = ownUsd === null && sum.reportedUsd !== null ? 0 : withoutUsage;
  const ofTasks = sum.counts === 'tasks';
  const counts: Counts = {
    tasks: ofTasks ? requests : null,
    failedTasks: ofTasks ? failed : null,
    attempts: ofTasks ? null : requests,
    failedAttempts: ofTasks ? null : failed,
    errorsByClass: sum.errorsByClass,
    ...UNKNOWN_IN_SUMS,
    ...(sum.cacheKnown || !tokens?.input ? {} : { cacheUnknown: tokens.input }),
    latency: sum.latency,
    ttft: sum.ttft,
    tokens: tokens && { ...tokens, unknown: withoutUsage },
    cost: money(usd, requests, uncovered),
    retryCost: money(null, requests, 0),
    atOfficialPrices: money(officialUsd, requests, withoutUsage),
  };
  // Tokens without a price and without a request, so that no count of unpriced requests shows them.
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
 * What summed tokens cost in USD by the official table; null if the price is unknown, or if one of the requests may be
 * so long that another price applies: a tier must not be applied to a sum.
 */
function officialPriceOfSum(
  { officialName }: KnownModel,
  tokens: Usage,
  official: OfficialPrices,
  at: number,
): number | null {
  // No tokens cost nothing, whatever the model.
  if (tokens.input + tokens.output === 0) return 0;
  const price = officialName === null ? null : official.flatPrice(officialName, at);
  const usd = price === null || tokens.input > price.upToInput ? null : priceBy(price, tokens);
  // The output of a model that is priced by its input alone has no price.
  return usd === 0 ? null : usd;
}

function money(usd: number | null, requests: number, withoutUsage: number): Money {
  if (usd === null) return { usd: 0, priced: 0, unpriced: requests };
  const unpriced = Math.min(withoutUsage, requests);
  return { usd: usdFromGrains(usdToGrains(usd)), priced: requests - unpriced, unpriced };
}
