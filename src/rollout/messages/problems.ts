/** Problems that stand on the issue until they are gone: a headline for each code, and what to do about it. */

interface ProblemText {
  readonly what: string;
  /** Empty where the detail says it. */
  readonly next: string;
}

const PROBLEMS = {
  no_source: {
    what: 'Nobody measures production: the config has no `measure`, so the gates of production stages cannot pass.',
    next: 'Name a source under `measure`, or write `manual: true` in these gates.',
  },
  metric_left_out: { what: 'A default metric is left out, because the source cannot give it.', next: '' },
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
  blind: { what: 'The numbers stay away.', next: 'Mend the source of measurements.' },
  config_broken: {
    what: 'The newest config is not valid. The last valid one stays in force for watching and rollback; nothing advances.',
    next: 'Mend the config on the default branch.',
  },
  stage_gone: { what: 'The config no longer has the present stage.', next: '' },
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
  ruleset_missing: {
    what: 'No ruleset keeps others from writing the branches `gateway-rollout/**`.',
    next: 'Add the ruleset that the documentation of the App gives.',
  },
  reviewers_delay_rollback: {
    what: 'The environment of a deployment target asks for reviewers, who would delay a rollback too.',
    next: 'Take the reviewers out, or write the share to another target.',
  },
  token_limited: {
    what: "With the job's own token, commits and deployments start no workflow and variables cannot be written.",
    next: 'Use the token of an App, or `dispatch` as the only target.',
  },
  issue_locked: {
    what: 'The issue is locked, so commands and answers cannot be written.',
    next: 'Unlock the conversation.',
  },
  body_edited: { what: 'What the App writes in this issue was edited, and has been restored.', next: '' },
} as const satisfies Record<string, ProblemText>;

/** Codes that have their own sentence; another one is shown with its detail alone. */
export type ProblemCode = keyof typeof PROBLEMS;

/** @returns null for a code without a sentence of its own */
export function problemText(code: string): ProblemText | null {
  const known: Readonly<Record<string, ProblemText | undefined>> = PROBLEMS;
  return (Object.hasOwn(known, code) ? known[code] : undefined) ?? null;
}
