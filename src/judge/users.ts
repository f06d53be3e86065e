/**
 * A pass by users. A sticky split gives all tasks of a user to one arm, and no estimate from the users seen knows those
 * who have not come: where one user in 50 carries the whole difference, a pass by a design effect is false in 10 to
 * 32 % of rollouts. So each user counts once, at dates that are fixed when the stage begins.
 *
 * At a date, y is the share of a user's tasks so far that had the event, and groups of one gateway user and ⌊O/G⌋
 * official ones are formed in the order of their hashes (the other way round where the gateway has more users). While
 * the limit `y_g = a · y_o + b` is violated, `Π (1 − λ (ȳ_g − a ȳ_o − b))` over the groups is at most 1 on average, for
 * every λ < 1 and any distribution of users; so is a mixture over λ, and a weighted sum over the dates.
 */
import { type ByArm, byArm } from '../config/arms.ts';
import { type Measurement, UNIT_TIMES, type UnitCounts } from '../measure/measurement.ts';
import { nameHash } from '../measure/sample.ts';
import type { LimitKind } from './limit-units.ts';
import type { MetricDefinition } from './metrics.ts';
import { logSumExp } from './special.ts';

/** A user's tasks of the stage. A hash is enough to tell users apart. */
export interface UserTasks extends Pick<UnitCounts, 'tasks' | 'failedTasks' | 'slower'> {
  readonly hash: number;
}

/** The users with the lowest hashes, in that order. */
export type Users = ByArm<readonly UserTasks[]>;

export const NO_USERS: Users = { gateway: [], official: [] };

/** A limit on the users' average: `y_gateway ≤ factor · y_official + points`. */
export interface UserLimit {
  readonly events: 'failures' | 'slow';
  readonly factor: number;
  readonly points: number;
  /** The part of α that is left for it. */
  readonly alphaShare: number;
}

/**
 * A limit as users can prove it; null where they cannot.
 * @param history the largest value that the past allows, where the limit compares with it; half of α is spent on that
 */
export function userLimit(
  definition: MetricDefinition,
  limit: number,
  kind: LimitKind,
  relative: boolean,
  history: number | null,
): UserLimit | null {
  const events = definition.about === 'failure' ? 'failures' : 'slow';
  if (events === 'slow' && (definition.kind !== 'slow' || history !== null)) return null;
  if (history !== null) return { events, factor: 0, points: history, alphaShare: 0.5 };
  const [factor, points] = !relative ? [0, limit] : kind === 'max' ? [limit, 0] : [1, limit];
  return { events, factor, points, alphaShare: 1 };
}

/**
 * Of each arm. Which users are kept has nothing to do with their tasks, so a limit costs power, but never validity: of
 * 2,000 users with 2 % errors and a share of 50 %, 600 of each arm prove a point in 58 % of rollouts, all in 96 %.
 * Packed, a user takes about 12 bytes of the state.
 */
const MOST_USERS = 1_500;

/** Adds the units of one window. */
export function addUsers(users: Users, arms: Measurement['arms']): Users {
  return byArm((arm) => addUnits(users[arm], arms[arm]?.units ?? []));
}

function addUnits(users: readonly UserTasks[], units: readonly UnitCounts[]): readonly UserTasks[] {
  if (units.length === 0) return users;
  const sums = new Map(users.map((user) => [user.hash, user]));
  for (const { unit, ...counts } of units) {
    const hash = nameHash(unit);
    const before = sums.get(hash);
    sums.set(hash, before === undefined ? { hash, ...counts } : addCounts(before, counts));
  }
  // Of the users kept now, each was among the lowest in every window before: its counts are complete.
  return [...sums.values()].sort((one, other) => one.hash - other.hash).slice(0, MOST_USERS);
}

function addCounts(user: UserTasks, { tasks, failedTasks, slower }: Omit<UnitCounts, 'unit'>): UserTasks {
  const sum = { hash: user.hash, tasks: user.tasks + tasks, failedTasks: user.failedTasks + failedTasks };
  if (user.slower === undefined || slower === undefined) return sum;
  const length = Math.max(user.slower.length, slower.length);
  const added = Array.from({ length }, (_, at) => (user.slower?.[at] ?? 0) + (slower[at] ?? 0));
  return { ...sum, slower: added };
}

const DAY = 86_400_000;
/** Days after the first window, and the weight of each. */
const DATES = [
  { day: 2, weight: 0.4 },
  { day: 4, weight: 0.35 },
  { day: 9, weight: 0.25 },
] as const;

/** In days: no user proves anything before. */
export const FIRST_DATE = DATES[0].day;

