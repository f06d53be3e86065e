/** Replays recorded measurements as a rollout would have looked at them. */
import type { Config, RolloutStage } from '../config/schema.ts';
import { findStage, isShadow, sameStage } from '../config/stages.ts';
import { withoutCounts } from '../judge/evidence.ts';
import { addSilence, isSilent, NO_SILENCE, type Silence } from '../judge/health.ts';
import type { Kept } from '../judge/kept.ts';
import { hasWatch, isWithoutData, shareOf } from '../judge/stage-setting.ts';
import { spanOf, withCopies } from '../measure/add.ts';
import type { Measurement } from '../measure/measurement.ts';
import { isInAdvanceWindow } from './advance-window.ts';
import { provedBy } from './fidelity.ts';
import { type Look, takeLook } from './look.ts';
import { pastWindow, tasksPerDay } from './past-windows.ts';
import type { Question } from './question.ts';
import { type BegunStage, begun, watched } from './road.ts';
import { isWholeOnGateway, sharesAt } from './shares.ts';
import type { Decision } from './stage-decision.ts';
import { TIME_AWAY } from './step-back.ts';

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
  readonly stage: BegunStage;
  readonly evidence: Kept['stage'];
  /** From the first window to the last, milliseconds since 1970. */
  readonly period: Measurement['window'];
  readonly silence: Silence;
  readonly silentIntervals: number;
  /** When the traffic would have returned after each incident. */
  readonly returns: readonly number[];
}

const AWAY: Decision = { kind: 'hold', reasonCode: 'stepped_back', metrics: [], missing: [] };
const NOT_BEGUN = { silence: NO_SILENCE, silentIntervals: 0, returns: [] };

export interface Replay {
  readonly looks: number;
  readonly stages: ReadonlyMap<string, ReplayedStage>;
  readonly road: Kept['road'];
  /** Everything so far, for the baselines of later stages. */
  readonly earlier: readonly Measurement[];
  /** Where a regression was asked about, and its ratio: a record that continues with another stage shows that somebody accepted it. */
  readonly noticed: { readonly stage: string; readonly ratio: number } | null;
}

export const REPLAY_START: Replay = { looks: 0, stages: new Map(), road: null, earlier: [], noticed: null };

/**
 * Adds one more measurement. It counts for the stage that it names.
 * @returns null for a stage that the config does not have
 */
export function replayLook(
  config: Config,
  replay: Replay,
  measurement: Measurement,
): { readonly replay: Replay; readonly look: ReplayedLook } | null {
  const asked = findStage(config.rollout.stages, measurement.stage);
  if (asked === null) return null;
  const { window } = measurement;
  const shown = isShadow(asked) ? withCopies(measurement) : measurement;
  const before = replay.stages.get(asked.label) ?? beginStage(config, asked, replay.earlier, window);
  const { stage } = before;
  const { stages, holdback } = config.rollout;
  const index = stages.findIndex((each) => sameStage(each, stage));
  const isLast = stages.at(-1)?.label === stage.label;
  const share = shareOf(stage, measurement, holdback);
  // The traffic of a record cannot be taken back: what it shows until the return counts for nothing.
  const hasLeft = window.from < (before.returns.at(-1) ?? 0);
  const isAway = hasLeft || share === 0;
  const silence = share === null || isAway ? NO_SILENCE : addSilence(before.silence, shown, share);
  const silent = isSilent(silence) || isWithoutData(shown, stage);
  const period = spanOf(before.period, window);
  const current = { ...before, period, silence, silentIntervals: silent ? before.silentIntervals + 1 : 0 };
  const taken = takeLook(config, stage, {
    kept: { stage: before.evidence, road: replay.road },
    windows: isAway ? [] : [{ measurement, verified: true }],
    earlier: replay.earlier,
    since: period.from,
    dropRestartsBefore: before.returns.at(-1) ?? null,
    question: answeredBefore(stage, replay),
    model: provedBy(measurement),
    stepsBack: before.returns.length,
    isWhole: isWholeOnGateway(sharesAt(stages, index, holdback), holdback),
    share,
    problems: isWithoutData(shown, stage) ? ['no_source_data'] : [],
    extensions: 0,
    consecutiveErrors: 0,
    ...current,
    paused: false,
    elapsed: Math.max(0, period.to - period.from - before.returns.length * TIME_AWAY),
    // A record has no workflows, checks or people; a gate that needs them reports them as missing.
    workflowsGreen: stage.gate.workflows.length === 0,
    checksGreen: stage.gate.checks.length === 0,
    lastStage: isLast && (stage.watching || !hasWatch(config)),
    manuallyApproved: stage.watching,
    approvals: 0,
    insideAdvanceWindow: isInAdvanceWindow(config.rollout.advance_window, window.to),
  });
  const { verdicts, evidence } = taken;
  const decision = hasLeft ? AWAY : taken.decision;
  const away = decision.kind === 'step-back' ? [window.to + TIME_AWAY] : [];
  const seen = { ...current, returns: [...before.returns, ...away], evidence: evidence.stage };
  const next = isLast && decision.kind === 'advance' ? beginWatch(config, seen, window.to) : seen;
  return {
    replay: {
      looks: replay.looks + 1,
      stages: new Map(replay.stages).set(stage.label, next),
      road: evidence.road,
      earlier: [...replay.earlier, measurement],
      noticed: noticedBy(taken, stage, replay),
    },
    look: { look: replay.looks + 1, window, stage: stage.label, verdicts, decision },
  };
}

function answeredBefore({ label }: BegunStage, { noticed }: Replay): Question | null {
  return noticed === null || noticed.stage === label ? null : { slice: null, answered: noticed.ratio };
}

function noticedBy(
  { decision, notice }: Look,
  { label }: BegunStage,
  { noticed }: Replay,
): Replay['noticed'] {
  const isAsked = notice !== null && decision.reasonCode === 'regression_noticed';
  return isAsked ? { stage: label, ratio: notice.ratio ?? notice.low } : noticed;
}

function beginWatch({ rollout }: Config, { stage, evidence }: ReplayedStage, at: number): ReplayedStage {
  return {
    ...NOT_BEGUN,
    stage: watched(stage, rollout.watch),
    period: { from: at, to: at },
    evidence: evidence && withoutCounts(evidence),
  };
}

function beginStage(
  config: Config,
  asked: RolloutStage,
  earlier: readonly Measurement[],
  period: Measurement['window'],
): ReplayedStage {
  const past = earlier.map((each) => pastWindow(each, findStage(config.rollout.stages, each.stage) ?? asked));
  const stage = begun(asked, tasksPerDay(config, past, asked, period.from));
  return { ...NOT_BEGUN, stage, period, evidence: null };
}
