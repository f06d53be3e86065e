/** What a fidelity run needs to know, and what it will take. */
import type { EndpointAccess } from '../../gateway/forward.ts';
import { type OwnPrices, priceUsd } from '../../gateway/prices.ts';
import { LEAST_PAIRS } from '../../judge/pairs/fidelity-verdict.ts';
import { type Form, formOf } from '../forms.ts';
import type { Meter } from '../meter.ts';
import { siblingOf } from '../models-in-use.ts';
import type { CheckPlan, ModelInUse } from '../plan.ts';
import { isReasoningModel } from '../requests.ts';
import type { KeptFidelity } from './report.ts';

export interface FidelityPlan {
  readonly gateway: EndpointAccess;
  readonly official: EndpointAccess;
  readonly model: ModelInUse;
  /** The endpoint that is asked. */
  readonly form: Form;
  /** A cheaper official model that must be told apart. */
  readonly sibling: string;
  readonly pairs: number;
  readonly prices: OwnPrices;
  readonly timeoutMs: number;
  /** What earlier runs learnt and proved; null for the first. */
  readonly kept: KeptFidelity | null;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** Counts the run's requests, and stops it. */
  readonly meter: Meter;
}

/** Enough for a shift of a tenth of the answers. */
export const MOST_PAIRS = 1_500;

/** A run within a check, of what the check leaves of its budget; null without both keys. */
export function fidelityPlan(plan: CheckPlan, model: ModelInUse, meter: Meter): FidelityPlan | null {
  const { gateway, official, client, prices } = plan;
  const { apiKey } = gateway;
  if (official === null || apiKey === null) return null;
  return {
    gateway: { ...gateway, apiKey },
    official: { ...official, headers: {} },
    model,
    form: formOf(plan),
    sibling: siblingOf(model),
    pairs: MOST_PAIRS,
    prices,
    timeoutMs: client.timeoutMs,
    kept: null,
    random: Math.random,
    meter,
  };
}

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
