/** Walks recorded measurements as a rollout would have looked at them. */
import type { Config, RolloutStage } from '../config/schema.ts';
import { addWindow, noEvidence, planStage, type StageEvidence, type StagePlan } from '../judge/evidence.ts';
import {
  addSilence,
  type HealthProblem,
  isShareWrong,
  isSilent,
  NO_SILENCE,
  type Silence,
} from '../judge/health.ts';
import { judge } from '../judge/judge.ts';
import { isWithoutData, shareOf, stageBaseline, stageSetting } from '../judge/stage-setting.ts';
import type { Verdicts } from '../judge/verdict.ts';
import type { Measurement, UnitCounts } from '../measure/measurement.ts';
import { isInAdvanceWindow } from './advance-window.ts';
import { type Decision, decideLook } from './stage-decision.ts';

/** What one window led to. */
export interface ReplayedLook {
  /** From 1. */
  readonly look: number;
  /** Milliseconds since 1970. */
  readonly window: Measurement['window'];
  readonly stage: string;
  readonly verdicts: Verdicts;
  readonly decision: Decision;
}

/** A stage while it is replayed. A record does not say when traffic was verified: it counts from the start. */
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

/** Sampled units of a stage, added up by whoever adds up measurements. */
export interface StageUnits {
  readonly gateway: readonly UnitCounts[];
  readonly official: readonly UnitCounts[];
}

/**
 * Goes on with one more measurement. It counts towards the stage that it names.
 * @param units of the stage, this measurement included
 * @returns null for a stage that the config does not have
 */
export function replayLook(
  config: Config,
  replay: Replay,
  measurement: Measurement,
  units: StageUnits,
): { readonly replay: Replay; readonly look: ReplayedLook } | null {
  const stage = config.rollout.stages.find(({ label }) => label === measurement.stage);
  if (stage === undefined) return null;
  const begun = replay.stages.get(stage.label) ?? beginStage(config, stage, replay.earlier, measurement);
  const grown = addWindow(begun.evidence, begun.plan, measurement);
  const share = shareOf(stage, measurement, config.rollout.holdback);
  const silence = share === null ? NO_SILENCE : addSilence(begun.silence, measurement, share);
  const silent = isSilent(silence) || isWithoutData(measurement, stage);
  const current = { ...begun, ...grown, silence, silentIntervals: silent ? begun.silentIntervals + 1 : 0 };
  const looked = lookAt(config, current, measurement, share, units);
  return {
    replay: {
      looks: replay.looks + 1,
      stages: new Map(replay.stages).set(stage.label, current),
      earlier: [...replay.earlier, measurement],
    },
    look: { look: replay.looks + 1, window: measurement.window, stage: stage.label, ...looked },
  };
}

function lookAt(
  config: Config,
  { stage, plan, evidence, silence, silentIntervals }: ReplayedStage,
  measurement: Measurement,
  share: number | null,
  units: StageUnits,
): { readonly verdicts: Verdicts; readonly decision: Decision } {
  const { rollout } = config;
  const { from, to } = evidence.period ?? measurement.window;
  const problems: HealthProblem[] = [
    ...(isWithoutData(measurement, stage) ? (['no_source_data'] as const) : []),
    ...(isSilent(silence) ? (['silent_arm'] as const) : []),
    ...(isShareWrong(evidence.tasks, share, rollout.cluster) ? (['traffic_share'] as const) : []),
  ];
  const verdicts = judge(plan, { sinceWritten: evidence, sinceVerified: evidence }, { problems, units });
  const decision = decideLook(
    {
      verdicts,
      problems,
      consecutiveErrors: 0,
      silentIntervals,
      asked: null,
      paused: false,
      tasks: evidence.tasks.gateway,
      elapsed: to - from,
      // A record says nothing of workflows, checks and people; where a gate asks for them it says so.
      workflowsGreen: stage.gate.workflows.length === 0,
      checksGreen: stage.gate.checks.length === 0,
      personSaidGo: false,
      approvals: 0,
      insideAdvanceWindow: isInAdvanceWindow(rollout.advance_window, measurement.window.to),
      lastStage: rollout.stages.at(-1)?.label === stage.label,
    },
    { ...rollout, gate: stage.gate },
  );
  return { verdicts, decision };
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
