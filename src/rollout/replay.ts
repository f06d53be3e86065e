/** Replays recorded measurements as a rollout would have looked at them. */
import type { Config, RolloutStage } from '../config/schema.ts';
import { findStage } from '../config/stages.ts';
import { addWindow, noEvidence, planStage, type StageEvidence, type StagePlan } from '../judge/evidence.ts';
import { addSilence, isSilent, NO_SILENCE, type Silence } from '../judge/health.ts';
import { isWithoutData, shareOf, stageBaseline, stageSetting } from '../judge/stage-setting.ts';
import type { Measurement } from '../measure/measurement.ts';
import { isInAdvanceWindow } from './advance-window.ts';
import { type Look, type LookInput, takeLook } from './look.ts';

/** What one window led to. */
export interface ReplayedLook extends Pick<Look, 'verdicts' | 'decision'> {
  /** From 1. */
  readonly look: number;
  /** Milliseconds since 1970. */
  readonly window: Measurement['window'];
  readonly stage: string;
}

/** A stage while it is replayed. A record does not say when traffic was verified, so everything counts. */
interface ReplayedStage {
  readonly stage: RolloutStage;
  readonly plan: StagePlan;
  readonly evidence: StageEvidence;
  readonly silence: Silence;
  readonly silentIntervals: number;
}

export interface Replay {
  readonly looks: number;
  readonly stages: ReadonlyMap<string, ReplayedStage>;
  /** Everything so far, for the baselines of later stages. */
  readonly earlier: readonly Measurement[];
}

export const REPLAY_START: Replay = { looks: 0, stages: new Map(), earlier: [] };

/**
 * Adds one more measurement. It counts for the stage that it names.
 * @param units sampled ones of the stage, with all their tasks, this measurement's included
 * @returns null for a stage that the config does not have
 */
export function replayLook(
  config: Config,
  replay: Replay,
  measurement: Measurement,
  units: LookInput['units'],
): { readonly replay: Replay; readonly look: ReplayedLook } | null {
  const stage = findStage(config.rollout.stages, measurement.stage);
  if (stage === null) return null;
  const begun = replay.stages.get(stage.label) ?? beginStage(config, stage, replay.earlier, measurement);
  const grown = addWindow(begun.evidence, begun.plan, measurement);
  const share = shareOf(stage, measurement, config.rollout.holdback);
  const silence = share === null ? NO_SILENCE : addSilence(begun.silence, measurement, share);
  const silent = isSilent(silence) || isWithoutData(measurement, stage);
  const current = { ...begun, ...grown, silence, silentIntervals: silent ? begun.silentIntervals + 1 : 0 };
  const { verdicts, decision } = lookAtReplayed(config, current, measurement, share, units);
  return {
    replay: {
      looks: replay.looks + 1,
      stages: new Map(replay.stages).set(stage.label, current),
      earlier: [...replay.earlier, measurement],
    },
    look: { look: replay.looks + 1, window: measurement.window, stage: stage.label, verdicts, decision },
  };
}

function lookAtReplayed(
  config: Config,
  { stage, plan, evidence, silence, silentIntervals }: ReplayedStage,
  measurement: Measurement,
  share: number | null,
  units: LookInput['units'],
): Look {
  const { from, to } = evidence.period ?? measurement.window;
  return takeLook(config, stage, {
    plan,
    evidence: { sinceWritten: evidence, sinceVerified: evidence },
    units,
    share,
    silence,
    sourceProblems: isWithoutData(measurement, stage) ? ['no_source_data'] : [],
    extensions: 0,
    consecutiveErrors: 0,
    silentIntervals,
    paused: false,
    elapsed: to - from,
    // A record has no workflows, checks or people; a gate that needs them reports them as missing.
    workflowsGreen: stage.gate.workflows.length === 0,
    checksGreen: stage.gate.checks.length === 0,
    manuallyApproved: false,
    approvals: 0,
    insideAdvanceWindow: isInAdvanceWindow(config.rollout.advance_window, measurement.window.to),
  });
}

function beginStage(
  config: Config,
  stage: RolloutStage,
  earlier: readonly Measurement[],
  { window }: Measurement,
): ReplayedStage {
  const plan = planStage(stageSetting(config, stage), stageBaseline(config, stage, earlier, window.from));
  return { stage, plan, evidence: noEvidence(plan), silence: NO_SILENCE, silentIntervals: 0 };
}
