/**
 * What an attempt cost, and what it would have cost at official prices. Attempts are priced one by one, since a
 * long-context tier must not be applied to a sum.
 */
import { type FlatPrice, type OfficialPrices, priceBy, type TIER_STARTS } from '../gateway/prices.ts';
import type { Usage } from '../gateway/usage.ts';
import type { KnownModel } from './models.ts';
import { usdToGrains } from './money.ts';
import type { RequestRecord } from './record.ts';

const DAY_MS = 86_400_000;
const NOTHING: Usage = { input: 0, cachedInput: 0, output: 0 };

/**
 * The attempt's tokens; null if unknown. A refusal, or a connection that was never made, used none; a timeout or a
 * broken stream may have used any number.
 */
export function usageOf(record: RequestRecord): Usage | null {
  const { input_tokens: input, cached_input_tokens: cached = 0, output_tokens: output = 0 } = record;
  if (input !== undefined) return { input, cachedInput: cached < input ? cached : input, output };
  const refused = record.status >= 400 || (record.status === 0 && record.error === 'unreachable');
  return refused ? NOTHING : null;
}

/**
 * The attempt's cost by the prices of its arm: the gateway's own price, else what the endpoint reported, else
 * the price table; on the official arm the table, else what the endpoint reported.
 * @param usage of {@link usageOf}
 * @param atOfficialPrices of {@link Pricing}
 * @returns grains of money.ts; null if unknown
 */
export function costOf(
  record: RequestRecord,
  model: KnownModel,
  usage: Usage | null,
  atOfficialPrices: number | null,
): number | null {
  if (usage !== null && model.ownPrice !== null) return usdToGrains(priceBy(model.ownPrice, usage));
  const reported = record.cost_usd === undefined ? null : usdToGrains(record.cost_usd);
  return record.arm === 'gateway' ? (reported ?? atOfficialPrices) : (atOfficialPrices ?? reported);
}

export class Pricing {
  readonly #official: OfficialPrices;
  readonly #flat = new Map<string, { readonly day: number; readonly price: FlatPrice | null }>();

  constructor(official: OfficialPrices) {
    this.#official = official;
  }

  /**
   * The cost of an attempt's tokens at the official prices of its day.
   * @param at when the attempt was made, milliseconds since 1970
   * @param attempts whose sum the usage is; each lies between the same two of {@link TIER_STARTS}
   * @returns grains of money.ts; null if unknown, never 0 for used tokens
   */
  atOfficialPrices(at: number, model: KnownModel, usage: Usage | null, attempts = 1): number | null {
    if (usage === null) return null;
    if (usage.input + usage.output === 0) return 0;
    if (model.officialName === null) return null;
    const flat = this.#flatPrice(model.officialName, at);
    const [input, cachedInput] = [usage.input / attempts, usage.cachedInput / attempts];
    const isFlat = flat !== null && input <= flat.upToInput;
    // Between two tiers, the mean attempt costs the mean.
    const mean = { input, cachedInput, output: usage.output / attempts };
    const one = isFlat ? null : this.#official.priceUsd(model.officialName, mean, at);
    const usd = isFlat ? priceBy(flat, usage) : one && one * attempts;
    // The output of a model that is priced by its input alone, such as one for embeddings, has no price.
    return usd === null || usd === 0 ? null : usdToGrains(usd);
  }

  /** Kept, because a look-up in the table takes longer than everything else that is done with a record. */
  #flatPrice(model: string, at: number): FlatPrice | null {
    const day = Math.floor(at / DAY_MS);
    const kept = this.#flat.get(model);
    if (kept?.day === day) return kept.price;
    const price = this.#official.flatPrice(model, at);
    this.#flat.set(model, { day, price });
    return price;
  }
}
