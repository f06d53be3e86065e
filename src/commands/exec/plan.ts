/** From the settings to the plan of `exec`; pure. */

import { ARMS, type Arm } from '../../config/arms.ts';
import type { Model } from '../../config/schema/gateway.ts';
import type { EndpointAccess } from '../../gateway/forward.ts';
import type { OwnPrices } from '../../gateway/prices.ts';
import { PROFILES } from '../../gateway/profiles/index.ts';
import { ownPricesOf } from '../../measure/own-prices.ts';
import { type Fault, parseFaults } from '../../measure/recorder/fault.ts';
import {
  type ArmSources,
  armSecrets,
  type ChosenEndpoint,
  type ChosenGateway,
  chooseGateway,
  chooseOfficial,
  clearTextNotes,
  keyProblem,
  newAddressProblems,
  officialBaseUrl,
  onlyNamed,
  sameOrigin,
} from '../arms.ts';
import { type CallProblem, malformed, type Planned, unknownProfile } from '../call-problem.ts';
import { type CheckSettings, type Front, nonBlank, optionName, settingLabel } from '../settings.ts';
import type { ScorerOptions } from './scorer.ts';

/** As people typed it. */
export interface ExecSettings extends CheckSettings {
  /** `gateway` (the default), `official` or `both`. */
  readonly arm?: string | undefined;
  /** Runs on the official arm, with copies of its requests to the gateway. */
  readonly shadow?: boolean | undefined;
  /** With copies: a command line for the shell that says which of two answers is better. */
  readonly qualityCommand?: string | undefined;
  /** Specs as {@link parseFaults} reads them. */
  readonly faults?: readonly string[] | undefined;
  readonly out?: string | undefined;
  /** File for the report as an HTML page. */
  readonly html?: string | undefined;
  /** The program and its arguments, or a command line for the shell. */
  readonly command: readonly string[] | string;
}

export interface ExecInput extends ArmSources {
  readonly settings: ExecSettings;
}

/** Where the requests of one arm go. */
export interface ArmRoute {
  readonly arm: Arm;
  readonly access: EndpointAccess;
  /** Name of a platform's profile, or `auto`. */
  readonly profile: string;
}

export interface ExecPlan {
  /** In the order in which the command runs on them. */
  readonly arms: readonly ArmRoute[];
  /** Where copies of the requests go; null for no copies. */
  readonly shadow: ArmRoute | null;
  /** Says which of two answers is better; null for none. */
  readonly scorer: ScorerOptions['command'] | null;
  readonly faults: readonly Fault[];
  readonly command: readonly [string, ...string[]];
  /** As reports show it. */
  readonly title: readonly string[];
  readonly out: string | null;
  readonly html: string | null;
  /** Names in the code and at the gateway. */
  readonly models: readonly Model[];
  /** The gateway's own prices; others come from the price table. */
  readonly ownPrices: OwnPrices;
}

/** Puts the settings, the environment and the config together. All problems are reported together. */
export function planExec(input: ExecInput): Planned<ExecPlan> {
  const { settings, environment, config, front } = input;
  const { shadow = false, command } = settings;
  const { arms, problems: armProblems } = readArms(input);
  const faults = parseFaults(settings.faults ?? []);
  const [program, ...args] = typeof command === 'string' ? inShell(command) : command;
  const profile = config?.gateway.profile ?? 'auto';
  const known = PROFILES.map(({ name }) => name);
  const gateway = arms.includes('gateway') ? chooseGateway(input) : NOT_NEEDED;
  const official = arms.includes('official') ? officialInUse(input) : NOT_NEEDED;
  const problems = [
    ...armProblems,
    ...(faults.ok ? [] : faults.messages.map(malformed)),
    ...(program === undefined ? [malformed(MISSING_COMMAND[front])] : []),
    ...gateway.problems,
    ...official.problems,
    ...unknownProfile(profile, known),
    ...newAddressProblems([official, gateway], input),
  ];
  if (problems.length > 0 || program === undefined || !faults.ok) return { kind: 'problems', problems };
  const toGateway: ArmRoute | null = gateway.endpoint && {
    arm: 'gateway',
    access: gateway.endpoint,
    profile,
  };
  const toOfficial: ArmRoute | null = official.endpoint && {
    arm: 'official',
    access: { ...official.endpoint, headers: {} },
    profile: 'openai',
  };
  const routes = [toOfficial, toGateway].filter((route) => route !== null);
  const endpoints = routes.map(({ access }) => access);
  return {
    kind: 'plan',
    plan: {
      arms: shadow ? routes.filter(({ arm }) => arm === 'official') : routes,
      shadow: shadow ? toGateway : null,
      scorer: shadow ? chooseScorer(input) : null,
      faults: faults.faults,
      command: [program, ...args],
      title: typeof command === 'string' ? [command.trim()] : command,
      out: nonBlank(settings.out),
      html: nonBlank(settings.html),
      models: config?.models ?? [],
      ownPrices: config === null ? {} : ownPricesOf(config),
    },
    secrets: distinct([
      ...armSecrets(input, endpoints, gateway.headerSecrets),
      ...[environment.OPENAI_API_KEY].flatMap((key) => nonBlank(key) ?? []),
    ]),
    notes: distinct([
      ...official.notes,
      ...gateway.notes,
      ...endpoints.flatMap(({ baseUrl }) => clearTextNotes({ value: baseUrl, from: 'the plan' })),
    ]),
  };
}

