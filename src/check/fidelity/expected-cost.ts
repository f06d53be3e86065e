/** What a run will take, before it is sent. */
import { priceUsd } from '../../gateway/prices.ts';
import { isReasoningModel } from '../requests.ts';
import type { FidelityPlan } from './run.ts';

/** Of one question and its answer; a reasoning model thinks a little first. */
const TOKENS = { input: 22, cachedInput: 0, output: 3 };
const REASONING_TOKENS = { ...TOKENS, output: 130 };
/** Until enough border inputs are found, as a rule; and until the sibling is distinguished. */
const SEARCH = 1_200;
const SIBLING = 100;
/** Both arms, and the official API again in every third round. */
const PER_PAIR = 2 + 1 / 3;

/** @returns requests, and US dollars by the price table; a model without a price counts as a flagship */
export async function expectedCost({ model, sibling, pairs, prices, kept }: FidelityPlan) {
  const usage = isReasoningModel(model.name) ? REASONING_TOKENS : TOKENS;
  const of = async (name: string) =>
    (await priceUsd({ model: name, usage, ownPrices: prices })) ??
    (await priceUsd({ model: 'gpt-4o', usage })) ??
    0;
  const search = kept === null && !isReasoningModel(model.name) ? SEARCH : 0;
  const asked = Math.round(pairs * PER_PAIR) + search;
  const cost = asked * (await of(model.name)) + SIBLING * (await of(sibling));
  return { requests: asked + SIBLING, cost };
}
