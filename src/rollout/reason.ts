/** Why a rollout stands still or went back: stable codes; messages/ has the sentences. */

/** Pauses that a look at the numbers led to: whoever may force may go on from them. */
export const PAUSES_BY_NUMBERS = [
  'metric_failed',
  'both_arms_failed',
  'cost_failed',
  'historical_failed',
  'blind',
  'undecided_too_long',
] as const;

export const PAUSE_REASONS = [
  'by_person',
  'rolled_back_to_stage',
  'issue_closed',
  ...PAUSES_BY_NUMBERS,
  'traffic_not_written',
  'traffic_drifted',
  'stage_gone',
  'policy',
  'start_refused',
] as const;
export type PauseReason = (typeof PAUSE_REASONS)[number];

export const ROLLBACK_REASONS = ['by_person', 'metric_failed', 'blind'] as const;
export type RollbackReason = (typeof ROLLBACK_REASONS)[number];
