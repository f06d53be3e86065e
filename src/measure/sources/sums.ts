/** Counts of an arm from sums: for sources that tell how many requests there were, but not each of them. */
import { type OwnPrices, priceUsd } from '../../gateway/prices.ts';
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
import { fromGrains, type Money, toGrains } from '../money.ts';
import type { Arm } from '../record.ts';
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
  readonly untold: number;
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
  untold: 0,
} as const satisfies Partial<Sum>;

/**
 * The counts of an arm, as the sum of these sums.
 *
 * Priced by the team's own prices, else by what the platform reported, else by the official table.
 * @param ownPrices of this arm; none for the official one
 */
export async function armOf(sums: readonly Sum[], ownPrices: OwnPrices = {}): Promise<ArmCounts> {
  const counted: Counted[] = [];
  for (const sum of sums) counted.push(await countSum(sum, ownPrices));
  const total = counted.map(({ counts }) => counts).reduce(addCounts, nothing(sums));
  const named = counted.some(({ sum }) => sum.model !== '');
  return {
    ...withUnseenCosts(total, counted),
    byModel: named ? slices(counted, ({ model }) => model, modelSlice, addModels) : [],
    byKey: slices(counted, ({ key }) => key, spenderSlice, addSpenders),
    byMember: slices(counted, ({ member }) => member, spenderSlice, addSpenders),
  };
}

/** The name in the code of what a source calls a model, where they differ: an alias, a snapshot. */
export type ModelNames = (model: string, arm: Arm) => string;

/**
 * The sums that a stage is about, under the models' names in the code.
 * @returns an error where the stage is about one model, and the source does not tell models apart
 */
export function chosenSums(
  sums: readonly Sum[],
  arm: Arm,
  { slice, without }: Pick<SourceQuery, 'slice' | 'without'>,
  modelNames: ModelNames = (model) => model,
): { readonly kind: 'sums'; readonly sums: readonly Sum[] } | SourceError {
  const named = sums.map((sum) => ({ ...sum, model: sum.model && modelNames(sum.model, arm) }));
  const busy = named.filter(({ requests }) => requests > 0);
  if ((slice !== null || without.length > 0) && busy.some(({ model }) => model === '')) {
    return {
      kind: 'error',
      reasonCode: 'models_unknown',
      reason: `The stage moves ${slice ?? 'all but some models'}, and the source does not name the model of every request. Expected a label or a field with the model; give the source one, or use stages of the whole traffic.`,
    };
  }
  const kept = named.filter(({ model }) => (slice === null || model === slice) && !without.includes(model));
  return { kind: 'sums', sums: kept };
}

interface Counted {
  readonly sum: Sum;
  readonly counts: Counts;
  /** What it cost, and what its tokens cost at official prices; null where that is not known. */
  readonly usd: number | null;
  readonly officialUsd: number | null;
}

/** What no source of sums can know: who was tried twice, and what a single answer held. */
const UNKNOWN = { fallbacks: null, truncated: null, empty: null } as const;

async function countSum(sum: Sum, ownPrices: OwnPrices): Promise<Counted> {
  const { model, requests, failed, tokens, untold } = sum;
  // Nothing used costs nothing, whatever the model.
  const officialUsd = tokens && (usesTokens(sum) ? await priceOfSum(model, tokens) : 0);
  const ownUsd =
    tokens && Object.hasOwn(ownPrices, model) ? await priceUsd({ model, usage: tokens, ownPrices }) : null;
  const usd = ownUsd ?? reportedUsd(sum, ownPrices) ?? officialUsd;
  // What the platform accounts for covers requests whose tokens nobody told as well.
  const uncovered = ownUsd === null && sum.reportedUsd !== null ? 0 : untold;
  const ofTasks = sum.counts === 'tasks';
  const counts: Counts = {
    tasks: ofTasks ? requests : null,
    failedTasks: ofTasks ? failed : null,
    attempts: ofTasks ? null : requests,
    failedAttempts: ofTasks ? null : failed,
    errorsByClass: sum.errorsByClass,
    ...UNKNOWN,
    latency: sum.latency,
    ttft: sum.ttft,
    tokens: tokens && { ...tokens, unknown: untold },
    cost: money(usd, requests, uncovered),
    retryCost: money(null, requests, 0),
    atOfficialPrices: money(officialUsd, requests, untold),
  };
  return { sum, counts, usd, officialUsd };
}

