/**
 * The sums of counts of disjoint windows: associative, commutative, and lossless. An unknown count (null) makes the sum
 * unknown; an arm without data changes nothing.
 */
import { addSteps, differencesOf } from './differences.ts';
import { addHistograms } from './histogram.ts';
import type { Window } from './instant.ts';
import {
  type ArmCounts,
  type Counts,
  EMPTY_ARM,
  type Measurement,
  MOST_PAIR_SLICES,
  type ModelSlice,
  type PairSlice,
  type SpenderSlice,
  type Spending,
  sortedByClass,
  type Tokens,
  type UnitCounts,
} from './measurement.ts';
import { addMoney, NO_MONEY } from './money.ts';
import { addByName, boundSlices, keepLowest, UNIT_LIMIT } from './sample.ts';

/** From the first beginning to the last end. */
export function spanOf(a: Window, b: Window): Window {
  return { from: Math.min(a.from, b.from), to: Math.max(a.to, b.to) };
}

export function addArms(a: Measurement['arms'], b: Measurement['arms']): Measurement['arms'] {
  return { official: addArm(a.official, b.official), gateway: addArm(a.gateway, b.gateway) };
}

/** The sum of an arm's counts in two windows; null only where both have no data. */
export function addArm(a: ArmCounts | null, b: ArmCounts | null): ArmCounts | null {
  if (a === null || b === null) return a ?? b;
  const units = addUnits(a.units, b.units);
  const copied = a.copied || b.copied ? addMoney(a.copied ?? NO_MONEY, b.copied ?? NO_MONEY) : null;
  return {
    ...addCounts(a, b),
    byModel: boundSlices([...a.byModel, ...b.byModel], addModels),
    byKey: boundSlices([...a.byKey, ...b.byKey], addSpenders),
    byMember: boundSlices([...a.byMember, ...b.byMember], addSpenders),
    ...(units === undefined ? {} : { units }),
    ...(copied && { copied }),
  };
}

/** The pairs of two windows, or of parts of one, model by model. */
export function addPairs(a: readonly PairSlice[] = [], b: readonly PairSlice[] = []): readonly PairSlice[] {
  return boundSlices([...a, ...b], addPairSlices, MOST_PAIR_SLICES);
}

function addPairSlices(a: PairSlice, b: PairSlice): PairSlice {
  return {
    name: a.name,
    official: addCounts(a.official, b.official),
    gateway: addCounts(a.gateway, b.gateway),
    bothFailed: a.bothFailed + b.bothFailed,
    differences: differencesOf((compared) => addSteps(a.differences[compared], b.differences[compared])),
  };
}

/**
 * The copies of a window in place of the gateway's arm; null where the source counts no pairs. Copies that are in no pair
 * count in the cost alone.
 */
export function withCopies({ arms, pairs, ...rest }: Measurement): Measurement {
  const byModel = pairs?.map(({ name, gateway }) => ({ name, ...gateway }));
  if (byModel === undefined) return { ...rest, arms: { ...arms, gateway: null } };
  const sums = byModel.reduce<Counts>(addCounts, EMPTY_ARM);
  const cost = arms.gateway?.copied ?? sums.cost;
  return { ...rest, arms: { ...arms, gateway: { ...EMPTY_ARM, ...sums, cost, byModel } } };
}

/**
 * An arm without units that lists fewer names, to need less room; its sums stay the same. Arms with the same bound add
 * up as exactly as whole ones.
 * @param slices how many models, keys and members, each
 */
export function boundArm({ units: _, ...arm }: ArmCounts, slices: number): ArmCounts {
  return {
    ...arm,
    byModel: boundSlices(arm.byModel, addModels, slices),
    byKey: boundSlices(arm.byKey, addSpenders, slices),
    byMember: boundSlices(arm.byMember, addSpenders, slices),
  };
}

export function addCounts(a: Counts, b: Counts): Counts {
  const cacheUnknown = (a.cacheUnknown ?? 0) + (b.cacheUnknown ?? 0);
  return {
    ...addSpending(a, b),
    retriedTasks: addKnown(a.retriedTasks, b.retriedTasks),
    failedAttempts: addKnown(a.failedAttempts, b.failedAttempts),
    errorsByClass: addByClass(a.errorsByClass, b.errorsByClass),
    fallbacks: addKnown(a.fallbacks, b.fallbacks),
    truncated: addKnown(a.truncated, b.truncated),
    empty: addKnown(a.empty, b.empty),
    ...(cacheUnknown > 0 ? { cacheUnknown } : {}),
    latency: addHistograms(a.latency, b.latency),
    ttft: addHistograms(a.ttft, b.ttft),
  };
}

export function addModels(a: ModelSlice, b: ModelSlice): ModelSlice {
  return { name: a.name, ...addCounts(a, b) };
}

export function addSpenders(a: SpenderSlice, b: SpenderSlice): SpenderSlice {
  return { name: a.name, ...addSpending(a, b) };
}

function addSpending(a: Spending, b: Spending): Spending {
  return {
    tasks: addKnown(a.tasks, b.tasks),
    failedTasks: addKnown(a.failedTasks, b.failedTasks),
    attempts: addKnown(a.attempts, b.attempts),
    tokens: addTokens(a.tokens, b.tokens),
    cost: addMoney(a.cost, b.cost),
    retryCost: addMoney(a.retryCost, b.retryCost),
    atOfficialPrices: addMoney(a.atOfficialPrices, b.atOfficialPrices),
  };
}

function addKnown(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a + b;
}

function addTokens(a: Tokens | null, b: Tokens | null): Tokens | null {
  if (a === null || b === null) return null;
  return {
    input: a.input + b.input,
    cachedInput: a.cachedInput + b.cachedInput,
    output: a.output + b.output,
    unknown: a.unknown + b.unknown,
  };
}

function addByClass(a: Counts['errorsByClass'], b: Counts['errorsByClass']): Counts['errorsByClass'] {
  const sum = new Map(Object.entries(a));
  for (const [name, count] of Object.entries(b)) sum.set(name, (sum.get(name) ?? 0) + count);
  return sortedByClass(sum);
}

function addUnits(
  a: readonly UnitCounts[] | undefined,
  b: readonly UnitCounts[] | undefined,
): readonly UnitCounts[] | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const sum = addByName([...a, ...b], ({ unit }) => unit, addUnit);
  return keepLowest(sum, UNIT_LIMIT).kept;
}

function addUnit(a: UnitCounts, b: UnitCounts): UnitCounts {
  const counts = {
    unit: a.unit,
    tasks: a.tasks + b.tasks,
    failedTasks: a.failedTasks + b.failedTasks,
  };
  if (a.slower === undefined || b.slower === undefined) return counts;
  const [longer, shorter] = a.slower.length < b.slower.length ? [b.slower, a.slower] : [a.slower, b.slower];
  return { ...counts, slower: longer.map((count, index) => count + (shorter[index] ?? 0)) };
}
