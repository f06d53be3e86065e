/** The position of a rollout on the road: the stages of its config. */
import type { Config, RolloutStage } from '../config/schema.ts';
import { leastTasks } from '../judge/least-tasks.ts';
import type { RolloutState } from './state.ts';

/** A rollout with the config in force, which the App reads from `state.config.text`. */
export interface Rollout {
  readonly config: Config;
  readonly state: RolloutState;
}

/** A stage that has begun: its number of tasks is fixed. */
export type BegunStage = RolloutStage & { readonly gate: { readonly min_tasks: number } };

/** The current stage; null where the config no longer has it. */
export function stageOf({ config, state }: Rollout): BegunStage | null {
  const stage = config.rollout.stages[state.stage.index];
  return stage?.label === state.stage.label ? begun(stage, state.stage.tasksPerDay) : null;
}

/** @param tasksPerDay of both arms, before the stage began; null where none were seen */
export function begun(stage: RolloutStage, tasksPerDay: number | null): BegunStage {
  const share = stage.kind === 'share' ? stage.share : 0;
  const tasks = leastTasks(stage.gate.min_tasks, share, tasksPerDay);
  return { ...stage, gate: { ...stage.gate, min_tasks: tasks } };
}

/** The only stage that an advance can reach; null after the last. */
export function nextStage({ config, state }: Rollout): RolloutStage | null {
  return config.rollout.stages[state.stage.index + 1] ?? null;
}
