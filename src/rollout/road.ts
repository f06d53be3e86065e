/** The position of a rollout on the road: the stages of its config. */
import type { Config, RolloutStage } from '../config/schema.ts';
import type { RolloutState } from './state.ts';

/** A rollout with the config in force, which the App reads from `state.config.text`. */
export interface Rollout {
  readonly config: Config;
  readonly state: RolloutState;
}

/** The current stage; null where the config no longer has it. */
export function stageOf({ config, state }: Rollout): RolloutStage | null {
  const stage = config.rollout.stages[state.stage.index];
  return stage?.label === state.stage.label ? stage : null;
}

/** The only stage that an advance can reach; null after the last. */
export function nextStage({ config, state }: Rollout): RolloutStage | null {
  return config.rollout.stages[state.stage.index + 1] ?? null;
}
