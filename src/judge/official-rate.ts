/**
 * The official arm's rate of an event that is expected in the next window, from the windows before it: it tells
 * two-rates.ts which alternatives to bet on. A wrong expectation costs evidence, never validity.
 */
import type { Baseline } from './kept.ts';
import { addSums, roundToStep, type Sums, scaleSums, sumAt } from './method.ts';
import type { EventsOf, Stratum } from './strata.ts';

/** Official events and tasks: first those of all models (null), then by model. */
export type OfficialRates = NonNullable<Baseline['rates'][string]>;

/** More models than this are expected to be like all. */
const MOST_MODELS = 24;
/** Older tasks count less once there are more than this, so that the expectation follows rates that wander. */
const MEMORY = 2 ** 15;
/** What is expected before anything is known: one event in a hundred, as strongly as this many tasks would say it. */
const EXPECTED = { rate: 0.01, tasks: 50 };

/** Above 0 and below 1. A model of which little is known is expected to be like all. */
export function expectedRate(rates: OfficialRates, model: string | null): number {
  const sumsOf = (name: string | null) => rates.find(([each]) => each === name)?.[1] ?? [];
  const all = smoothed(sumsOf(null), EXPECTED.rate);
  return model === null ? all : smoothed(sumsOf(model), all);
}

function smoothed(sums: Sums, before: number): number {
  return (sumAt(sums, 0) + before * EXPECTED.tasks) / (sumAt(sums, 1) + EXPECTED.tasks);
}

/** Adds the official arm of a window that has been counted. */
export function addRates(
  rates: OfficialRates,
  strata: readonly Stratum[],
  eventsOf: EventsOf,
): OfficialRates {
  const grown = new Map(rates);
  for (const { model = null, official } of strata) {
    const count = official === null ? null : eventsOf(official);
    if (count === null || count.tasks === 0) continue;
    for (const name of new Set([null, model])) {
      const known = grown.get(name);
      if (known === undefined && grown.size > MOST_MODELS) continue;
      const sums = addSums(known ?? [], [count.events, count.tasks]);
      grown.set(name, sumAt(sums, 1) > MEMORY ? scaleSums(sums, 1 / 2).map(roundToStep) : sums);
    }
  }
  return [...grown];
}