const distinct = (texts: readonly string[]): string[] => [...new Set(texts)];

const MISSING_COMMAND = {
  'command-line':
    'No command to run. Expected a command and its arguments after --, such as: gateway-rollout exec -- npm test.',
  action: 'No command to run. Expected a command line in the input run, such as: run: npm test.',
} as const satisfies Readonly<Record<Front, string>>;

/** Runs `$0` as a workflow step runs its lines: with bash if it is installed, up to the first line that fails. */
const SHELL =
  'if command -v bash >/dev/null; then exec bash --noprofile --norc -eo pipefail -c "$0"; fi; exec sh -ec "$0"';

function inShell(line: string): string[] {
  return nonBlank(line) === null ? [] : ['sh', '-c', SHELL, line];
}

function chooseScorer({ settings, config }: ExecInput): ExecPlan['scorer'] {
  const given = inShell(settings.qualityCommand ?? '');
  const [program, ...args] = given.length > 0 ? given : (config?.quality?.command ?? []);
  return program === undefined ? null : [program, ...args];
}

const NOT_NEEDED: ChosenGateway = {
  endpoint: null,
  newAddress: null,
  problems: [],
  notes: [],
  headerSecrets: [],
};

/** The arms whose endpoints are needed. */
function readArms({ settings: { arm: text, shadow }, front }: ExecInput): {
  readonly arms: readonly Arm[];
  readonly problems: readonly CallProblem[];
} {
  const option = optionName('arm', front);
  const given = nonBlank(text);
  if (shadow) {
    const message = `${optionName('shadow', front)} runs the command on the official arm. Leave ${option} out.`;
    return { arms: ARMS, problems: given === null ? [] : [malformed(message)] };
  }
  const name = given ?? 'gateway';
  if (name === 'both') return { arms: ARMS, problems: [] };
  const arms = ARMS.filter((known) => known === name);
  const message = `The value of ${option} is "${text}". Expected gateway, official or both.`;
  return { arms, problems: arms.length > 0 ? [] : [malformed(message)] };
}

/** With OFFICIAL_API_KEY, or else OPENAI_API_KEY if it belongs to the official address. */
function officialInUse(sources: ArmSources): ChosenEndpoint {
  const given = chooseOfficial(sources);
  const isGiven = given.endpoint !== null || given.newAddress !== null || given.problems.length > 0;
  return isGiven ? given : currentOfficial(sources);
}

/** The address and key that the command itself uses today. */
function currentOfficial(sources: ArmSources): ChosenEndpoint {
  const { environment } = sources;
  const official = officialBaseUrl(sources);
  const key = nonBlank(environment.OPENAI_API_KEY);
  const baseUrl = nonBlank(environment.OPENAI_BASE_URL);
  const isMissing = key === null || (baseUrl !== null && !sameOrigin(baseUrl, official));
  const problem = isMissing
    ? missingOfficialKey(sources)
    : keyProblem({ value: key, from: 'OPENAI_API_KEY' });
  const endpoint = isMissing || problem !== null ? null : { baseUrl: official, apiKey: key };
  const problems = problem === null ? [] : [problem];
  return onlyNamed('official', { endpoint, newAddress: null, problems, notes: [] }, sources);
}

const missingOfficialKey = ({ config, front }: ArmSources): CallProblem => ({
  reasonCode: 'missing_key',
  message: `The key of the official API is missing (for ${officialBaseUrl({ config })}). Set ${settingLabel('officialApiKey', front)}, or set ${optionName('arm', front)} to gateway to skip the official arm.`,
});
