/** Problems that stand on the issue until they are gone: a headline for each code, and what to do about it. */

interface ProblemText {
  readonly what: string;
  /** Empty where the detail says it. */
  readonly next: string;
}

const PROBLEMS = {
  no_measure: {
    what: 'Nobody measures production: the config has no `measure`, so the gates of these stages cannot pass:',
    next: 'Name a source under `measure`, or write `manual: true` in these gates.',
  },
  no_measurements: {
    what: 'No measurements can be had.',
    next: 'Look at the workflow that `measure` names, or at the source of the operator.',
  },
  source_error: {
    what: 'The source of measurements answers with an error.',
    next: 'Look at the run of the observing workflow, or at the log of the App.',
  },
  stale_window: {
    what: 'The newest window of measurements ended too long ago.',
    next: 'Look whether the observing workflow still runs.',
  },
  silent_arm: {
    what: 'One arm shows no tasks where there should be many.',
    next: 'Look whether the application reads the share, and whether its metrics arrive.',
  },
  clock_skew: { what: "The source's clock and the App's differ.", next: 'Set the clocks.' },
  traffic_share: {
    what: 'The tasks of the arms do not stand in the ratio that the stage says.',
    next: 'Look whether the application reads the share that the target holds.',
  },
  no_source_data: {
    what: 'The source has no data of an arm.',
    next: 'Look at the labels and names under `measure`.',
  },
  config_broken: {
    what: 'The newest config is not valid. The last valid one stays in force for watching and rollback; nothing advances.',
    next: 'Mend the config on the default branch.',
  },
  not_done: {
    what: 'Something could not be written to GitHub:',
    next: 'Look at the permissions of the App and at the issue.',
  },
  state_refused: { what: 'The state of the rollout cannot be written.', next: '' },
  policy: { what: "The config's `policy` forbids the rollout.", next: '' },
  traffic_not_written: { what: 'A traffic target could not be written.', next: '' },
  rollback_not_written: {
    what: 'The rollback could not be written to a traffic target. It is tried again and again.',
    next: 'Take the traffic back by hand now.',
  },
  traffic_drifted: {
    what: 'A traffic target no longer holds what the stage says.',
    next: 'Comment `/resume-rollout` to write the share of the stage again, or `/rollback-rollout`.',
  },
  gateway_still_has_traffic: {
    what: 'The gateway still gets traffic although it was rolled back.',
    next: 'Look whether the application reads the share that the targets hold.',
  },
  low_balance: {
    what: "The gateway's balance or key limit will not last the stage.",
    next: 'Top it up before the share is raised.',
  },
  permissions_missing: {
    what: 'The App lacks permissions that the config needs.',
    next: "Grant them in the App's settings.",
  },
  reviewers_delay_rollback: {
    what: 'The environment of a deployment target asks for reviewers, who would delay a rollback too.',
    next: 'Take the reviewers out, or write the share to another target.',
  },
  token_limited: {
    what: "With the job's own token, commits and deployments start no workflow and variables cannot be written.",
    next: 'Use the token of an App, or `dispatch` as the only target.',
  },
} as const satisfies Record<string, ProblemText>;

/**
 * @param code such as `stale_window`, or one with a part of its own behind it, such as `traffic_drifted:0`
 * @returns null for a code without a sentence; it is shown with its detail alone
 */
export function problemText(code: string): ProblemText | null {
  const known: Readonly<Record<string, ProblemText | undefined>> = PROBLEMS;
  const [name = ''] = code.split(':');
  return (Object.hasOwn(known, name) ? known[name] : undefined) ?? null;
}