/** Platforms name models in their accounts otherwise than in their requests: what own prices cover counts once. */
function reportedUsd(sum: Sum, ownPrices: OwnPrices): number | null {
  const accountOnly = sum.requests === 0 && !usesTokens(sum);
  return accountOnly && Object.keys(ownPrices).length > 0 ? 0 : sum.reportedUsd;
}

/** Where nothing was counted: the same things are known and unknown as in what is added. */
function nothing(sums: readonly Sum[]): Counts {
  const first = sums[0];
  if (first === undefined) return EMPTY_ARM;
  const ofTasks = first.counts === 'tasks';
  const failed = first.failed === null ? null : 0;
  return {
    ...EMPTY_ARM,
    ...UNKNOWN,
    tasks: ofTasks ? 0 : null,
    failedTasks: ofTasks ? failed : null,
    attempts: ofTasks ? null : 0,
    failedAttempts: ofTasks ? null : failed,
  };
}

function money(usd: number | null, requests: number, untold: number): Money {
  if (usd === null) return { usd: 0, priced: 0, unpriced: requests };
  const unpriced = Math.min(untold, requests);
  return { usd: fromGrains(toGrains(usd)), priced: requests - unpriced, unpriced };
}

/**
 * Where tokens are told without the requests that used them (Kong), no count of requests would show that their price
 * is unknown: then none of it is priced.
 */
function withUnseenCosts(total: Counts, counted: readonly Counted[]): Counts {
  const unseen = counted.filter(({ sum }) => sum.requests === 0 && usesTokens(sum));
  const requests = counted.reduce((count, { sum }) => count + sum.requests, 0);
  const nothingPriced = money(null, requests, 0);
  return {
    ...total,
    cost: unseen.some(({ usd }) => usd === null) ? nothingPriced : total.cost,
    atOfficialPrices: unseen.some(({ officialUsd }) => officialUsd === null)
      ? nothingPriced
      : total.atOfficialPrices,
  };
}

function usesTokens({ tokens }: Sum): boolean {
  return tokens !== null && tokens.input + tokens.output > 0;
}

function slices<Slice extends { readonly name: string }>(
  counted: readonly Counted[],
  nameOf: (sum: Sum) => string | null,
  sliceOf: (name: string, counts: Counts) => Slice,
  add: (a: Slice, b: Slice) => Slice,
): readonly Slice[] {
  const named = new Map<string, Slice>();
  for (const { sum, counts } of counted) {
    const name = nameOf(sum);
    if (name === null) continue;
    const slice = sliceOf(name, counts);
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

/** Tokens of a request that no tier reaches, and of one beyond all tiers. */
const SMALL: Usage = { input: 1_000, cachedInput: 500, output: 1_000 };
const LARGE_TIMES = 100_000;

/**
 * What summed tokens cost by the official table in USD.
 * @returns null where the model is unknown, and where its price depends on the size of each request: a tier
 * applied to a sum is wrong
 */
export async function priceOfSum(model: string, tokens: Usage): Promise<number | null> {
  const [small, large, price] = await Promise.all([
    priceUsd({ model, usage: SMALL }),
    priceUsd({ model, usage: times(SMALL, LARGE_TIMES) }),
    priceUsd({ model, usage: tokens }),
  ]);
  if (small === null || large === null) return null;
  const tiered = Math.abs(large - small * LARGE_TIMES) > large * 1e-9;
  return tiered ? null : price;
}

function times({ input, cachedInput, output }: Usage, factor: number): Usage {
  return { input: input * factor, cachedInput: cachedInput * factor, output: output * factor };
}
