/** What a request costs, and what it could cost at most. */
import type { Usage } from './usage.ts';

/** USD per million tokens; without a price for cached input, it costs what other input costs. */
export interface OwnPrice {
  readonly input: number;
  readonly output: number;
  readonly cached_input?: number | undefined;
}

export type OwnPrices = Readonly<Record<string, OwnPrice>>;

const MILLION = 1_000_000;

/**
 * Stands in for an unknown price where a budget is guarded: that of a flagship model. The few dearer ones
 * (the `pro` line) are in the price table, so they are not unknown.
 */
const PESSIMISTIC: OwnPrice = { input: 5, output: 30 };

/** Two characters a token is dearer than any usual text: English has about four, JSON and code about three. */
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
  return own ? priceBy(own, usage) : officialPriceUsd(model, usage);
}

/**
 * What a request could cost at most, before it is sent; errs on the dear side. Costs nothing to be wrong about:
 * it reserves budget, and the real usage replaces it.
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

function priceBy(price: OwnPrice, usage: Usage): number {
  const cached = Math.min(usage.cachedInput, usage.input);
  const input = (usage.input - cached) * price.input + cached * (price.cached_input ?? price.input);
  return (input + usage.output * price.output) / MILLION;
}

async function officialPriceUsd(model: string, usage: Usage): Promise<number | null> {
  // Loaded when first needed: the table is nearly a megabyte, and most commands never price anything.
  const { calcPrice } = await import('@pydantic/genai-prices');
  const tokens = {
    input_tokens: usage.input,
    cache_read_tokens: Math.min(usage.cachedInput, usage.input),
    output_tokens: usage.output,
  };
  // Aggregators put the vendor before the model: `openai/gpt-4o`.
  const result = calcPrice(tokens, model.replace(/^openai\//, ''), { providerId: 'openai' });
  if (result === null) return null;
  // Models that are sold by the minute or the picture have no price for tokens: the table says 0.
  const used = usage.input + usage.output > 0;
  return used && result.total_price === 0 ? null : result.total_price;
}
