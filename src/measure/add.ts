/** The sum of measurements of disjoint windows: associative, commutative, and nothing is lost. */
import { addHistograms } from './histogram.ts';
import {
  type ArmCounts,
  type Counts,
  type Measurement,
  type ModelSlice,
  type SpenderSlice,
  sortedByClass,
  type Tokens,
  type UnitCounts,
} from './measurement.ts';
import { addMoney } from './money.ts';
import { boundSlices, keepLowest, UNIT_LIMIT } from './sample.ts';

/**
 * Adds two measurements of one stage. The window of the sum is from the first beginning to the last end, gaps
 * included. An unknown count (null) makes the sum unknown; an arm without data changes nothing.
 *
 * That the windows are disjoint is for the caller to know, who holds them all.
 * @throws RangeError where the stages differ: such a sum means nothing
 */
export function addMeasurements(a: Measurement, b: Measurement): Measurement {
  if (a.stage !== b.stage) throw new RangeError(`measurements of ${a.stage} and ${b.stage} do not add up`);
  return {
    schema: 1,
    window: {
      from: Math.min(a.window.from, b.window.from),
      to: Math.max(a.window.to, b.window.to),
    },
    stage: a.stage,
    share: a.share === b.share ? a.share : null,
    source: [...new Set([...a.source.split('+'), ...b.source.split('+')])].sort().join('+'),
    arms: {
      official: addArms(a.arms.official, b.arms.official),
      gateway: addArms(a.arms.gateway, b.arms.gateway),
    },
  };
}

/** The sum of an arm's counts in two windows; null only where both have no data. */
export function addArms(a: ArmCounts | null, b: ArmCounts | null): ArmCounts | null {
  if (a === null || b === null) return a ?? b;
  const units = addUnits(a.units, b.units);
  return {
    ...addCounts(a, b),
    byModel: addSlices(a.byModel, b.byModel, addModels),
    byKey: addSlices(a.byKey, b.byKey, addSpenders),
    byMember: addSlices(a.byMember, b.byMember, addSpenders),
    ...(units === undefined ? {} : { units }),
  };
}

/**
 * An arm that tells fewer names apart, for whoever has little room; its sums stay the same. Arms that are bounded
 * alike add up as exactly as whole ones.
 * @param slices models, keys and members, each
 */
export function boundArm(
  arm: ArmCounts,
  { slices, units }: { readonly slices: number; readonly units: number },
): ArmCounts {
  const bound = <Slice extends { readonly name: string }>(
    all: readonly Slice[],
    add: (a: Slice, b: Slice) => Slice,
  ) => boundSlices(new Map(all.map((slice) => [slice.name, slice])), add, slices);
  const kept = keepLowest(new Map((arm.units ?? []).map((unit) => [unit.unit, unit])), units).kept;
  return {
    ...arm,
    byModel: bound(arm.byModel, addModels),
    byKey: bound(arm.byKey, addSpenders),
    byMember: bound(arm.byMember, addSpenders),
    ...(arm.units === undefined ? {} : { units: kept }),
  };
}

export function addCounts(a: Counts, b: Counts): Counts {
  return {
    tasks: addKnown(a.tasks, b.tasks),
    failedTasks: addKnown(a.failedTasks, b.failedTasks),
    attempts: addKnown(a.attempts, b.attempts),
    failedAttempts: addKnown(a.failedAttempts, b.failedAttempts),
    errorsByClass: addByClass(a.errorsByClass, b.errorsByClass),
    fallbacks: addKnown(a.fallbacks, b.fallbacks),
    truncated: addKnown(a.truncated, b.truncated),
    empty: addKnown(a.empty, b.empty),
    latency: addHistograms(a.latency, b.latency),
    ttft: addHistograms(a.ttft, b.ttft),
    tokens: addTokens(a.tokens, b.tokens),
    cost: addMoney(a.cost, b.cost),
    retryCost: addMoney(a.retryCost, b.retryCost),
    atOfficialPrices: addMoney(a.atOfficialPrices, b.atOfficialPrices),
  };
}

export function addModels(a: ModelSlice, b: ModelSlice): ModelSlice {
  return { name: a.name, ...addCounts(a, b) };
}

export function addSpenders(a: SpenderSlice, b: SpenderSlice): SpenderSlice {
  return {
    name: a.name,
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

function addSlices<Slice extends { readonly name: string }>(
  a: readonly Slice[],
  b: readonly Slice[],
  add: (a: Slice, b: Slice) => Slice,
): readonly Slice[] {
  return boundSlices(
    addEntries(a, b, ({ name }) => name, add),
    add,
  );
}

function addUnits(
  a: readonly UnitCounts[] | undefined,
  b: readonly UnitCounts[] | undefined,
): readonly UnitCounts[] | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const sum = addEntries(a, b, ({ unit }) => unit, addUnit);
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

function addEntries<Entry>(
  a: readonly Entry[],
  b: readonly Entry[],
  nameOf: (entry: Entry) => string,
  add: (a: Entry, b: Entry) => Entry,
): Map<string, Entry> {
  const sum = new Map(a.map((entry) => [nameOf(entry), entry]));
  for (const entry of b) {
    const name = nameOf(entry);
    const before = sum.get(name);
    sum.set(name, before === undefined ? entry : add(before, entry));
  }
  return sum;
}
