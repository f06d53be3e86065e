/**
 * A split that is sticky by user gives all tasks of a user to one arm. A hundred tasks of one user say less than one
 * task each of a hundred users: the design effect is by how much.
 */
import type { UnitCounts } from '../measure/measurement.ts';
import { SLOW_SHARE } from './baseline.ts';
import type { Baseline } from './kept.ts';
import { totalOf } from './method.ts';
import { definitionOf, type MetricDefinition } from './metrics.ts';

/** By how much the tasks of a metric count less than independent ones, at least 1. */
export type DesignEffect = (definition: MetricDefinition) => number;

export const INDEPENDENT: DesignEffect = () => 1;

/** The share of all tasks that are slow by this metric; null where it does not count slow tasks. */
function slowShareOf(definition: MetricDefinition): number | null {
  if (definition.kind === 'slow') return SLOW_SHARE;
  return definition.kind === 'quantile' && definition.which === 'latency' ? 1 - definition.q : null;
}

/** Of failures and slow tasks, to be kept as the past of later stages. */
export function keptEffect(effect: DesignEffect): NonNullable<Baseline['clusters']> {
  return { failures: effect(definitionOf('success_rate')), slow: effect(definitionOf('slow_ratio')) };
}

/** On the official arm's past of a rate. */
export function pastEffect({ kind }: MetricDefinition, { clusters }: Baseline): number {
  return (kind === 'slow' ? clusters?.slow : clusters?.failures) ?? 1;
}

/**
 * The effect on evidence from before the stage: on the stage's first day, its own users say little about how tasks
 * cluster over days.
 */
export function atLeast(effect: DesignEffect, past: Baseline['clusters']): DesignEffect {
  return (definition) => {
    const isSlow = slowShareOf(definition) !== null;
    const before = definition.about === 'failure' ? past?.failures : isSlow ? past?.slow : 1;
    return Math.max(effect(definition), before ?? 1);
  };
}

/** Sums over the units of an arm, from which every design effect follows. */
export interface UnitSums {
  readonly tasks: number;
  readonly tasksSquared: number;
  readonly failures: EventSums;
  /** Tasks that took longer than each of the recorded times; null where a unit has none recorded. */
  readonly slower: readonly EventSums[] | null;
}

/** Over units with n tasks and x events: `Σx`, `Σx²`, `Σxn`. */
interface EventSums {
  readonly events: number;
  readonly squared: number;
  readonly byTasks: number;
}

type Unit = Omit<UnitCounts, 'unit'>;

/** @param units sampled units of an arm with all their tasks of the stage */
export function unitSums(units: readonly Unit[]): UnitSums {
  const { events: tasks, squared: tasksSquared } = eventSums(units, (unit) => unit.tasks);
  const isKnown = units.every((unit) => unit.slower !== undefined || unit.tasks === 0);
  const times = Math.max(0, ...units.map(({ slower }) => slower?.length ?? 0));
  const slower = Array.from({ length: isKnown ? times : 0 }, (_, time) =>
    eventSums(units, (unit) => unit.slower?.[time] ?? 0),
  );
  const failures = eventSums(units, ({ failedTasks }) => failedTasks);
  return { tasks, tasksSquared, failures, slower: isKnown ? slower : null };
}

const NO_EVENTS: EventSums = { events: 0, squared: 0, byTasks: 0 };

function eventSums(units: readonly Unit[], of: (unit: Unit) => number): EventSums {
  let [events, squared, byTasks] = [0, 0, 0];
  for (const unit of units) {
    const count = of(unit);
    events += count;
    squared += count * count;
    byTasks += count * unit.tasks;
  }
  return { events, squared, byTasks };
}

/**
 * What is assumed of units that have not come yet: one of typical size has the event once, or in every task. With the
 * latter, the effect grows like time, and waiting proves nothing: it is for passes that users cannot prove (users.ts).
 */
export type Unseen = 'once' | 'throughout';

/**
 * How tasks cluster within the units of both arms.
 * @returns null if no unit is known
 */
export function designEffect(arms: readonly UnitSums[], unseen: Unseen = 'once'): DesignEffect | null {
  const known = arms.filter(({ tasks }) => tasks > 0);
  if (known.length === 0) return null;
  // Other events are not counted by unit: as if all tasks of a unit were alike.
  const other = Math.max(1, typicalSize(known));
  return (definition) => {
    if (definition.about === 'failure') return effectOf(known, ({ failures }) => failures, unseen);
    const share = slowShareOf(definition);
    return (share === null ? null : slowerEffect(known, share, unseen)) ?? other;
  };
}

/**
 * Units are counted at a few times only: the larger effect of the two recorded times around the wanted one.
 * @returns null where an arm has no such counts
 */
function slowerEffect(arms: readonly UnitSums[], share: number, unseen: Unseen): number | null {
  const counts = arms.flatMap(({ slower }) => (slower === null ? [] : [slower]));
  if (counts.length < arms.length) return null;
  const times = Math.max(...counts.map(({ length }) => length));
  const isShared = (index: number) =>
    totalOf(counts, (slower) => slower[index]?.events ?? 0) >= share * totalOf(arms, ({ tasks }) => tasks);
  let before = -1;
  while (before + 1 < times && isShared(before + 1)) before += 1;
  const effects = [before, before + 1]
    .filter((index) => index >= 0 && index < times)
    .map((index) => effectOf(arms, ({ slower }) => slower?.[index] ?? NO_EVENTS, unseen));
  return effects.length === 0 ? null : Math.max(...effects);
}

/**
 * `(Σ_u (x_u − p̂ n_u)² + typical) / (T p̂ (1 − p̂) + 1)` over the units u of both arms, each arm with its own p̂; at
 * least 1. So without events, every unit counts as one task.
 */
function effectOf(arms: readonly UnitSums[], eventsOf: (arm: UnitSums) => EventSums, unseen: Unseen): number {
  const typical = typicalSize(arms);
  const squares = totalOf(arms, (arm) => {
    const { events, squared, byTasks } = eventsOf(arm);
    const rate = events / arm.tasks;
    // Σ (x − p̂ n)², multiplied out.
    return squared - 2 * rate * byTasks + rate * rate * arm.tasksSquared;
  });
  const variance = totalOf(arms, (arm) => {
    const { events } = eventsOf(arm);
    return events * (1 - events / arm.tasks);
  });
  const events = unseen === 'once' ? 1 : typical;
  return Math.max(1, (squares + typical * events) / (variance + events));
}

/** The size of the unit of an average task. */
function typicalSize(arms: readonly UnitSums[]): number {
  return totalOf(arms, ({ tasksSquared }) => tasksSquared) / totalOf(arms, ({ tasks }) => tasks);
}
