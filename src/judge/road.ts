/**
 * What outlives a stage. The level of a failure is spent once for the whole road of a slice, so the evidence for it runs
 * on: each limit has a process over the whole road, one in each stage, and restarts at the last hours of the road.
 */

import type { Claim } from './claims.ts';
import type { Road } from './kept.ts';
import { addInto, addSums, type Sums } from './method.ts';
import { addRegression, NO_REGRESSION } from './regression.ts';
import type { Stratum } from './strata.ts';

/** How many hours are kept, at each of which evidence can restart. */
const HOURS_KEPT = 48;
const HOUR = 3_600_000;

type RoadClaim = Road['claims'][number];

export function newRoad(slice: string | null): Road {
  return { schema: 1, slice, from: null, restartsFrom: null, claims: [], regression: NO_REGRESSION };
}

export function roadClaim({ claims }: Road, { name, form }: Claim): RoadClaim {
  const known = claims.find((each) => each.name === name);
  if (known?.form === form) return known;
  // A limit that is judged in another way, such as by history, starts with new sums.
  return { name, form, whole: [], before: known?.before ?? 0, hours: [], stages: known?.stages ?? [] };
}

/**
 * Adds one window.
 * @param failures what it adds to each claim
 * @param from when it began, milliseconds since 1970
 */
export function addToRoad(
  road: Road,
  claims: readonly Claim[],
  failures: readonly Sums[],
  strata: readonly Stratum[],
  from: number,
): Road {
  const hour = Math.floor(from / HOUR);
  const restarts = from >= (road.restartsFrom ?? from);
  const grown = withClaims(road, claims, (known, claim, index) => {
    const added = failures[index] ?? [];
    const { add = addSums, violationLength } = claim.method;
    const recent = added.slice(0, violationLength);
    const hours = claim.restarts && restarts ? addToHour(known.hours, hour, recent) : known.hours;
    return { ...known, whole: add(known.whole, added), hours };
  });
  // Stages before the first share are no part of the road: their hours would only make the quick alarm slower.
  const isBegun = road.from !== null || strata.some(({ gateway }) => gateway !== null && gateway.tasks !== 0);
  return {
    ...grown,
    from: isBegun ? Math.min(hour, road.from ?? hour) : null,
    regression: addRegression(road.regression, strata, hour),
  };
}

/** Changes what is known of claims. What only informs, such as costs on a small arm, does not count in later stages. */
function withClaims(
  road: Road,
  claims: readonly Claim[],
  change: (known: RoadClaim, claim: Claim, index: number) => RoadClaim,
): Road {
  const changed = claims.flatMap((claim, index) =>
    claim.informs ? [] : [change(roadClaim(road, claim), claim, index)],
  );
  const names = changed.map(({ name }) => name);
  return { ...road, claims: [...road.claims.filter(({ name }) => !names.includes(name)), ...changed] };
}

function addToHour(hours: RoadClaim['hours'], hour: number, sums: Sums): RoadClaim['hours'] {
  const newest = Math.max(hour, hours.at(-1)?.[0] ?? hour);
  if (hour <= newest - HOURS_KEPT) return hours;
  const known = hours.find(([each]) => each === hour);
  const others = hours.filter(([each]) => each !== hour && each > newest - HOURS_KEPT);
  const entry = [hour, addSums(known?.[1] ?? [], sums)] as const;
  return [...others, entry].sort(([one], [other]) => one - other);
}

/** Drops the restarts before a moment (milliseconds since 1970); the hours of the road are still counted from its start. */
export function withoutRestarts(road: Road, before: number | null): Road {
  if (before === null || before <= (road.restartsFrom ?? before - 1)) return road;
  const claims = road.claims.map((claim) => ({
    ...claim,
    hours: claim.hours.filter(([hour]) => hour * HOUR >= before),
  }));
  return { ...road, restartsFrom: before, claims };
}

/** No evidence at all. */
const LEAST = -1e6;

/** Notes how far the evidence of a stage has come, for the stages after it. */
export function withStageEvidence(
  road: Road,
  claims: readonly Claim[],
  label: string,
  lnEvidence: readonly number[],
): Road {
  return withClaims(road, claims, (known, _, index) => {
    const others = known.stages.filter(([each]) => each !== label);
    // −∞ has no place in JSON.
    return { ...known, stages: [...others, [label, Math.max(LEAST, lnEvidence[index] ?? 0)]] };
  });
}

/**
 * Restarts the evidence at each of the last hours, newest first, until one satisfies a condition.
 * @param first the hour in which the road began
 * @param satisfies gets sums that it must not keep, and the hours since the road began, from 1
 */
export function findRestart(
  { hours }: RoadClaim,
  first: number,
  satisfies: (sums: Sums, restart: number) => boolean,
): { readonly sums: Sums; readonly restart: number } | null {
  // At two thousand looks a second, evidence restarts about a hundred thousand times: the sums grow in place.
  const sums: number[] = [];
  for (let index = hours.length - 1; index >= 0; index -= 1) {
    const entry = hours[index];
    if (entry === undefined || entry[0] <= first) return null;
    addInto(sums, entry[1]);
    const restart = entry[0] - first;
    if (satisfies(sums, restart)) return { sums: [...sums], restart };
  }
  return null;
}
