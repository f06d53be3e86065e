import { SOURCE_VARIABLES } from '../../measure/source-settings.ts';
import type { AppInputs } from '../app.ts';
import type { ExecSettings } from '../exec/plan.ts';
import { readTrustedOrigins } from '../named-origins.ts';
import type { ObserveSettings } from '../observe/plan.ts';
import type { FidelitySettings } from '../plan-fidelity.ts';
import { type CheckSettings, nonBlank, SETTING_INPUTS, settingsFrom } from '../settings.ts';

const COMMANDS = ['check', 'fidelity', 'inventory', 'config', 'exec', 'observe', 'app'] as const;

/** The spellings of YAML 1.2. */
const BOOLEANS = ['true', 'True', 'TRUE', 'false', 'False', 'FALSE'] as const;

const OWN_INPUTS = [
  'command',
  'trusted-origins',
  'fail-on',
  'sarif',
  'run',
  'arm',
  'shadow',
  'fault',
  'stage',
  'since',
  'evaluations',
  'out',
  'html',
  'pairs',
  'sibling',
  'keep',
  'app-id',
  'app-private-key',
  'state-key',
  'github-token',
  'summary',
] as const;
type OwnInput = (typeof OWN_INPUTS)[number];

/** Every variable of a source is an input too: `PROMETHEUS_URL`, `prometheus-url`. */
const SOURCE_INPUTS = Object.values(SOURCE_VARIABLES)
  .flat()
  .map(({ name }) => ({ variable: name, input: name.toLowerCase().replaceAll('_', '-') }));

/** The Action's inputs, all optional. action.yml describes them; a test compares the names. */
export const INPUTS: readonly string[] = [
  ...OWN_INPUTS,
  ...SETTING_INPUTS,
  ...SOURCE_INPUTS.map(({ input }) => input),
];

export interface Inputs {
  readonly command: (typeof COMMANDS)[number];
  readonly settings: CheckSettings;
  readonly exec: ExecSettings;
  readonly fidelity: FidelitySettings;
  readonly observe: ObserveSettings;
  /** Settings of the sources of `observe`, by the names of their environment variables. */
  readonly sources: Readonly<Record<string, string>>;
  readonly app: AppInputs;
  /** Where keys may go, besides the addresses of other inputs and of the default branch's config. */
  readonly trustedOrigins: readonly string[];
  readonly summary: boolean;
  readonly failOnHardCoded: boolean;
  /** Null: no SARIF is written. */
  readonly sarif: string | null;
  /** Errors in the inputs themselves. The keys among them must be masked even so. */
  readonly problems: readonly string[];
}

/**
 * Reads all inputs. No other code does.
 * @param getInput reads one input by its name, `''` when it is not set
 */
export function readInputs(getInput: (name: string) => string): Inputs {
  const read = (name: OwnInput): string => getInput(name);
  const problems: string[] = [];
  /** Reports a value that is not allowed, and falls back to the first allowed one. */
  const choose = <T extends string>(
    name: OwnInput | 'thorough',
    allowed: readonly [T, ...T[]],
    expected: string,
  ): T => {
    const given = getInput(name);
    const found = allowed.find((each) => each === given);
    if (given !== '' && found === undefined) {
      problems.push(`The input ${name} is "${given}". Expected ${expected}.`);
    }
    return found ?? allowed[0];
  };
  const command = choose('command', COMMANDS, COMMANDS.join(', '));
  const summary = choose('summary', BOOLEANS, 'true or false');
  const failOn = choose('fail-on', ['', 'hard-coded'], 'hard-coded, or nothing');
  const given = settingsFrom(getInput);
  const thorough = given.thorough === '' ? '' : choose('thorough', BOOLEANS, 'true or false').toLowerCase();
  const settings = { ...given, thorough };
  const trusted = readTrustedOrigins(read('trusted-origins'));
  problems.push(...trusted.problems);
  const { config, name } = settings;
  const files = { out: read('out'), html: read('html') };
  const fault = nonBlank(read('fault'));
  return {
    command,
    settings,
    exec: {
      ...settings,
      ...files,
      command: read('run'),
      arm: read('arm'),
      shadow: choose('shadow', ['', ...BOOLEANS], 'true or false').toLowerCase() === 'true',
      faults: fault === null ? [] : [fault],
    },
    fidelity: {
      ...settings,
      html: files.html,
      pairs: read('pairs'),
      sibling: read('sibling'),
      keep: read('keep'),
    },
    observe: {
      config,
      name,
      ...files,
      stage: read('stage'),
      since: read('since'),
      evaluations: read('evaluations'),
    },
    sources: Object.fromEntries(
      SOURCE_INPUTS.flatMap(({ input, variable }) => {
        const value = nonBlank(getInput(input));
        return value === null ? [] : [[variable, value]];
      }),
    ),
    app: {
      appId: read('app-id'),
      privateKey: read('app-private-key'),
      stateKey: read('state-key'),
      token: read('github-token'),
    },
    trustedOrigins: trusted.origins,
    failOnHardCoded: failOn === 'hard-coded',
    sarif: read('sarif') || null,
    summary: summary.toLowerCase() === 'true',
    problems,
  };
}
