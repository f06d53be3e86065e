/**
 * Is the gateway's rate of an event within what the official arm's past allows? Both arms have an evidence process of
 * method 1, and the two are independent: so against any pair of rates their product is an e-process, and the smallest
 * product over all pairs that keep (or violate) the limit is one against the limit. Two intervals at half of the level
 * that must not overlap would add up the widths of both; here it is their squares that add up.
 */
import { type Gauge, type Level, type Method, type Sums, sumAt } from './method.ts';
import { type Count, concentrationFor, lnEvidenceAgainstRate } from './rate.ts';
import { armOf } from './strata.ts';

/** A past has thousands of tasks, and where everything has moved, so has the gateway soon. */
const SHARPEST_AT = 2_000;

/** Rates nearer to 0 or 1 are not tried. */
const LEAST_RATE = 1e-12;

/**
 * @param gauge of the rate: slices, events, tasks
 * @param history the gauge's sums of the official arm
 * @param raise the official rate to the largest that is accepted; it never falls
 */
export function againstPastRate(gauge: Gauge, history: Sums, raise: (official: number) => number): Method {
  const lnEvidence = (isWithin: boolean, sums: Sums, { alpha }: Level, effect: number, enough: number) => {
    // The units of the past are unknown: they are assumed to cluster as they do now.
    const [gateway, official] = [sums, history].map((each): Count => {
      return { events: sumAt(each, 1) / effect, tasks: sumAt(each, 2) / effect };
    });
    if (!gateway?.tasks || !official?.tasks) return Number.NEGATIVE_INFINITY;
    return smallest(gateway, official, raise, isWithin, concentrationFor(SHARPEST_AT, alpha), enough);
  };
  const isProven = (isWithin: boolean, sums: Sums, level: Level, effect: number) => {
    const enough = -Math.log(level.alpha);
    return lnEvidence(isWithin, sums, level, effect, enough) >= enough;
  };
  return {
    contribution: (strata) => gauge.contribution(armOf(strata, 'gateway')),
    lnViolation: (...about) => lnEvidence(false, ...about, Number.NEGATIVE_INFINITY),
    isViolated: (...about) => isProven(false, ...about),
    isWithin: (...about) => isProven(true, ...about),
  };
}

/** The section that is left is then a hundred-millionth of the first: the product is flat around its smallest value. */
const ROUNDS = 40;
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/**
 * `ln` of the smallest product. The official rate is sought between the one seen and the end of the scale towards which
 * the limit comes nearer to the gateway; the gateway's is the nearest to the one seen. So one factor rises and the other
 * falls, and golden-section search finds the least.
 * @param enough below it, any value will do: the search ends
 */
function smallest(
  gateway: Count,
  official: Count,
  raise: (official: number) => number,
  isWithin: boolean,
  concentration: number,
  enough: number,
): number {
  const [ours, theirs] = [gateway.events / gateway.tasks, official.events / official.tasks];
  const inside = (rate: number) => Math.min(1 - LEAST_RATE, Math.max(LEAST_RATE, rate));
  const pointAt = (rate: number) => {
    const limit = raise(rate);
    const nearest = isWithin ? Math.max(ours, limit) : Math.min(ours, limit);
    const ln =
      lnEvidenceAgainstRate(inside(rate), official, concentration) +
      lnEvidenceAgainstRate(inside(nearest), gateway, concentration);
    return { rate, ln };
  };
  let [low, high] = isWithin ? [LEAST_RATE, inside(theirs)] : [inside(theirs), 1 - LEAST_RATE];
  let left = pointAt(high - GOLDEN * (high - low));
  let right = pointAt(low + GOLDEN * (high - low));
  for (let round = 0; round < ROUNDS && Math.min(left.ln, right.ln) >= enough; round += 1) {
    // Of the two points inside, the better one is a point of the next section as well.
    if (left.ln <= right.ln) {
      high = right.rate;
      right = left;
      left = pointAt(high - GOLDEN * (high - low));
    } else {
      low = left.rate;
      left = right;
      right = pointAt(low + GOLDEN * (high - low));
    }
  }
  return Math.min(left.ln, right.ln);
}
