/** Why the judge decides what it decides, and what a gate still lacks, in words. */
import type { DecisionReason, Missing } from '../rollout/stage-decision.ts';
import { span, whole } from './amounts.ts';

/** Parts of sentences. */
export const DECISION_REASONS = {
  aborted_by_person: 'a person aborted the rollout',
  rolled_back_by_person: 'a person asked for the rollback',
  metric_failed: 'the gateway is proven to be beyond a limit',
  both_arms_failed: 'both arms are beyond a limit, so it is not the gateway',
  cost_failed: 'a cost is beyond its limit',
  historical_failed: 'the gateway is beyond a limit against what the official arm was before',
  blind: 'the numbers stayed away for too long',
  source_error: 'the source of measurements answers with an error',
  stale_window: 'the newest window of measurements ended too long ago',
  silent_arm: 'one arm shows no tasks where there should be many',
  clock_skew: 'the clocks of the source and of the judge differ',
  traffic_share: 'the tasks of the arms do not stand in the ratio that the stage says',
  no_source_data: 'the source has no data of an arm',
  paused: 'the rollout is paused',
  gate_not_met: 'the gate still lacks something',
  outside_advance_window: 'the gate is met, and this is no hour at which the rollout may advance by itself',
  undecided: 'the numbers do not yet prove that every limit is kept',
  undecided_too_long: 'the gate was not decided within `max_duration`',
  no_failure_metric: 'no metric tells failures, and without one the rollout does not advance by itself',
  no_latency_metric: 'no metric tells times, and without one the rollout does not advance by itself',
  person_needed: 'the gate is met, and a person must say go',
  approvals_missing: 'the gate is met, and approvals are missing',
  gate_met: 'the gate is met',
} as const satisfies Record<DecisionReason, string>;

/**
 * `120 of 500 tasks on the gateway.`
 * @param notGreen which of the named runs are not green, where that is known: `: <name> is still running`
 */
export function missingSentence(missing: Missing, notGreen = ''): string {
  switch (missing.what) {
    case 'tasks':
      return `${whole(missing.have)} of ${whole(missing.need)} tasks on the gateway.`;
    case 'duration':
      return `${span(missing.have)} of ${span(missing.need)} in the stage.`;
    case 'approvals':
      return `${missing.have} of ${missing.need} approvals.`;
    case 'workflows':
      return `The newest runs of the named workflows must be green${notGreen}.`;
    case 'checks':
      return `The named checks must be green${notGreen}.`;
    case 'verification':
      return 'The traffic is not verified yet: a target has not confirmed the share of the stage.';
  }
}

/** `The gate is met.` of `the gate is met`. */
export function sentenceOf(clause: string): string {
  return `${clause.charAt(0).toUpperCase()}${clause.slice(1)}.`;
}
