/** What a fidelity run needs to know. */
import type { EndpointAccess } from '../../gateway/forward.ts';
import type { OwnPrices } from '../../gateway/prices.ts';
import { type Form, formOf } from '../forms.ts';
import type { Meter } from '../meter.ts';
import { siblingOf } from '../models-in-use.ts';
import type { CheckPlan, ModelInUse } from '../plan.ts';
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
