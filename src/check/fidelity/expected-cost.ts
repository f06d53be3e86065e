/** What a run will take, before it is sent. */
import { priceUsd } from '../../gateway/prices.ts';
import { LEAST_PAIRS } from '../../judge/pairs/fidelity-verdict.ts';
import { isReasoningModel } from '../requests.ts';
import type { FidelityPlan } from './plan.ts';

type Asked = Pick<FidelityPlan, 'model' | 'sibling' | 'pairs' | 'prices' | 'kept'>;

/** Of one question and its answer; a reasoning model thinks a little first. */
const TOKENS = { input: 22, cachedInput: 0, output: 3 };
const REASONING_TOKENS = { ...TOKENS, output: 130 };
/** Until enough border inputs are found, as a rule. */
const SEARCH = 1_200;
/** Both arms, and the official API again in every third round. */
const PER_PAIR = 2 + 1 / 3;

/** @returns requests, their tokens, and US dollars by the price table; a model without a price counts as a flagship */
export async function expectedCost({ model, sibling, pairs, prices, kept }: Asked) {
  const usage = isReasoningModel(model) ? REASONING_TOKENS : TOKENS;
  const of = async (name: string) =>
    (await priceUsd({ model: name, usage, ownPrices: prices })) ??
    (await priceUsd({ model: 'gpt-4o', usage })) ??
    0;
  const search = kept === null && !isReasoningModel(model) ? SEARCH : 0;
  const asked = Math.round(pairs * PER_PAIR) + search;
  const cost = asked * (await of(model.name)) + LEAST_PAIRS * (await of(sibling));
  const requests = asked + LEAST_PAIRS;
  return { requests, tokens: requests * (usage.input + usage.output), cost };
}
