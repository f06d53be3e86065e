/** The gateway's own prices of the config, in the form of the price table. */
import type { Config } from '../config/schema.ts';
import type { OwnPrices } from '../gateway/prices.ts';

/** @returns USD per million tokens by the model's name; empty if the config has none */
export function ownPricesOf({ measure }: Config): OwnPrices {
  const prices = Object.entries(measure?.prices ?? {});
  return Object.fromEntries(
    prices.map(([model, { cached_input, ...price }]) => [
      model,
      cached_input === null ? price : { ...price, cached_input },
    ]),
  );
}
