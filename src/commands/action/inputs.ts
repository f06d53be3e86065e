import type { CheckSettings } from '../settings.ts';

interface InputDescription {
  readonly description: string;
  readonly default?: string;
}

const COMMANDS = ['check', 'inventory', 'config'] as const;
const FAIL_ON = ['', 'hard-coded'] as const;

/** The Action's inputs, all optional; action.yml repeats this table, and a test compares the two. */
export const INPUTS = {
  command: {
    description:
      'check: ask the gateway whether it is ready. inventory: only tell what the code uses of the API. config: validate the config and print it with its defaults.',
    default: 'check',
  },
  config: {
    description: 'Path of the config file. Default: .github/gateway-rollout.yml, where it exists.',
  },
  name: {
    description:
      'Name of the rollout, for repositories with several: reads .github/gateway-rollout/<name>.yml.',
  },
  'base-url': {
    description: "The gateway's base URL, usually ending in /v1. Default: gateway.base_url of the config.",
  },
  'api-key': {
    description: "The gateway's key, from a secret. Default: the environment variable GATEWAY_API_KEY.",
  },
  'official-api-key': {
    description: 'A key of the official API, to compare the gateway with it. Without it nothing is compared.',
  },
  'official-base-url': {
    description:
      'Base URL of the official API. Default: official.base_url of the config, else https://api.openai.com/v1.',
  },
  'disabled-key': {
    description:
      'A disabled key of the gateway, to see that its refusal can be understood. Never a working one.',
  },
  'empty-key': {
    description: 'A key of the gateway without balance, to see that its refusal can be understood.',
  },
  models: {
    description: 'Models to check, separated by commas. Default: models of the config.',
  },
  only: {
    description:
      'Probes or families of probes to ask, separated by commas, such as connection,stream.shape. Default: all.',
  },
  'max-cost-usd': {
    description:
      'The check stops before it would spend more than this, in USD. Default: check.max_cost_usd of the config.',
  },
  'fail-on': {
    description:
      'hard-coded: the job fails while a base URL, key or model is hard-coded in the product. Default: never for that.',
  },
  sarif: {
    description:
      'File to write hard-coded settings and hazards to, as SARIF for code scanning. Default: none.',
  },
  summary: {
    description: "Whether to write the job's summary: true or false.",
    default: 'true',
  },
} as const satisfies Readonly<Record<string, InputDescription>>;

export type InputName = keyof typeof INPUTS;

export interface Inputs {
  readonly settings: CheckSettings;
  readonly command: (typeof COMMANDS)[number];
  readonly summary: boolean;
  readonly failOnHardCoded: boolean;
  /** Null: no SARIF is written. */
  readonly sarif: string | null;
  /** What is wrong with the inputs themselves; the keys among `settings` must be masked all the same. */
  readonly problems: readonly string[];
}

/**
 * Read all inputs; the only place that does.
 * @param getInput reads one input by its name, `''` when it is not set
 */
export function readInputs(getInput: (name: InputName) => string): Inputs {
  const problems: string[] = [];
  const given = getInput('command') || INPUTS.command.default;
  const command = COMMANDS.find((name) => name === given);
  if (command === undefined) {
    problems.push(`The input command is "${given}". Expected ${COMMANDS.join(', ')}.`);
  }
  const summary = getInput('summary') || INPUTS.summary.default;
  if (!/^(true|false)$/i.test(summary)) {
    problems.push(`The input summary is "${summary}". Expected true or false.`);
  }
  const failOn = getInput('fail-on');
  if (!FAIL_ON.some((known) => known === failOn)) {
    problems.push(`The input fail-on is "${failOn}". Expected hard-coded, or nothing.`);
  }
  return {
    command: command ?? 'check',
    failOnHardCoded: failOn === 'hard-coded',
    sarif: getInput('sarif') || null,
    summary: summary.toLowerCase() !== 'false',
    problems,
    settings: {
      config: getInput('config'),
      name: getInput('name'),
      baseUrl: getInput('base-url'),
      apiKey: getInput('api-key'),
      officialBaseUrl: getInput('official-base-url'),
      officialApiKey: getInput('official-api-key'),
      disabledKey: getInput('disabled-key'),
      emptyKey: getInput('empty-key'),
      models: getInput('models'),
      only: getInput('only'),
      maxCostUsd: getInput('max-cost-usd'),
    },
  };
}
