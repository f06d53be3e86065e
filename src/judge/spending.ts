/**
 * The usual mix of models. Nights and weekends run other models than the day, and a gateway may be dearer on one of
 * them: what the last hours cost is only comparable with a limit after each model counts as it usually does.
 */
import type { RatioParts, RatioPartsOf } from './gauges.ts';
import type { Baseline } from './kept.ts';
import type { Stratum } from './strata.ts';

export type Spending = NonNullable<Baseline['spending']>;

/** Of more models, the first ones are known. */
const MOST_MODELS = 30;

/** Adds one window. */
export function learnSpending(spending: Spending | undefined, strata: readonly Stratum[]): Spending {
  const grown = new Map(Object.entries(spending ?? {}));
  for (const { model, gateway, official } of strata) {
    const [usual, own, atOfficial] = grown.get(model ?? '') ?? [0, 0, 0];
    if (!grown.has(model ?? '') && grown.size >= MOST_MODELS) continue;
    const [ours, theirs] = [gateway?.atOfficialPrices.usd ?? 0, official?.atOfficialPrices.usd ?? 0];
    if (ours + theirs > 0)
      grown.set(model ?? '', [usual + ours + theirs, own + (gateway?.cost.usd ?? 0), atOfficial + ours]);
  }
  return Object.fromEntries(grown);
}

/**
 * The cost of a window on the gateway as if it had the usual mix: a model that it lacks counts at its price so far.
 * @returns null where nothing is priced
 */
export function atUsualMix(
  spending: Spending,
  partsOf: RatioPartsOf,
  strata: readonly Stratum[],
): RatioParts | null {
  const parts = strata.flatMap(({ model, gateway }) => {
    const part = gateway && partsOf(gateway);
    return part === null ? [] : [[model ?? '', part] as const];
  });
  if (parts.length === 0) return null;
  const known = parts.reduce((sum, [, part]) => sum + part.known, 0);
  const unknown = parts.reduce((sum, [, part]) => sum + part.unknown, 0);
  const y = parts.reduce((sum, [, part]) => sum + part.y, 0);
  const seen = parts.filter(([, part]) => part.y > 0);
  const now = seen.map(([model, part]) => [spending[model]?.[0] ?? part.y, part.x / part.y] as const);
  const before = Object.entries(spending)
    .filter(([model, [, , official]]) => official > 0 && !seen.some(([name]) => name === model))
    .map(([, [usual, own, official]]) => [usual, own / official] as const);
  const mix = [...now, ...before];
  const weight = mix.reduce((sum, [usual]) => sum + usual, 0);
  const ratio = weight > 0 ? mix.reduce((sum, [usual, price]) => sum + usual * price, 0) / weight : 0;
  return { x: ratio * y, y, known, unknown };
}
