/** A look at the current stage of a rollout that runs. */
import type { Config, RolloutStage } from '../config/schema.ts';
import type { HealthProblem } from '../judge/health.ts';
import { isInAdvanceWindow } from './advance-window.ts';
import { currentEvidence } from './current-evidence.ts';
import type { Gap } from './gap.ts';
import { type Look, takeLook } from './look.ts';
import { type Rollout, stageOf } from './road.ts';
import { shareOfSlice } from './shares.ts';
import type { Decision } from './stage-decision.ts';
import type { StageState } from './stage-state.ts';

/** What a person does at the moment of the look. */
export interface Asking {
  /** Wants to go on: what a manual gate waits for, and no matter of the advance window. */
  readonly go: boolean;
  /** Different people who approve, the one who asks included. */
  readonly approvals: number;
}

/**
 * Looks at the stage.
 * @returns null where nothing is judged: rolled back, over, or at a stage that the config has no more
 */
export function lookAt(rollout: Rollout, now: number, asking: Asking | null = null): Look | null {
  const { status } = rollout.state;
  const stage = stageOf(rollout);
  if (stage === null || (status.kind !== 'progressing' && status.kind !== 'paused')) return null;
  const { config, state } = rollout;
  const { plan, evidence } = currentEvidence(rollout, stage);
  const { gateway, official } = state.stage.total;
  const late = lateIntervals(rollout, stage, now);
  const moves = stage.kind === 'share';
  const look = takeLook(config, stage, {
    plan,
    evidence,
    units: { gateway: gateway?.units ?? [], official: official?.units ?? [] },
    share: moves ? shareOfSlice(state.stage.traffic.shares, stage.slice) : null,
    silence: state.stage.silence,
    sourceProblems: [...(late > 0 ? (['stale_window'] as const) : []), ...sourceProblems(rollout, stage)],
    extensions: state.stage.extensions,
    // Intervals without a window are errors of whoever measures.
    consecutiveErrors: Math.max(state.stage.consecutiveErrors, late),
    silentIntervals: state.stage.silentIntervals,
    paused: status.kind === 'paused',
    elapsed: elapsedIn(state.stage, now),
    workflowsGreen: areGreen(stage.gate.workflows, state.stage.checks.workflows),
    checksGreen: areGreen(stage.gate.checks, state.stage.checks.checks),
    manuallyApproved: asking?.go === true || state.stage.approvals.length > 0 || goesByItself(config, stage),
    approvals: asking?.approvals ?? state.stage.approvals.length,
    insideAdvanceWindow: asking?.go === true || isInAdvanceWindow(config.rollout.advance_window, now),
  });
  const unmeasured =
    moves && Object.keys(stage.gate.metrics).length > 0 && evidence.sinceVerified.windows === 0;
  const broken = state.brokenConfig !== null;
  const decision = heldBack(look.decision, { broken, unmeasured, behind: moves && state.stage.isBehind });
  return { ...look, decision };
}

/** What stands between the stage and the next one, for a message. */
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

/** Milliseconds since the traffic was verified, without pauses; null before. */
export function elapsedIn({ traffic, clock }: StageState, now: number): number | null {
  if (traffic.verifiedAt === null) return null;
  const end = clock.stoppedSince === null ? now : Math.max(clock.stoppedSince, traffic.verifiedAt);
  return Math.max(0, end - traffic.verifiedAt - clock.stopped);
}

/**
 * Whatever else holds, nothing goes forward under a config that is broken, where nothing was measured, or while newer
 * windows are known that are not counted yet.
 */
function heldBack(
  decision: Decision,
  { broken, unmeasured, behind }: Readonly<Record<'broken' | 'unmeasured' | 'behind', boolean>>,
): Decision {
  if (decision.kind !== 'advance' && decision.kind !== 'complete') return decision;
  if (broken) return { ...decision, kind: 'hold', reasonCode: 'config_broken' };
  if (unmeasured) return { ...decision, kind: 'hold', reasonCode: 'no_windows' };
  return behind ? { ...decision, kind: 'hold', reasonCode: 'windows_unseen' } : decision;
}

/** A stage without traffic has neither failures nor times to see: its workflows and checks are enough. */
function goesByItself({ rollout }: Config, { kind, gate }: RolloutStage): boolean {
  return kind !== 'share' && !gate.manual && rollout.advance === 'automatic';
}

const STALE_AFTER_INTERVALS = 3;

/** By how many intervals the newest window is older than it may be; 0 where it is not, or none is awaited. */
function lateIntervals({ config, state }: Rollout, stage: RolloutStage, now: number): number {
  const { watchedSince, measuredTo } = state.stage;
  if (config.measure === null || stage.kind !== 'share' || watchedSince === null) return 0;
  const newest = Math.max(watchedSince, measuredTo ?? 0);
  const intervals = (now - newest) / config.measure.interval;
  return Math.max(0, Math.ceil(intervals - STALE_AFTER_INTERVALS));
}

const SOURCE_PROBLEMS: readonly HealthProblem[] = ['source_error', 'no_source_data', 'clock_skew'];

/** Whether the source itself said it: gone with its next good window. @param code of a problem of the state */
export function isSourceProblem(code: string): boolean {
  return SOURCE_PROBLEMS.some((problem) => problem === code);
}

/** What the source said last, as the state shows it to people. */
function sourceProblems({ state }: Rollout, stage: RolloutStage): readonly HealthProblem[] {
  if (stage.kind !== 'share') return [];
  return SOURCE_PROBLEMS.filter((problem) => state.problems.some(({ code }) => code === problem));
}

function areGreen(names: readonly string[], states: Readonly<Record<string, string>>): boolean {
  return names.every((name) => Object.hasOwn(states, name) && states[name] === 'green');
}
