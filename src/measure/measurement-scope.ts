/** The part of production that a stage's measurement counts; pure. */
import type { Config, RolloutStage } from '../config/schema.ts';
import { isShadow, slicesAhead } from '../config/stages.ts';
import type { SourceQuery } from './source.ts';

export interface MeasurementScope extends Pick<SourceQuery, 'slice' | 'without' | 'copies'> {
  /** The label of the measurement. */
  readonly stage: string;
  /** The gateway's share of the slice in percent; null for stages in which no user meets it. */
  readonly share: number | null;
}

export function measurementScope({ rollout }: Config, stage: RolloutStage): MeasurementScope {
  if (stage.kind !== 'share') return { stage: stage.label, share: null, slice: null, without: [] };
  const { label, slice } = stage;
  if (isShadow(stage)) return { stage: label, share: null, slice: null, without: [], copies: true };
  const share = Math.min(stage.share, 100 - rollout.holdback);
  return { stage: label, share, slice, without: slicesAhead(rollout.stages, stage) };
}
