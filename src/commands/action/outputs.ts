/** The Action's outputs; action.yml repeats this table, and a test compares the two. */
export const OUTPUTS = {
  verdict: {
    description:
      'ready, not-ready or skipped. Skipped only for pull requests from forks and of Dependabot, whose runs get no key. Empty for command: inventory and command: config.',
  },
  'reason-code': {
    description:
      'Why, as a stable word: all_passed, passed_with_warnings, the id of the first failing probe, no_secrets_on_fork, no_secrets_for_dependabot, untrusted_head, or what is wrong with the call (missing_key, config_invalid, ...).',
  },
  report: { description: 'Path of the report as JSON. Empty when the gateway was not asked.' },
  'models-missing': {
    description:
      'Models in use that the gateway does not serve, by their names in the code, separated by commas.',
  },
  'hard-coded': {
    description:
      'How many base URLs, keys and models are hard-coded in the product. Empty for command: config.',
  },
  readiness: {
    description: 'Share of these settings that configuration decides, in percent. Empty for command: config.',
  },
} as const;

export type OutputName = keyof typeof OUTPUTS;
