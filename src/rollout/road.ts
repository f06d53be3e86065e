/** The position of a rollout on the road: the stages of its config. */
import type { Config, RolloutStage } from '../config/schema.ts';
import { hasWatch, leastTasks } from '../judge/stage-setting.ts';
import type { RolloutState } from './state.ts';

/** A rollout with the config in force, which the App reads from `state.config.text`. */
export interface Rollout {
  readonly config: Config;
  readonly state: RolloutState;
}

/** A stage that has begun: its number of tasks is fixed. */
export type BegunStage = RolloutStage & {
  readonly gate: { readonly min_tasks: number };
  /** The watch after the last stage. */
  readonly watching: boolean;
};

/** The current stage; null where the config no longer has it. */
export function stageOf({ config, state }: Rollout): BegunStage | null {
  const stage = config.rollout.stages[state.stage.index];
  if (stage?.label !== state.stage.label) return null;
  const { watching, tasksPerDay } = state.stage;
  return watching ? watched(stage, config.rollout.watch) : begun(stage, tasksPerDay);
}

/** @param tasksPerDay of both arms, before the stage began; null where none were seen */
export function begun(stage: RolloutStage, tasksPerDay: number | null): BegunStage {
  const share = stage.kind === 'share' ? stage.share : 0;
  const tasks = leastTasks(stage.gate.min_tasks, share, tasksPerDay);
  return { ...stage, gate: { ...stage.gate, min_tasks: tasks }, watching: false };
}

/** The gate of the last stage was met, so nothing more has to pass: its limits only guard. @param watch milliseconds */
export function watched(stage: RolloutStage, watch: number): BegunStage {
  const metrics = Object.entries(stage.gate.metrics).map(([name, limit]) => [
    name,
    { ...limit, guard: true },
  ]);
  const asked = { manual: false, workflows: [], checks: [], min_tasks: 0, min_duration: watch, approvals: 0 };
  return { ...stage, gate: { ...asked, metrics: Object.fromEntries(metrics) }, watching: true };
}

/** Whether a watch follows the current stage: after the last one. */
export function isWatchNext(rollout: Rollout): boolean {
  const { config, state } = rollout;
  return hasWatch(config) && !state.stage.watching && nextStage(rollout) === null;
}

/** The only stage that an advance can reach; null after the last. */
export function nextStage({ config, state }: Rollout): RolloutStage | null {
  return config.rollout.stages[state.stage.index + 1] ?? null;
}
