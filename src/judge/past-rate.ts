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
  const lnEvidence = (isWithin: boolean, sums: Sums, { alpha }: Level, effect: number) => {
    // The units of the past are unknown: they are assumed to cluster as they do now.
    const [gateway, official] = [sums, history].map((each): Count => {
      return { events: sumAt(each, 1) / effect, tasks: sumAt(each, 2) / effect };
    });
    if (!gateway?.tasks || !official?.tasks) return Number.NEGATIVE_INFINITY;
    return smallest(gateway, official, raise, isWithin, concentrationFor(SHARPEST_AT, alpha));
  };
  return {
    contribution: (strata) => gauge.contribution(armOf(strata, 'gateway')),
    lnViolation: (...about) => lnEvidence(false, ...about),
    isViolated: (sums, level, effect) => lnEvidence(false, sums, level, effect) >= -Math.log(level.alpha),
    isWithin: (sums, level, effect) => lnEvidence(true, sums, level, effect) >= -Math.log(level.alpha),
  };
}

const ROUNDS = 50;
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/**
 * `ln` of the smallest product. The official rate is sought between the one seen and the end of the scale towards which
 * the limit comes nearer to the gateway; the gateway's is the nearest to the one seen. So one factor rises and the other
 * falls, and golden-section search finds the least.
 */
function smallest(
  gateway: Count,
  official: Count,
  raise: (official: number) => number,
  isWithin: boolean,
  concentration: number,
): number {
  const [ours, theirs] = [gateway.events / gateway.tasks, official.events / official.tasks];
  const inside = (rate: number) => Math.min(1 - LEAST_RATE, Math.max(LEAST_RATE, rate));
  const lnAt = (rate: number) => {
    const limit = raise(rate);
    const nearest = isWithin ? Math.max(ours, limit) : Math.min(ours, limit);
    return (
      lnEvidenceAgainstRate(inside(rate), official, concentration) +
      lnEvidenceAgainstRate(inside(nearest), gateway, concentration)
    );
  };
  let [low, high] = isWithin ? [LEAST_RATE, inside(theirs)] : [inside(theirs), 1 - LEAST_RATE];
  for (let round = 0; round < ROUNDS; round += 1) {
    const [left, right] = [high - GOLDEN * (high - low), low + GOLDEN * (high - low)];
    if (lnAt(left) <= lnAt(right)) high = right;
    else low = left;
  }
  return lnAt((low + high) / 2);
}
