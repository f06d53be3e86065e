/**
 * The one question that a rollout asks at a look: here is what you knew and what is new; what does it say, and what
 * must be kept?
 */
import type { Config, RolloutStage } from '../config/schema.ts';
import { isShadow } from '../config/stages.ts';
import type { Measurement } from '../measure/measurement.ts';
import { addWindow, type Judged, noEvidence, planStage } from './evidence.ts';
import { type HealthProblem, isShareWrong } from './health.ts';
import { judge } from './judge.ts';
import { type Kept, readRoad, readStage, writeRoad, writeStage } from './kept.ts';
import { newRoad, withoutRestarts } from './road.ts';
import { stageBaseline, stageSetting } from './stage-setting.ts';
import { NO_USERS } from './users.ts';
import type { Notice, Verdicts } from './verdict.ts';

export interface NewWindow {
  readonly measurement: Measurement;
  /** Whether it began after the traffic was verified; otherwise it can only count against the gateway. */
  readonly verified: boolean;
}

export interface Question {
  /** What the last look returned; the road is null at its start, after a retry, and after a change of what is judged. */
  readonly kept: Kept;
  readonly windows: readonly NewWindow[];
  /** What was measured before the stage, in the order of time; read only while nothing of the stage is kept. */
  readonly earlier: readonly Measurement[];
  /** When the stage began, milliseconds since 1970. */
  readonly since: number;
  /** Percent that the gateway should have of the stage's slice; null for a stage without traffic. */
  readonly share: number | null;
  /** What else is wrong with the measurements. */
  readonly problems: readonly HealthProblem[];
  /**
   * The quick alarm forgets restarts before this moment (milliseconds since 1970): the share returned after a step
   * back, and the same hours would raise the same alarm. The road's hours are still counted from its start.
   */
  readonly dropRestartsBefore: number | null;
}

export interface Assessment {
  readonly verdicts: Verdicts;
  /** Why comparisons cannot be trusted: those of the question, then what the counts show. */
  readonly problems: readonly HealthProblem[];
  /** The gateway is proven to be worse than the official API, within its limits or not. */
  readonly notice: Notice | null;
  /** Since the traffic was verified. */
  readonly tasks: { readonly gateway: number; readonly official: number };
  /** Windows since the traffic was verified. */
  readonly windows: number;
  /** To be kept until the next look. */
  readonly evidence: Kept;
}

/** One look at a stage. Pure: the same question has the same answer. */
export function assess(config: Config, stage: RolloutStage, question: Question): Assessment {
  const { kept, windows, share } = question;
  const judged = windows.reduce(
    (before, { measurement, verified }) => addWindow(before, measurement, verified),
    judgedSoFar(config, stage, question),
  );
  const { sinceVerified } = judged.evidence;
  const { users = NO_USERS } = sinceVerified;
  // Pairs need no right share, but no user may meet the gateway.
  const wrong = isShadow(stage)
    ? (sinceVerified.hours.at(-1)?.gateway ?? 0) > 0
    : isShareWrong(sinceVerified, share, config.rollout.cluster, users);
  const problems = [...question.problems, ...(wrong ? (['traffic_share'] as const) : [])];
  const { verdicts, notice, road } = judge(judged, stage.label, problems);
  const isNew = windows.length > 0;
  const isForgotten = road.restartsFrom !== (kept.road?.restartsFrom ?? null);
  return {
    verdicts,
    problems,
    notice,
    tasks: sinceVerified.tasks,
    windows: sinceVerified.windows,
    // A look that brings nothing new leaves what is kept as it is.
    evidence: {
      stage: isNew ? writeStage(judged.evidence) : kept.stage,
      road: isNew || isForgotten ? writeRoad(road) : kept.road,
    },
  };
}

function judgedSoFar(
  config: Config,
  stage: RolloutStage,
  { kept, earlier, since, dropRestartsBefore }: Question,
): Judged {
  const setting = stageSetting(config, stage);
  const slice = stage.kind === 'share' ? stage.slice : null;
  const known = kept.road?.slice === slice ? readRoad(kept.road) : newRoad(slice);
  const road = withoutRestarts(known, dropRestartsBefore);
  if (kept.stage === null) {
    const baseline = stageBaseline(config, stage, earlier, since);
    const plan = planStage(setting, { ...baseline, ...(road.clusters && { clusters: road.clusters }) });
    return { plan, evidence: noEvidence(plan), road };
  }
  const evidence = readStage(kept.stage);
  return { plan: planStage(setting, evidence.baseline), evidence, road };
}
