/** What a request costs, and what it could cost at most. */
import type { ModelInfo, TieredPrices } from '@pydantic/genai-prices';
import type { Usage } from './usage.ts';

/** USD per million tokens. Without a price of its own, cached input costs as much as other input. */
export interface OwnPrice {
  readonly input: number;
  readonly output: number;
  readonly cached_input?: number | undefined;
}

export type OwnPrices = Readonly<Record<string, OwnPrice>>;

const MILLION = 1_000_000;

/**
 * Used to guard a budget where the price is unknown: the price of a flagship model. The few more expensive models
 * (the `pro` line) are in the price table.
 */
export const PESSIMISTIC: OwnPrice = { input: 5, output: 30 };

/** Two characters per token is more expensive than any usual text: English has about four, JSON and code about three. */
const CHARS_PER_TOKEN = 2;

/**
 * The price of one request in USD: by the team's own prices, else by the official price table (cached input and
 * long-context tiers included). Price requests one by one: a tier applied to a sum of requests is wrong.
 *
 * @returns null where the price is unknown; never 0 for used tokens
 */
export async function priceUsd(request: {
  readonly model: string;
  readonly usage: Usage;
  readonly ownPrices?: OwnPrices | undefined;
}): Promise<number | null> {
  const { model, usage, ownPrices } = request;
  const own = ownPrices && Object.hasOwn(ownPrices, model) ? ownPrices[model] : undefined;
  return own ? priceBy(own, usage) : (await loadOfficialPrices()).priceUsd(model, usage, Date.now());
}

/**
 * What a request could cost at most, before it is sent. It errs on the high side, which does no harm: it only reserves
 * budget until the real usage replaces it.
 *
 * @param request.inputChars length of the request's body as JSON
 * @param request.maxOutputTokens the request's own limit, 0 for a request without output (embeddings)
 */
export async function upperBoundUsd(request: {
  readonly model: string;
  readonly inputChars: number;
  readonly maxOutputTokens: number;
  readonly ownPrices?: OwnPrices | undefined;
}): Promise<number> {
  const { model, inputChars, maxOutputTokens, ownPrices } = request;
  const usage = { input: Math.ceil(inputChars / CHARS_PER_TOKEN), cachedInput: 0, output: maxOutputTokens };
  return (await priceUsd({ model, usage, ownPrices })) ?? priceBy(PESSIMISTIC, usage);
}

/** The cost in USD of tokens at a price. */
export function priceBy(price: OwnPrice, usage: Usage): number {
  const cached = Math.min(usage.cachedInput, usage.input);
  const input = (usage.input - cached) * price.input + cached * (price.cached_input ?? price.input);
  return (input + usage.output * price.output) / MILLION;
}

/** The official price table, to price many requests. `at` is in milliseconds since 1970. */
export interface OfficialPrices {
  /** USD of one request; null where the price is unknown, never 0 for used tokens. */
  priceUsd(model: string, usage: Usage, at: number): number | null;
  /** The table's entry, the same for all names of one model; null for a model that is not in the table. */
  entryOf(model: string): string | null;
  /** The prices that apply all day on the day of `at`, up to a request size; null where there are none. */
  flatPrice(model: string, at: number): FlatPrice | null;
}

/** A price for requests up to a number of input tokens; a long-context tier begins above it. */
export interface FlatPrice extends OwnPrice {
  readonly upToInput: number;
}

export async function loadOfficialPrices(): Promise<OfficialPrices> {
  // Loaded on first use: the table is nearly a megabyte, and most commands never price anything.
  const { calcPrice } = await import('@pydantic/genai-prices');
  const lookUp = (model: string, usage: Usage, at: number) => {
    const tokens = {
      input_tokens: usage.input,
      cache_read_tokens: Math.min(usage.cachedInput, usage.input),
      output_tokens: usage.output,
    };
    // Aggregators put the vendor before the model: `openai/gpt-4o`.
    const name = model.replace(/^openai\//, '');
    return calcPrice(tokens, name, { providerId: 'openai', timestamp: new Date(at) });
  };
  return {
    priceUsd(model, usage, at) {
      const result = lookUp(model, usage, at);
      if (result === null) return null;
      // Models sold by the minute or by the picture have no price per token: the table says 0.
      const used = usage.input + usage.output > 0;
      return used && result.total_price === 0 ? null : result.total_price;
    },
    entryOf: (model) => lookUp(model, ONE_TOKEN, Date.now())?.model.id ?? null,
    flatPrice(model, at) {
      const { model_price: price, model: entry } = lookUp(model, ONE_TOKEN, at) ?? {};
      if (price === undefined || entry === undefined || changesWithinDay(entry.prices)) return null;
      const input = baseOf(price.input_mtok);
      const output = baseOf(price.output_mtok ?? 0);
      const cached = baseOf(price.cache_read_mtok ?? price.input_mtok);
      if (input === null || output === null || cached === null || input.usd === 0) return null;
      return {
        input: input.usd,
        cached_input: cached.usd,
        output: output.usd,
        upToInput: Math.min(input.upTo, output.upTo, cached.upTo),
      };
    },
  };
}

/**
 * All sizes above which an official price changes, in input tokens. Requests between two of them can be priced by their
 * sum.
 */
export const TIER_STARTS: readonly number[] = [271_999, 272_000];

const ONE_TOKEN: Usage = { input: 1, cachedInput: 0, output: 0 };

/** A price per million tokens, and the request size up to which it applies. */
function baseOf(price: number | TieredPrices | undefined): { usd: number; upTo: number } | null {
  if (price === undefined) return null;
  if (typeof price === 'number') return { usd: price, upTo: Infinity };
  return { usd: price.base, upTo: Math.min(...price.tiers.map(({ start }) => start)) };
}

function changesWithinDay(prices: ModelInfo['prices']): boolean {
  return Array.isArray(prices) && prices.some(({ constraint }) => constraint?.type === 'time_of_date');
}
