/** Sums of US dollars that add up exactly, and say how many tasks they cover. */
import { z } from 'zod';

export const moneySchema = z.object({
  /** US dollars of the priced tasks. */
  usd: z.number().min(0),
  /** Tasks whose cost is known. */
  priced: z.int().min(0),
  /** Tasks whose cost is unknown; they are in no sum, and never count as 0. */
  unpriced: z.int().min(0),
});

export type Money = Readonly<z.output<typeof moneySchema>>;

export const NO_MONEY: Money = { usd: 0, priced: 0, unpriced: 0 };

/**
 * Costs are whole multiples of a grain, 1e-10 USD, so sums do not depend on their order. A token whose price per million
 * has at most four decimals costs a whole number of grains. Sums are exact up to 200,000 USD.
 */
const GRAINS_PER_USD = 1e10;

/** The nearest whole number of grains. */
export function usdToGrains(usd: number): number {
  return Math.round(usd * GRAINS_PER_USD);
}

export function usdFromGrains(grains: number): number {
  return grains / GRAINS_PER_USD;
}

/** US dollars per priced task; null without any. */
export function meanOf({ usd, priced }: Money): number | null {
  return priced === 0 ? null : usd / priced;
}

export function addMoney(a: Money, b: Money): Money {
  return {
    usd: usdFromGrains(usdToGrains(a.usd) + usdToGrains(b.usd)),
    priced: a.priced + b.priced,
    unpriced: a.unpriced + b.unpriced,
  };
}
