import { SOURCE_VARIABLES } from '../../measure/source-settings.ts';
import type { AppSettings } from '../app.ts';
import type { ExecSettings } from '../exec/plan.ts';
import type { ObserveSettings } from '../observe/plan.ts';
import { type CheckSettings, present } from '../settings.ts';

interface InputDescription {
  readonly description: string;
  readonly default?: string;
}

const COMMANDS = ['check', 'inventory', 'config', 'exec', 'observe', 'app'] as const;
const FAIL_ON = ['', 'hard-coded'] as const;

const OWN_INPUTS = {
  command: {
    description:
      'check: ask the gateway whether it is ready. inventory: only tell what the code uses of the API. config: validate the config and print it with its defaults. exec: run a test suite and record what it asks of the API. observe: measure production since the last time. app: walk the rollouts of this repository, as the App does on a server.',
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
  run: {
    description:
      "exec: the command line to record, such as npm test; bash runs it. It gets the recorder's address and key as OPENAI_BASE_URL and OPENAI_API_KEY, and no real key.",
  },
  arm: {
    description: 'exec: gateway, official, or both: once on each, side by side. Default: gateway.',
  },
  fault: {
    description:
      'exec: requests to break, separated by commas, such as 503@2, 429:retry-after=1@5, stall:30s@7, cut@9. Default: none.',
  },
  stage: {
    description:
      "observe: the stage that the measurement counts towards, such as 5%. Default: the rollout's present one; before it begins, that of the last measurement, else the first that moves traffic.",
  },
  since: {
    description:
      'observe: how far the very first window reaches back, such as 1h. Default: measure.interval of the config.',
  },
  out: {
    description:
      'exec: file to write one record per request to, as JSONL; default: none. observe: file of measurements to go on from where it exists; default: that of the newest run, in a temporary directory.',
  },
  html: {
    description: 'exec, observe: file to write one page to that shows the report. Default: none.',
  },
  'app-id': {
    description: 'app: id of the GitHub App that speaks. Default: none; then github-token speaks.',
  },
  'app-private-key': {
    description: "app: that App's private key, from a secret.",
  },
  'state-key': {
    description:
      'app: signs the states of the rollouts, at least 32 random characters, from a secret. Default: the environment variable STATE_KEY; without any, a ruleset has to protect the branches gateway-rollout/**.',
  },
  'github-token': {
    description:
      "observe: finds the measurement of the last run; needs the permissions actions: read and contents: read. app: speaks where no app-id is given; with the job's own token, dispatch is the only target.",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of GitHub
    default: '${{ github.token }}',
  },
  summary: {
    description: "Whether to write the job's summary: true or false.",
    default: 'true',
  },
} as const satisfies Readonly<Record<string, InputDescription>>;

type OwnInput = keyof typeof OWN_INPUTS;

/** Every variable of a source is an input too: `PROMETHEUS_URL`, `prometheus-url`. */
const SOURCE_INPUTS = Object.entries(SOURCE_VARIABLES).flatMap(([source, variables]) =>
  variables.map(({ name, about }) => ({
    variable: name,
    input: name.toLowerCase().replaceAll('_', '-'),
    description: `observe, from ${source}: ${about}. Or the environment variable ${name}.`,
  })),
);

/** The Action's inputs, all optional; action.yml repeats this table, and a test compares the two. */
export const INPUTS: Readonly<Record<string, InputDescription>> = {
  ...OWN_INPUTS,
  ...Object.fromEntries(SOURCE_INPUTS.map(({ input, description }) => [input, { description }])),
};

export interface Inputs {
  readonly command: (typeof COMMANDS)[number];
  readonly settings: CheckSettings;
  readonly exec: ExecSettings;
  readonly observe: ObserveSettings;
  /** Of the sources of `observe`, by the names of the variables that they stand for. */
  readonly sources: Readonly<Record<string, string>>;
  readonly app: Omit<AppSettings, 'token'>;
  /** `''` where there is none. */
  readonly githubToken: string;
  readonly summary: boolean;
  readonly failOnHardCoded: boolean;
  /** Null: no SARIF is written. */
  readonly sarif: string | null;
  /** What is wrong with the inputs themselves; the keys among them must be masked all the same. */
  readonly problems: readonly string[];
}

/**
 * Read all inputs; the only place that does.
 * @param getInput reads one input by its name, `''` when it is not set
 */
export function readInputs(getInput: (name: string) => string): Inputs {
  const read = (name: OwnInput): string => getInput(name);
  const problems: string[] = [];
  const given = read('command') || OWN_INPUTS.command.default;
  const command = COMMANDS.find((name) => name === given);
  if (command === undefined) {
    problems.push(`The input command is "${given}". Expected ${COMMANDS.join(', ')}.`);
  }
  const summary = read('summary') || OWN_INPUTS.summary.default;
  if (!/^(true|false)$/i.test(summary)) {
    problems.push(`The input summary is "${summary}". Expected true or false.`);
  }
  const failOn = read('fail-on');
  if (!FAIL_ON.some((known) => known === failOn)) {
    problems.push(`The input fail-on is "${failOn}". Expected hard-coded, or nothing.`);
  }
  const settings: CheckSettings = {
    config: read('config'),
    name: read('name'),
    baseUrl: read('base-url'),
    apiKey: read('api-key'),
    officialBaseUrl: read('official-base-url'),
    officialApiKey: read('official-api-key'),
    disabledKey: read('disabled-key'),
    emptyKey: read('empty-key'),
    models: read('models'),
    only: read('only'),
    maxCostUsd: read('max-cost-usd'),
  };
  const { config, name } = settings;
  const files = { out: read('out'), html: read('html') };
  const fault = present(read('fault'));
  return {
    command: command ?? 'check',
    settings,
    exec: {
      ...settings,
      ...files,
      command: read('run'),
      arm: read('arm'),
      faults: fault === null ? [] : [fault],
    },
    observe: { config, name, ...files, stage: read('stage'), since: read('since') },
    sources: Object.fromEntries(
      SOURCE_INPUTS.flatMap(({ input, variable }) => {
        const value = present(getInput(input));
        return value === null ? [] : [[variable, value]];
      }),
    ),
    app: {
      appId: read('app-id'),
      privateKey: read('app-private-key'),
      stateKey: read('state-key'),
    },
    githubToken: read('github-token'),
    failOnHardCoded: failOn === 'hard-coded',
    sarif: read('sarif') || null,
    summary: summary.toLowerCase() !== 'false',
    problems,
  };
}
