/** Where a rollout stands on the road that its config draws. */
import type { Config, RolloutStage } from '../config/schema.ts';
import type { RolloutState } from './state.ts';

/** A rollout with the config in force, which the App reads from `state.config.text`. */
export interface Rollout {
  readonly config: Config;
  readonly state: RolloutState;
}

/** The present stage; null where the config has it no more. */
export function stageOf({ config, state }: Rollout): RolloutStage | null {
  const stage = config.rollout.stages[state.stage.index];
  return stage?.label === state.stage.label ? stage : null;
}

/** The only stage that an advance can reach; null after the last. */
export function nextStage({ config, state }: Rollout): RolloutStage | null {
  return config.rollout.stages[state.stage.index + 1] ?? null;
}
