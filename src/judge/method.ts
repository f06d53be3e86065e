/** What all methods have in common: a window adds numbers, and the sums prove a limit kept, broken, or neither. */
import type { Interval } from './rate.ts';
import type { Stratum } from './strata.ts';

/** With which certainty a statement is asked for. */
export interface Level {
  /** The probability of a false statement, over all looks together. */
  readonly alpha: number;
  /** Of the beta-binomial mixture (rate.ts). */
  readonly concentration: number;
  /** By how much clustered tasks count less than independent ones; 1 where tasks are independent. */
  readonly designEffect: number;
}

/**
 * Sums over windows. Every entry adds up, so that windows may come in any order, evidence can begin anew at any
 * hour, and "ten times as much of the same" is ten times the sums.
 */
export type Sums = readonly number[];

/**
 * Numbers that are not whole are added as multiples of this, a power of 2: then sums are exact, whatever the order
 * of windows, and short when they are written.
 */
const STEP = 2 ** -20;

/** The nearest multiple of the step. */
export function roundToStep(value: number): number {
  return Math.round(value / STEP) * STEP;
}

/** The next multiple of the step that is not larger. */
export function floorToStep(value: number): number {
  return Math.floor(value / STEP) * STEP;
}

/** How many steps a number is; null where it is no whole number of them, or too many to be exact. */
export function stepsIn(value: number): number | null {
  const steps = value / STEP;
  return Number.isInteger(steps) && Math.abs(steps) < MOST_STEPS ? steps : null;
}

/** Twice the difference of two such numbers is still exact in a double. */
const MOST_STEPS = 2 ** 50;

export function sumFromSteps(steps: number): number {
  return steps * STEP;
}

/** How one limit is judged. */
export interface Method {
  /** What the strata of one window add; always as many numbers. */
  readonly contribution: (strata: readonly Stratum[]) => Sums;
  /** How many of the first numbers `isViolated` reads, where that is not all; evidence that begins anew is as long. */
  readonly violationLength?: number;
  /** Proven beyond the limit. */
  readonly isViolated: (sums: Sums, level: Level) => boolean;
  /** Proven within the limit. */
  readonly isWithin: (sums: Sums, level: Level) => boolean;
  /** For an absolute limit: is the official arm proven beyond it as well? Then it is not the gateway. */
  readonly isViolatedByOfficial?: (sums: Sums, level: Level) => boolean;
}

/** How one metric of one arm is definition, in fractions, seconds, US dollars or tokens. */
export interface Gauge {
  /** What one arm's slices of one window add; always as many numbers. */
  readonly contribution: (counts: readonly SliceCounts[]) => Sums;
  readonly read: (sums: Sums, level: Level) => Reading;
  readonly isAbove: (sums: Sums, limit: number, level: Level) => boolean;
  readonly isAtMost: (sums: Sums, limit: number, level: Level) => boolean;
}

type SliceCounts = NonNullable<Stratum['gateway']>;

/** Why a metric cannot be read. */
export const GAPS = [
  /** The source does not tell this metric. */
  'not_measured',
  /** The source tells it, and there were no tasks. */
  'no_tasks',
  /** Less than 99 % of the tasks have a known price, or known tokens. */
  'incomplete',
  /** What counts as slow is still being learnt from the official arm. */
  'calibrating',
] as const;
export type Gap = (typeof GAPS)[number];

export interface Reading {
  readonly gap: Gap | null;
  readonly value: number | null;
  /** What the numbers leave possible at the level; null while nothing can be said. */
  readonly interval: Interval | null;
}

export function gapReading(gap: Gap): Reading {
  return { gap, value: null, interval: null };
}

/** Entry by entry. A sum that is not known stays so: NaN plus anything. An empty list changes nothing. */
export function addSums(a: Sums, b: Sums): Sums {
  if (a.length === 0) return b;
  const sums = [...a];
  addInto(sums, b);
  return sums;
}

/** Adds to a list that nobody else holds; it takes the length of the first sums that are added. */
export function addInto(sums: number[], more: Sums): void {
  if (sums.length === 0) sums.push(...more);
  else for (let index = 0; index < more.length; index += 1) sums[index] = at(sums, index) + at(more, index);
}

export function scaleSums(sums: Sums, factor: number): Sums {
  return sums.map((value) => value * factor);
}

/** The sum of one number of each item. */
export function totalOf<Item>(items: readonly Item[], of: (item: Item) => number): number {
  return items.reduce((sum, item) => sum + of(item), 0);
}

/** The entry at an index; 0 before anything was added. */
export function at(sums: Sums, index: number): number {
  return sums[index] ?? 0;
}