/** How many of the dates have come. */
export function datesUntil({ from, to }: { readonly from: number; readonly to: number }): number {
  return DATES.filter(({ day }) => to >= from + day * DAY).length;
}

/** The bets and their weights: boldest where hardly any user has an event. */
const BETS = [
  [0.05, 0.03],
  [0.15, 0.05],
  [0.3, 0.07],
  [0.5, 0.1],
  [0.7, 0.1],
  [0.85, 0.15],
  [0.98, 0.5],
] as const;

/** Larger evidence proves no more. */
const MOST_EVIDENCE = 1e6;

/** What users say about a limit, for each time at which they are counted: `Σ ln(1 − λ difference)` of each bet λ. */
export type UserBets = readonly (readonly number[])[];

/** @param slowBound seconds; users are counted at the two recorded times around it, and both must be proven */
export function betsOf(users: Users, limit: UserLimit, slowBound: number | null): UserBets {
  return eventsOf(limit, slowBound).map((of) => {
    const [gateway, official] = [sharesOf(users.gateway, of), sharesOf(users.official, of)];
    const known = gateway !== null && official !== null;
    const differences = known ? differencesOf(gateway, official, limit) : [];
    return BETS.map(([bet]) =>
      differences.reduce((sum, difference) => sum + Math.log1p(-bet * difference), 0),
    );
  });
}

/**
 * The evidence of one date that a limit is kept; 1 where nothing is known.
 * @param growth as if there were this many times as many users of the same kind
 */
export function evidenceOf(bets: UserBets, growth = 1): number {
  const each = bets.map((logs) =>
    Math.exp(logSumExp(logs.map((log, index) => Math.log(BETS[index]?.[1] ?? 0) + growth * log))),
  );
  return bets.length === 0 ? 0 : Math.min(MOST_EVIDENCE, ...each);
}

/** A user's events; null where they are not recorded. */
type EventsOf = (user: UserTasks) => number | null;

function eventsOf({ events }: UserLimit, slowBound: number | null): EventsOf[] {
  if (events === 'failures') return [({ failedTasks }) => failedTasks];
  if (slowBound === null) return [];
  // Users are counted at 1/16 s, 1/8 s, … 64 s.
  const at = Math.log2(slowBound) + 4;
  const times = [...new Set([Math.floor(at), Math.ceil(at)])].filter(
    (time) => time >= 0 && time < UNIT_TIMES,
  );
  return times.map(
    (time) =>
      ({ slower }) =>
        slower === undefined ? null : (slower[time] ?? 0),
  );
}

/** The share of each user's tasks; null where a user's events are not recorded. */
function sharesOf(users: readonly UserTasks[], of: EventsOf): readonly number[] | null {
  const shares = users.flatMap((user) =>
    user.tasks === 0 ? [] : [Math.min(1, (of(user) ?? Number.NaN) / user.tasks)],
  );
  return shares.some(Number.isNaN) ? null : shares;
}

/** `ȳ_g − a ȳ_o − b` of disjoint groups. */
function differencesOf(
  gateway: readonly number[],
  official: readonly number[],
  { factor, points }: UserLimit,
): number[] {
  // A limit on the gateway alone needs no official user.
  if (factor === 0) return gateway.map((share) => share - points);
  const groups = Math.min(gateway.length, official.length);
  const meanOf = (shares: readonly number[], group: number) => {
    const size = Math.floor(shares.length / groups);
    const sum = shares.slice(group * size, (group + 1) * size).reduce((all, share) => all + share, 0);
    return sum / size;
  };
  return Array.from(
    { length: groups },
    (_, group) => meanOf(gateway, group) - factor * meanOf(official, group) - points,
  );
}

/**
 * Whether the dates so far prove a limit kept.
 * @param dates the evidence of each date that has come
 */
export function isKeptByUsers(dates: readonly number[], alpha: number): boolean {
  const weighted = dates.reduce((sum, evidence, date) => sum + (DATES[date]?.weight ?? 0) * evidence, 0);
  return weighted >= 1 / alpha;
}

/** A pass needs at most this many times the users, or it is not announced. */
const FARTHEST = 30;

/**
 * What a pass needs at the next date, if it came with users like those so far.
 * @returns how many times the users, at least 1, and when; null where no date or number of users is enough
 */
export function nextDate(
  dates: readonly number[],
  bets: UserBets,
  alpha: number,
  from: number,
): { readonly growth: number; readonly at: number } | null {
  const next = DATES[dates.length];
  if (next === undefined) return null;
  for (let growth = 1; growth <= FARTHEST; growth *= 1.1) {
    if (isKeptByUsers([...dates, evidenceOf(bets, growth)], alpha))
      return { growth, at: from + next.day * DAY };
  }
  return null;
}
