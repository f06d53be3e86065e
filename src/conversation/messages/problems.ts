/** Problems that the issue shows until they are gone: what each code means, and what a person does about it. */
import { reasonClause, sentenceOf } from '../../wording/decisions.ts';
import { AFTER_PAUSE } from './next-steps.ts';

interface ProblemText {
  readonly what: string;
  /** Empty where the detail says it. */
  readonly next: string;
}

/** Codes that are not the reason of a decision. */
const WHAT: Readonly<Record<string, string>> = {
  no_measure: 'No metrics source: the config has no `measure`, so the gates of these stages cannot pass:',
  no_measurements: 'No measurements are available.',
  measuring_not_started: 'The App could not start the workflow that measures, so its schedule alone does:',
  not_done: 'The App could not write something to GitHub:',
  state_refused: 'The state of the rollout cannot be written.',
  rollback_not_written: 'The rollback could not be written to a traffic target. The App keeps retrying.',
  gateway_still_has_traffic: 'The gateway still gets traffic after the rollback.',
  copies_not_stopped: 'The application still copies requests to the gateway, which costs money.',
  absurd_amounts: 'A measurement has amounts that cannot be right. They count as unpriced:',
  low_balance: "The gateway's balance or key limit will not last the stage.",
  model_not_asked: 'The newest window did not ask whether the gateway serves the same model.',
  model_suspected: 'The gateway may not answer as the official model does. Not proved yet; 1,000 proves:',
  permissions_missing: 'The App lacks permissions that the config needs.',
  reviewers_delay_rollback:
    'The environment of a deployment target requires reviewers, which would delay a rollback too.',
  run_unknown: 'This GitHub server does not say which run it started, so the App cannot wait for it.',
  token_limited:
    "With the job's own token, commits and deployments start no workflow and variables cannot be written.",
};

const READS_SHARE = 'Check that the application reads the share that the targets hold.';

const NEXT: Readonly<Record<string, string>> = {
  no_measure: 'Name a source under `measure`, or set `manual: true` in these gates.',
  no_measurements: 'Check the workflow that `measure` names, or the metrics source.',
  source_error: 'Check the run of the observing workflow, or the log of the App.',
  stale_window: 'Check that the observing workflow still runs.',
  silent_arm: 'Check that the application reads the share, and that its metrics arrive.',
  clock_skew: 'Correct the clock that is wrong.',
  traffic_share: READS_SHARE,
  no_source_data: 'Check the labels and names under `measure`.',
  config_broken:
    'Until then the last valid one is used for monitoring and rollback. Fix it on the default branch.',
  measuring_not_started:
    'Give it the trigger `workflow_dispatch`, and the App the permission `actions: write`.',
  not_done: 'Check the permissions of the App and the issue.',
  rollback_not_written: 'Take the traffic back by hand now.',
  traffic_drifted: AFTER_PAUSE.traffic_drifted,
  gateway_still_has_traffic: READS_SHARE,
  copies_not_stopped: 'Check that the application reads the share of copies that the targets hold.',
  absurd_amounts: 'Check the usage and cost that the metrics source reports.',
  low_balance: 'Top it up before the share is raised.',
  model_not_asked: 'Check the log of `observe`: it needs the keys of both sides.',
  model_suspected: 'Nothing yet: more pairs will tell.',
  model_differs: 'Comment `/advance-rollout` to accept it, or `/rollback-rollout`.',
  permissions_missing: "Grant them in the App's settings.",
  reviewers_delay_rollback: 'Remove the reviewers, or write the share to another target.',
  run_unknown: 'The share check shows whether the share was applied. A newer server names the run.',
  token_limited:
    'Use the token of an App, or only `workflow` and `dispatch` targets, and files with `deployed_by: pull`.',
};

/**
 * @param code such as `stale_window`, or one with a part of its own after it, such as `traffic_drifted:0`
 * @returns null for a code without a sentence; it is shown with its detail alone
 */
export function problemText(code: string): ProblemText | null {
  const [name = ''] = code.split(':');
  const clause = reasonClause(name);
  const what = own(WHAT, name) ?? (clause === null ? null : sentenceOf(clause));
  return what === null ? null : { what, next: own(NEXT, name) ?? '' };
}

function own(table: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
