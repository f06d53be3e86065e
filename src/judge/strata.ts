/** Strata: the arms are compared within one window and one model, or within one window where models are unknown. */
import { type Arm, type ByArm, byArm } from '../config/arms.ts';
import { type Steps, sidesOf } from '../measure/differences.ts';
import {
  type Counts,
  EMPTY_ARM,
  type Measurement,
  type PairSlice,
  type Worse,
} from '../measure/measurement.ts';
import type { Count } from './rate.ts';

/** Events of one kind in one stratum, on both arms. */
export type StratumCount = ByArm<Count>;

/** One stratum; null for an arm that has nothing in it. */
export interface Stratum extends ByArm<Counts | null> {
  /** Left out where models are unknown. */
  readonly model?: string;
  /** Where both arms are requests and their copies. */
  readonly pairs?: PairSlice;
}

/**
 * Which models a stage counts. A stage that moves one model counts that model alone; a stage that moves everything
 * leaves out models that already have more than its share.
 */
export type ModelFilter = (model: string) => boolean;

export const EVERY_MODEL: ModelFilter = () => true;

/**
 * The strata of a window. Where one arm does not name its models, the window is one stratum and no filter applies.
 * @param copies of requests and their copies, instead of what users met
 */
export function strataOf(
  measurement: Measurement,
  filter: ModelFilter = EVERY_MODEL,
  copies = false,
): readonly Stratum[] {
  const counted = (measurement.pairs ?? []).filter(({ name }) => filter(name));
  const tasks = copies
    ? counted.map((each) => ({ ...each, model: each.name, pairs: each }))
    : tasksIn(measurement.arms, filter);
  return [...tasks, ...answersIn(counted, measurement.evaluations?.differences)];
}

/** Which arm's answers were worse, as a stratum without tasks. */
function answersIn(pairs: readonly PairSlice[], evaluations: Steps = []): readonly Stratum[] {
  const quality = pairs.flatMap(({ differences }) => differences.quality);
  const compared = Object.entries({ quality, evaluations })
    .map(([name, steps]) => [name, sidesOf(steps)] as const)
    .filter(([, { all }]) => all > 0);
  const ofArm = (arm: Arm): Counts => {
    const worse = compared.map(([name, sides]) => [name, { events: sides[arm], tasks: sides.all }]);
    return { ...EMPTY_ARM, worse: Object.fromEntries(worse) as Worse };
  };
  return compared.length === 0 ? [] : [byArm(ofArm)];
}

function tasksIn({ gateway, official }: Measurement['arms'], filter: ModelFilter): readonly Stratum[] {
  const known = [gateway, official].every((arm) => arm === null || arm.byModel.length > 0 || arm.tasks === 0);
  const slices = [...(gateway?.byModel ?? []), ...(official?.byModel ?? [])];
  if (!known || slices.length === 0) return [{ gateway, official }];
  const names = [...new Set(slices.map(({ name }) => name))].filter(filter);
  return names.map((model) => ({
    model,
    gateway: gateway?.byModel.find(({ name }) => name === model) ?? null,
    official: official?.byModel.find(({ name }) => name === model) ?? null,
  }));
}

/** Events among tasks in a slice; null where the source does not report them. */
export type EventsOf = (counts: Counts) => Count | null;

/** Events of one kind in a stratum; null where an arm has nothing in it, or does not report them. */
export function countsOf({ gateway, official }: Stratum, eventsOf: EventsOf): StratumCount | null {
  const [ours, theirs] = [gateway && eventsOf(gateway), official && eventsOf(official)];
  return ours === null || theirs === null ? null : { gateway: ours, official: theirs };
}

/** The counts of one arm in each stratum of a window that has any. */
export function armOf(strata: readonly Stratum[], arm: Arm): readonly Counts[] {
  return strata.flatMap((stratum) => stratum[arm] ?? []);
}

/** Tasks of one arm; where the source does not report them, none. */
export function tasksOf(strata: readonly Stratum[], arm: Arm): number {
  return armOf(strata, arm).reduce((sum, { tasks }) => sum + (tasks ?? 0), 0);
}
