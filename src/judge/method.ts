/** What all methods share: a window adds numbers, and their sums prove a limit kept, violated, or neither. */
import type { Interval } from './rate.ts';
import type { Stratum } from './strata.ts';

/** How certain a statement must be. */
export interface Level {
  /** The probability of a false statement, over all looks together. */
  readonly alpha: number;
  /** Of the beta-binomial mixture (rate.ts). */
  readonly concentration: number;
}

/**
 * Sums over windows. Every entry adds up, so windows may come in any order, evidence can restart at any hour, and
 * "ten times as much of the same" is ten times the sums.
 */
export type Sums = readonly number[];

/**
 * Numbers that are not whole are added as multiples of this step, a power of 2. So sums are exact in any order of
 * windows, and short when written.
 */
const STEP = 2 ** -20;

/** The nearest multiple of the step. */
export function roundToStep(value: number): number {
  return Math.round(value / STEP) * STEP;
}

/** The largest multiple of the step that is not above the value. */
export function floorToStep(value: number): number {
  return Math.floor(value / STEP) * STEP;
}

/** How many steps a number is; null where it is not a whole number of them, or too many to be exact. */
export function stepsIn(value: number): number | null {
  const steps = value / STEP;
  return Number.isInteger(steps) && Math.abs(steps) < MOST_STEPS ? steps : null;
}

/** Twice the difference of two such numbers is still exact in a double. */
const MOST_STEPS = 2 ** 50;

export function sumFromSteps(steps: number): number {
  return steps * STEP;
}

/** How one limit is judged. `effect`: by how much the tasks of the sums count less than independent ones, at least 1. */
export interface Method {
  /** What the strata of one window add; always the same number of entries. */
  readonly contribution: (strata: readonly Stratum[]) => Sums;
  /** How sums are added, where not entry by entry. */
  readonly add?: (a: Sums, b: Sums) => Sums;
  /** How many of the first entries restarted evidence has, where not all: `isViolated` reads no others there. */
  readonly violationLength?: number;
  /** How many of the first entries `isViolated` reads of the whole evidence, where not all. */
  readonly failureLength?: number;
  /**
   * `ln E` of an e-process while the limit holds: its mean is at most 1 at any look, so evidence of several can be
   * averaged. Left out where a method only answers at a level.
   */
  readonly lnViolation?: (sums: Sums, level: Level, effect: number) => number;
  /** Proven outside the limit. */
  readonly isViolated: (sums: Sums, level: Level, effect: number) => boolean;
  /** Proven within the limit. */
  readonly isWithin: (sums: Sums, level: Level, effect: number) => boolean;
  /** For an absolute limit: is the official arm proven outside it too? Then the gateway is not the cause. */
  readonly isViolatedByOfficial?: (sums: Sums, level: Level, effect: number) => boolean;
}

/** How one metric of one arm is measured, in fractions, seconds, US dollars or tokens. */
export interface Gauge {
  /** What one arm's slices of one window add; always the same number of entries. */
  readonly contribution: (counts: readonly SliceCounts[]) => Sums;
  readonly read: (sums: Sums, level: Level, effect: number) => Reading;
  readonly isAbove: (sums: Sums, limit: number, level: Level, effect: number) => boolean;
  readonly isAtMost: (sums: Sums, limit: number, level: Level, effect: number) => boolean;
}

type SliceCounts = NonNullable<Stratum['gateway']>;

/** Why a metric has no value. */
export const DATA_GAPS = [
  /** The source does not report this metric. */
  'not_measured',
  /** The source reports it, but there were no tasks. */
  'no_tasks',
  /** Less than 99 % of the tasks have a known price, or known tokens. */
  'incomplete',
  /** The judge is still learning from the official arm what counts as slow. */
  'calibrating',
] as const;
export type DataGap = (typeof DATA_GAPS)[number];

export interface Reading {
  readonly gap: DataGap | null;
  readonly value: number | null;
  /** The confidence interval at the level; null while the evidence says nothing. */
  readonly interval: Interval | null;
}

export function gapReading(gap: DataGap): Reading {
  return { gap, value: null, interval: null };
}

/** Entry by entry. An unknown sum stays unknown: NaN plus anything. An empty list changes nothing. */
export function addSums(a: Sums, b: Sums): Sums {
  if (a.length === 0) return b;
  const sums = [...a];
  addInto(sums, b);
  return sums;
}

/** Adds in place; an empty list takes the length of the first sums that are added. */
export function addInto(sums: number[], more: Sums): void {
  if (sums.length === 0) sums.push(...more);
  else
    for (let index = 0; index < more.length; index += 1)
      sums[index] = (sums[index] ?? 0) + (more[index] ?? 0);
}

export function scaleSums(sums: Sums, factor: number): Sums {
  return sums.map((value) => value * factor);
}

/** The sum of one number of each item. */
export function totalOf<Item>(items: readonly Item[], of: (item: Item) => number): number {
  return items.reduce((sum, item) => sum + of(item), 0);
}

/** The entry at an index; 0 before anything was added. */
export function sumAt(sums: Sums, index: number): number {
  return sums[index] ?? 0;
}
