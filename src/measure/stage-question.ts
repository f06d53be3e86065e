/** What of production a stage's measurement is about; pure. */
import type { Config, RolloutStage } from '../config/schema.ts';
import { parseStage, sameStage } from '../config/stages.ts';

/** What is counted, and by which name. */
export interface StageQuestion {
  /** The label of the measurement. */
  readonly stage: string;
  /** The gateway's share of the slice in percent; null for `local` and `staging`, which move no traffic. */
  readonly share: number | null;
  /** The model or workload; null for everything. */
  readonly slice: string | null;
  /** Models and workloads that already stand above the stage's share. */
  readonly without: readonly string[];
}

/** The config's stage that a text means, however it is written (`fast` and `fast: 100%`); null for none. */
export function findStage({ rollout }: Config, text: string): RolloutStage | null {
  const parsed = parseStage(text);
  if (!parsed.ok) return null;
  return rollout.stages.find((stage) => sameStage(stage, parsed.value)) ?? null;
}

/** The first stage that moves traffic. */
export function firstProductionStage({ rollout }: Config): RolloutStage | null {
  return rollout.stages.find(({ kind }) => kind === 'share') ?? null;
}

export function stageQuestion({ rollout }: Config, stage: RolloutStage): StageQuestion {
  if (stage.kind !== 'share') return { stage: stage.label, share: null, slice: null, without: [] };
  const { label, slice } = stage;
  const earlier = rollout.stages.slice(0, rollout.stages.indexOf(stage));
  const ahead = earlier.flatMap((each) =>
    each.kind === 'share' && each.slice !== null && each.slice !== slice && each.share > stage.share
      ? [each.slice]
      : [],
  );
  const share = Math.min(stage.share, 100 - rollout.holdback);
  return { stage: label, share, slice, without: [...new Set(ahead)] };
}
