/** Stable codes: why a decision is made, a rollout pauses or rolls back. The words are in wording/decisions.ts. */
import type { HealthProblem } from '../judge/health.ts';

/** Pauses that a look at the metrics led to: a force can leave them. */
export const PAUSES_BY_NUMBERS = [
  'metric_failed',
  'both_arms_failed',
  'cost_failed',
  'historical_failed',
  'other_model',
  'blind',
  'undecided_too_long',
] as const;

export const PAUSE_REASONS = [
  'by_person',
  'rolled_back_to_stage',
  'issue_closed',
  ...PAUSES_BY_NUMBERS,
  'stepped_back',
  'traffic_not_written',
  'traffic_drifted',
  'stage_gone',
  'policy',
  'start_refused',
] as const;
export type PauseReason = (typeof PAUSE_REASONS)[number];

export const ROLLBACK_REASONS = [
  'by_person',
  'metric_failed',
  'other_model',
  'blind',
  'copies_cost',
] as const;
export type RollbackReason = (typeof ROLLBACK_REASONS)[number];

/** The reason of every decision: for the log, the metrics, the outputs and the commit. */
export type DecisionReason =
  | PauseReason
  | Exclude<RollbackReason, 'by_person'>
  | HealthProblem
  | 'rolled_back_by_person'
  | 'aborted_by_person'
  | 'paused'
  /** The newest config cannot be used: nothing raises the share until it is fixed. */
  | 'config_broken'
  | 'gate_not_met'
  | 'outside_advance_window'
  | 'undecided'
  /** The gate names metrics, and not one window has been measured. */
  | 'no_windows'
  /** Newer windows are not counted yet, or a run failed to deliver its windows. */
  | 'windows_unseen'
  | 'no_failure_metric'
  | 'no_latency_metric'
  /** More tasks are proven to fail than on the official API, within the limits. */
  | 'regression_noticed'
  /** The gateway does not answer as the official model does, but nearer than another model would. */
  | 'model_differs'
  | 'person_needed'
  | 'approvals_missing'
  | 'gate_met'
  | 'forced'
  | 'retried'
  | 'returned'
  /** The event needed no decision about the stage. */
  | 'nothing_due';

/** Why a rollout is rolled back, among the reasons of decisions: there `by_person` is a pause. */
export function rollbackCode(reason: RollbackReason): DecisionReason {
  return reason === 'by_person' ? 'rolled_back_by_person' : reason;
}
