/** Windows before a stage, as the official arm's past for the judge. Kept small by merging windows. */

import type { Config, RolloutStage } from '../config/schema.ts';
import { isShadow } from '../config/stages.ts';
import { totalOf } from '../judge/method.ts';
import { stageSetting } from '../judge/stage-setting.ts';
import { strataOf, tasksOf } from '../judge/strata.ts';
import { addArms, boundArm } from '../measure/add.ts';
import type { ArmCounts, Measurement } from '../measure/measurement.ts';
import { isDeepEqual } from './deep-equal.ts';
import type { PastWindow } from './stage-state.ts';
import { type Arms, mapArms, tasksIn } from './stored-counts.ts';

const DAY = 86_400_000;
/** Of one arm and window. */
const MOST_MODELS = 12;
/** Slices of models in all windows together; each has two histograms. */
const MOST_SLICES = 24;

export function pastWindow({ window, arms }: Measurement, stage: RolloutStage): PastWindow {
  const slice = sliceOf(stage);
  return { ...window, slice, tasks: tasksIn(arms), arms: mapArms(arms, bounded) };
}

/**
 * Adds windows to the earlier ones; the two neighbours that make the shortest window together are merged. Of the
 * gateway's past only the histogram bounds are used, and the newest window has them.
 */
export function addPast(past: readonly PastWindow[], more: readonly PastWindow[]): PastWindow[] {
  const both = [...past, ...more];
  let all = both.map((each, index) =>
    index === both.length - 1 || each.arms.gateway === null
      ? each
      : { ...each, arms: { ...each.arms, gateway: null } },
  );
  while (totalOf(all, ({ arms }) => weightOf(arms)) > MOST_SLICES) {
    const shortest = shortestNeighbours(all);
    if (shortest === null) return all.slice(1);
    all = [...all.slice(0, shortest.at), shortest.joined, ...all.slice(shortest.at + 2)];
  }
  return all;
}

/**
 * Past windows as measurements for the baseline of a stage: of its own slice or of everything.
 * @param before when the stage began
 */
export function pastMeasurements(
  past: readonly PastWindow[],
  stage: RolloutStage,
  before: number,
): Measurement[] {
  return windowsOf(past, stage, before).map(asMeasurement);
}

function windowsOf(past: readonly PastWindow[], stage: RolloutStage, before: number): readonly PastWindow[] {
  const own = sliceOf(stage);
  return past.filter(({ slice, to }) => (slice === null || slice === own) && to <= before);
}

/** Of all requests some are copied. */
function sliceOf(stage: RolloutStage): string | null {
  return stage.kind === 'share' && !isShadow(stage) ? stage.slice : null;
}

function asMeasurement({ from, to, arms }: PastWindow): Measurement {
  return { schema: 1, window: { from, to }, stage: '', share: null, source: '', arms };
}

/**
 * Tasks a day of both arms in what a stage moves; null where none were seen.
 * @param before when the stage began
 */
export function tasksPerDay(
  config: Config,
  past: readonly PastWindow[],
  stage: RolloutStage,
  before: number,
): number | null {
  const { models } = stageSetting(config, stage);
  const windows = windowsOf(past, stage, before);
  const time = totalOf(windows, ({ from, to }) => to - from);
  const tasks = totalOf(windows, (window) => {
    const all = window.arms.official?.tasks ?? 0;
    // The gateway's tasks are taken to have the models of the official ones.
    const moved = all === 0 ? 1 : tasksOf(strataOf(asMeasurement(window), models), 'official') / all;
    return moved * allTasks(window);
  });
  return tasks > 0 ? (tasks * DAY) / time : null;
}

const allTasks = ({ tasks, arms }: PastWindow): number => tasks ?? tasksIn(arms);

/** Whether the past was measured at the same sources, and of the same models. */
export function hasSamePast(before: Config, after: Config): boolean {
  const about = ({ measure, models, workloads, official }: Config) => {
    return [measure?.official, measure?.gateway, models, workloads, official];
  };
  return isDeepEqual(about(before), about(after));
}

function bounded(arm: ArmCounts): ArmCounts {
  return { ...boundArm(arm, MOST_MODELS), byKey: [], byMember: [] };
}

function weightOf({ official, gateway }: Arms): number {
  const slicesOf = (arm: ArmCounts | null) => (arm === null ? 0 : Math.max(1, arm.byModel.length));
  return Math.max(1, slicesOf(official) + slicesOf(gateway));
}

function shortestNeighbours(
  all: readonly PastWindow[],
): { readonly at: number; readonly joined: PastWindow } | null {
  let best: { at: number; length: number; joined: PastWindow } | null = null;
  for (const [at, one] of all.entries()) {
    const other = all[at + 1];
    if (other === undefined || other.slice !== one.slice) continue;
    const length = other.to - one.from;
    if (best === null || length < best.length) best = { at, length, joined: joined(one, other) };
  }
  return best;
}

function joined(one: PastWindow, other: PastWindow): PastWindow {
  const arms = addArms(one.arms, other.arms);
  const tasks = allTasks(one) + allTasks(other);
  return { from: one.from, to: other.to, slice: one.slice, tasks, arms: mapArms(arms, bounded) };
}
