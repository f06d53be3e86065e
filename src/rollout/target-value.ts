/** The number that a target writes for a share: the share in percent, the rest to 100, or a fraction of 1. */
import type { TrafficValue } from '../config/schema/traffic.ts';
import type { Shares } from './effect.ts';
import { shareOfSlice } from './shares.ts';

/** Decimals that a share of the config can have; a fraction has two more. */
const DECIMALS = 6;

/** The number that is written for one value of a target. */
export function amountOf({ value, slice }: TrafficValue, shares: Shares): number {
  const share = shareOfSlice(shares, slice);
  if (value === 'fraction') return rounded(share / 100, DECIMALS + 2);
  return rounded(value === 'rest' ? 100 - share : share, DECIMALS);
}

/** The share in percent for which a number is written. */
export function shareOfAmount(value: TrafficValue['value'], amount: number): number {
  if (value === 'fraction') return amount * 100;
  return value === 'rest' ? 100 - amount : amount;
}

/** Whether two numbers are the same share, despite rounding. */
export function sameAmount(a: number, b: number): boolean {
  return Math.abs(a - b) < 10 ** -(DECIMALS + 3);
}

/** Digits only, without an exponent. */
export function formatAmount(amount: number): string {
  return amount.toFixed(DECIMALS + 2).replace(/\.?0+$/, '');
}

function rounded(number: number, decimals: number): number {
  return Number(number.toFixed(decimals));
}
