/** A look at the current stage of a running rollout. */
import type { Config, RolloutStage } from '../config/schema.ts';
import type { NewWindow } from '../judge/assess.ts';
import type { HealthProblem } from '../judge/health.ts';
import { isInAdvanceWindow } from './advance-window.ts';
import type { Gap } from './gap.ts';
import { type Look, takeLook } from './look.ts';
import { pastMeasurements } from './past-windows.ts';
import type { DecisionReason } from './reason.ts';
import { currentQuestion } from './regression.ts';
import { type BegunStage, isWatchNext, nextStage, type Rollout, stageOf } from './road.ts';
import { isWholeOnGateway, shareOfSlice } from './shares.ts';
import type { StageFacts } from './stage-decision.ts';
import { elapsedIn } from './stage-state.ts';
import { isSteppedBack, type RolloutState } from './state.ts';

/**
 * Looks at the stage.
 * @param asked by a person who wants to advance: that satisfies a manual gate, and ignores the advance window.
 *   `approvals` counts the different people who approve, that one included. Null: nobody asks.
 * @param windows that were not counted yet
 * @returns null where nothing is judged: rolled back, over, or at a stage that the config no longer has
 */
export function currentLook(
  rollout: Rollout,
  now: number,
  asked: { readonly approvals: number } | null = null,
  windows: readonly NewWindow[] = [],
): Look | null {
  const { status } = rollout.state;
  const stage = stageOf(rollout);
  if (stage === null || (status.kind !== 'progressing' && status.kind !== 'paused')) return null;
  const { config, state } = rollout;
  const { enteredAt } = state.stage;
  const late = lateIntervals(rollout, stage, now);
  const moves = stage.kind === 'share';
  const newest = state.stage.stepsBack.at(-1);
  const look = takeLook(config, stage, {
    kept: { stage: state.stage.evidence, road: state.road },
    windows,
    earlier: pastMeasurements(state.past, stage, enteredAt),
    since: enteredAt,
    // The hours before the newest step back raised its alarm, and would raise it again: nothing was counted since.
    dropRestartsBefore: newest === undefined ? null : Math.ceil(newest / HOUR) * HOUR,
    model: modelIn(state, asked !== null),
    question: asked === null ? currentQuestion(rollout) : 'accepted',
    stepsBack: state.stage.stepsBack.length,
    isWhole: isWholeOnGateway(state.stage.traffic.shares, config.rollout.holdback),
    share: moves ? shareOfSlice(state.stage.traffic.shares, stage.slice) : null,
    silence: state.stage.silence,
    problems: [...(late > 0 ? (['stale_window'] as const) : []), ...sourceProblems(rollout, stage)],
    extensions: state.stage.extensions,
    // An interval without a window counts as an error of the source.
    consecutiveErrors: Math.max(state.stage.consecutiveErrors, late),
    silentIntervals: state.stage.silentIntervals,
    paused: status.kind === 'paused',
    elapsed: elapsedIn(state.stage, now),
    workflowsGreen: areGreen(stage.gate.workflows, state.stage.checks.workflows),
    checksGreen: areGreen(stage.gate.checks, state.stage.checks.checks),
    manuallyApproved: asked !== null || state.stage.approvals.length > 0 || advancesByItself(config, stage),
    approvals: asked?.approvals ?? state.stage.approvals.length,
    lastStage: nextStage(rollout) === null && !isWatchNext(rollout),
    insideAdvanceWindow: asked !== null || isInAdvanceWindow(config.rollout.advance_window, now),
  });
  const reasonCode = brakeOn(state, stage, look.windows);
  const isMet = look.decision.kind === 'advance' || look.decision.kind === 'complete';
  if (!isMet || reasonCode === null) return look;
  return { ...look, decision: { ...look.decision, kind: 'hold', reasonCode } };
}

/** What is missing between the stage and the next one, for a message. */
export function gapOf({ decision, verdicts }: Look): Gap {
  const metrics = Object.entries(verdicts).filter(([name]) =>
    decision.metrics.some((metric) => metric === name),
  );
  return {
    reasonCode: decision.reasonCode,
    missing: [...decision.missing],
    metrics: Object.fromEntries(metrics),
  };
}

/**
 * Even where the gate is met, nothing advances under a broken config, before anything was measured, or while newer
 * windows are known but not counted yet.
 */
function brakeOn(state: RolloutState, { kind, gate }: RolloutStage, windows: number): DecisionReason | null {
  if (state.brokenConfig !== null) return 'config_broken';
  if (kind !== 'share') return null;
  if (windows === 0 && Object.keys(gate.metrics).length > 0) return 'no_windows';
  return state.stage.isBehind ? 'windows_unseen' : null;
}

/** A person who asks to advance accepts a model that differs, but not another one. */
function modelIn({ model }: RolloutState, isAsked: boolean): StageFacts['model'] {
  const isAccepted = model?.isAccepted || (isAsked && model?.verdict === 'differs');
  return model === null || isAccepted ? null : model.verdict;
}

const HOUR = 3_600_000;

/**
 * A stage without traffic has no failures or latencies to measure: its workflows and checks are enough. The end of the
 * watch moves no traffic, unless a holdback is released.
 */
function advancesByItself({ rollout }: Config, { kind, gate, watching }: BegunStage): boolean {
  const isAutomatic = rollout.advance === 'automatic';
  if (watching) return isAutomatic || rollout.holdback === 0;
  return kind !== 'share' && !gate.manual && isAutomatic;
}

const STALE_AFTER_INTERVALS = 3;

/** How many intervals the newest window is overdue; 0 where it is not, or where no window is expected. */
function lateIntervals({ config, state }: Rollout, stage: RolloutStage, now: number): number {
  const { watchedSince, measuredTo } = state.stage;
  if (config.measure === null || stage.kind !== 'share' || watchedSince === null) return 0;
  if (isSteppedBack(state)) return 0;
  const newest = Math.max(watchedSince, measuredTo ?? 0);
  const intervals = (now - newest) / config.measure.interval;
  return Math.max(0, Math.ceil(intervals - STALE_AFTER_INTERVALS));
}

const SOURCE_PROBLEMS: readonly HealthProblem[] = ['source_error', 'no_source_data', 'clock_skew'];

/** Whether the source reported it: cleared by its next good window. @param code of a problem of the state */
export function isSourceProblem(code: string): boolean {
  return SOURCE_PROBLEMS.some((problem) => problem === code);
}

/** What the source last reported, as the state keeps it. */
function sourceProblems({ state }: Rollout, stage: RolloutStage): readonly HealthProblem[] {
  if (stage.kind !== 'share') return [];
  return SOURCE_PROBLEMS.filter((problem) => state.problems.some(({ code }) => code === problem));
}

function areGreen(names: readonly string[], states: Readonly<Record<string, string>>): boolean {
  return names.every((name) => Object.hasOwn(states, name) && states[name] === 'green');
}
