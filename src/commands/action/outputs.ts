/** The Action's outputs; action.yml repeats this table, and a test compares the two. */
export const OUTPUTS = {
  verdict: {
    description:
      'Of command: check. ready, not-ready or skipped. Skipped only for pull requests from forks and of Dependabot, whose runs get no key. Empty for other commands.',
  },
  'reason-code': {
    description:
      'Why, as a stable word: all_passed, passed_with_warnings, the id of the first failing probe, no_secrets_on_fork, no_secrets_for_dependabot, untrusted_head, command_succeeded, command_failed, that of the decision of observe, nothing_new, reconciled or app_failed of app, or what is wrong with the call (missing_key, config_invalid, ...).',
  },
  report: {
    description:
      'Path of the report: JSON of check and exec, JSONL of all measurements of observe. Empty when nothing was asked.',
  },
  html: { description: 'Path of the HTML page, where one was written.' },
  'models-missing': {
    description:
      'Models in use that the gateway does not serve, by their names in the code, separated by commas.',
  },
  'hard-coded': {
    description:
      'How many base URLs, keys and models are hard-coded in the product. Only of command: check and command: inventory.',
  },
  readiness: {
    description:
      'Share of these settings that configuration decides, in percent. Only of command: check and command: inventory.',
  },
  'exit-code': { description: 'Of the command that exec ran; the step ends with it.' },
  decision: {
    description:
      'What the measurements of the stage allow, by observe: advance, complete, hold, pause or rollback. The Action itself moves nothing.',
  },
  'official-success-rate': {
    description:
      "Percent of the official arm's tasks that succeeded, in the run of exec or the window of observe.",
  },
  'official-tokens': { description: 'Input and output tokens of the official arm.' },
  'official-cost-usd': { description: 'Cost of the official arm in USD. Empty where a price is unknown.' },
  'gateway-success-rate': {
    description:
      "Percent of the gateway's tasks that succeeded, in the run of exec or the window of observe.",
  },
  'gateway-tokens': { description: 'Input and output tokens of the gateway.' },
  'gateway-cost-usd': { description: 'Cost of the gateway in USD. Empty where a price is unknown.' },
} as const;

export type OutputName = keyof typeof OUTPUTS;

/** Those that are not given are empty. */
export type Outputs = Partial<Readonly<Record<OutputName, string>>>;
