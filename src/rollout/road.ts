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

/** Index of the stage that a person means, however it is written (`fast` and `fast: 100%`); null for none. */
export function findStage(stages: readonly RolloutStage[], written: string): number | null {
  const wanted = plain(written);
  const index = stages.findIndex((stage) => namesOf(stage).some((name) => plain(name) === wanted));
  return index === -1 ? null : index;
}

/** Whether two stages are the same step. */
export function isSameStage(a: RolloutStage, b: RolloutStage): boolean {
  if (a.kind !== 'share' || b.kind !== 'share') return a.kind === b.kind;
  return a.slice === b.slice && a.share === b.share;
}

/** Index of the first stage that moves traffic. */
export function firstProductionStage(stages: readonly RolloutStage[]): number {
  return Math.max(
    0,
    stages.findIndex(({ kind }) => kind === 'share'),
  );
}

function namesOf(stage: RolloutStage): readonly string[] {
  if (stage.kind !== 'share') return [stage.label];
  if (stage.slice === null) return [stage.label, String(stage.share)];
  return [stage.label, `${stage.slice}:${stage.share}%`, ...(stage.share === 100 ? [stage.slice] : [])];
}

function plain(text: string): string {
  return text.replaceAll(/\s+/g, '').toLowerCase();
}
