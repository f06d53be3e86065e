/** Why a decision is made, and what a gate still needs, in words. */

import type { Missing } from '../rollout/gap.ts';
import type { DecisionReason } from '../rollout/reason.ts';
import { span, whole } from './amounts.ts';

/** A clause for each reason code. */
export const REASONS = {
  by_person: 'a person paused it',
  rolled_back_by_person: 'a person asked for the rollback',
  rolled_back_to_stage: 'a person took the traffic back to an earlier stage',
  aborted_by_person: 'a person aborted the rollout',
  issue_closed: 'the issue was closed by hand',
  metric_failed: 'the gateway violates a limit',
  both_arms_failed: 'both arms violate a limit, so the gateway is not to blame',
  cost_failed: 'a cost is above its limit',
  historical_failed: 'the gateway violates a limit compared with the earlier official numbers',
  other_model: 'the gateway serves a different model than the official API',
  blind: 'no measurements arrived for too long',
  copies_cost: 'copies cost more than `rollout.shadow.max_cost_usd` a day',
  undecided_too_long: 'the gate neither passed nor failed within `max_duration`',
  stepped_back: 'only the last hours violate a limit',
  traffic_not_written: 'a traffic target could not be written',
  traffic_drifted: 'a traffic target was changed by somebody else',
  stage_gone: 'the config no longer has the current stage',
  policy: "the config's `policy` forbids the rollout",
  start_refused: 'a traffic target cannot be written, so the rollout does not start',
  source_error: 'the metrics source returns an error',
  stale_window: 'the newest measurement is too old',
  silent_arm: 'one arm shows no tasks although it should have many',
  clock_skew: 'the clocks of the metrics source and of this program differ',
  traffic_share: "the observed traffic split does not match this stage's share",
  no_source_data: 'the metrics source has no data for one arm',
  paused: 'the rollout is paused',
  config_broken: 'the newest config is not valid, and nothing advances until it is fixed',
  gate_not_met: 'the gate is not met yet',
  outside_advance_window: 'the gate is met, but it is outside the advance window',
  undecided: 'not every limit has passed yet',
  no_windows: 'nothing has been measured in this stage yet',
  windows_unseen: 'newer measurements exist and are not counted yet',
  no_failure_metric: 'no metric measures failures, so the rollout does not advance by itself',
  no_latency_metric: 'no metric measures latency, so the rollout does not advance by itself',
  regression_noticed:
    'more tasks fail than on the official API, within the limits, and a person has to accept that',
  model_differs: 'the gateway does not answer as the official model does, and a person has to accept that',
  person_needed: 'the gate is met and waits for approval',
  approvals_missing: 'the gate is met, but approvals are missing',
  gate_met: 'the gate is met',
  forced: 'a person forced it past the gate',
  retried: 'a person restarted it',
  returned: 'the share returned after an incident',
  nothing_due: 'nothing to decide',
} as const satisfies Record<DecisionReason, string>;

/** The clause of a code, as the state or an alert carries it; null for a code that is not the reason of a decision. */
export function reasonClause(code: string): string | null {
  const known: Readonly<Record<string, string>> = REASONS;
  return Object.hasOwn(known, code) ? (known[code] ?? null) : null;
}

/** What a stage counts: a copy is not a task, since no user waits for its answer. */
export function countedNoun(areCopies: boolean | undefined): string {
  return areCopies ? 'copied requests' : 'tasks on the gateway';
}

/**
 * `120 of 500 tasks on the gateway.`
 * @param notGreen the named runs that are not green, where they are known: `: <name> (still running)`
 */
export function missingSentence(missing: Missing, notGreen = ''): string {
  switch (missing.what) {
    case 'tasks':
    case 'copies':
      return `${whole(missing.have)} of ${whole(missing.need)} ${countedNoun(missing.what === 'copies')}.`;
    case 'duration':
      return `${span(missing.have)} of ${span(missing.need)} in the stage.`;
    case 'approvals':
      return `${missing.have} of ${missing.need} approvals.`;
    case 'workflows':
      return `The newest runs of the named workflows must be green${notGreen}.`;
    case 'checks':
      return `The named checks must be green${notGreen}.`;
    case 'verification':
      return "The traffic is not verified yet: a target has not confirmed this stage's share.";
  }
}

/** A clause as a sentence: `the gate is met` → `The gate is met.` */
export function sentenceOf(clause: string): string {
  return `${clause.charAt(0).toUpperCase()}${clause.slice(1)}.`;
}
