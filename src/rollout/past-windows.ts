/** Windows before a stage, as the official arm's past for the judge. Kept small by merging windows. */
import type { Config, RolloutStage } from '../config/schema.ts';
import { addArms, boundArm } from '../measure/add.ts';
import type { ArmCounts, Measurement } from '../measure/measurement.ts';
import { isDeepEqual } from './deep-equal.ts';
import type { PastWindow } from './stage-state.ts';
import { type Arms, mapArms } from './stored-counts.ts';

/** Of one arm and window. */
const MOST_MODELS = 12;
/** Slices of models in all windows together; each has two histograms. */
const MOST_SLICES = 24;

/** What is kept of a window of the current stage. */
export function pastWindow({ window, arms }: Measurement, stage: RolloutStage): PastWindow {
  const slice = stage.kind === 'share' ? stage.slice : null;
  return { ...window, slice, arms: mapArms(arms, bounded) };
}

/**
 * Adds windows to the earlier ones; the two neighbours that make the shortest window together are merged. Of the
 * gateway's past only the histogram bounds are used, and the newest window has them.
 */
export function addPast(past: readonly PastWindow[], more: readonly PastWindow[]): PastWindow[] {
  const both = [...past, ...more];
  let all = both.map((each, index) => (index === both.length - 1 ? each : withoutGateway(each)));
  while (all.reduce((sum, { arms }) => sum + weightOf(arms), 0) > MOST_SLICES) {
    const shortest = shortestNeighbours(all);
    if (shortest === null) return all.slice(1);
    all = [...all.slice(0, shortest.at), shortest.joined, ...all.slice(shortest.at + 2)];
  }
  return all;
}

function withoutGateway(window: PastWindow): PastWindow {
  return window.arms.gateway === null ? window : { ...window, arms: { ...window.arms, gateway: null } };
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
  const own = stage.kind === 'share' ? stage.slice : null;
  return past
    .filter(({ slice, to }) => (slice === null || slice === own) && to <= before)
    .map(({ from, to, arms }) => ({
      schema: 1,
      window: { from, to },
      stage: '',
      share: null,
      source: '',
      arms,
    }));
}

/** Whether the past was measured at the same sources, and of the same models. */
export function hasSamePast(before: Config, after: Config): boolean {
  const about = ({ measure, models, workloads, official }: Config) => {
    return [measure?.official, measure?.gateway, models, workloads, official];
  };
  return isDeepEqual(about(before), about(after));
}

function bounded(arm: ArmCounts): ArmCounts {
  const { units: _, ...rest } = boundArm(arm, { slices: MOST_MODELS, units: 0 });
  return { ...rest, byKey: [], byMember: [] };
}

function weightOf({ official, gateway }: Arms): number {
  const slices = [official, gateway].map((arm) => (arm === null ? 0 : Math.max(1, arm.byModel.length)));
  return Math.max(
    1,
    slices.reduce((sum, each) => sum + each),
  );
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
  return { from: one.from, to: other.to, slice: one.slice, arms: mapArms(arms, bounded) };
}
