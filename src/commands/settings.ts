/** The settings of a check: their names, and the order in which flags, inputs and the environment are read. */
import type { Environment } from '../config/environment.ts';

/** Where the program was started, so that messages name a setting the way people can set it there. */
export type Front = 'command-line' | 'action';

/** Which config to use, as typed. `''` counts as not set. */
export interface ConfigChoice {
  readonly config?: string | undefined;
  /** Name of the rollout, if the repository has several. */
  readonly name?: string | undefined;
}

/** Flags of the command line or inputs of the Action, as typed. `''` counts as not set. */
export interface CheckSettings extends ConfigChoice {
  readonly baseUrl?: string | undefined;
  readonly apiKey?: string | undefined;
  readonly officialBaseUrl?: string | undefined;
  readonly officialApiKey?: string | undefined;
  readonly disabledKey?: string | undefined;
  readonly emptyKey?: string | undefined;
  /** Comma-separated. */
  readonly models?: string | undefined;
  /** Comma-separated IDs or families of probes. */
  readonly only?: string | undefined;
  readonly maxCostUsd?: string | undefined;
  readonly repeat?: string | undefined;
  /** `true` or `false`. */
  readonly thorough?: string | undefined;
}

type SettingName = keyof CheckSettings;

export interface CommandHost {
  readonly environment: Environment;
  readonly front: Front;
  /** The repository; paths are relative to it. */
  readonly directory: string;
  /** Called before any request is sent; a log must mask them. */
  readonly onSecrets: (secrets: readonly string[]) => void;
  /** One sentence for people; without secrets. */
  readonly onNote: (note: string) => void;
}

/** A value and where it was found, as shown in messages. */
export interface FoundSetting {
  readonly value: string;
  readonly from: string;
}

interface SettingNames {
  readonly input: string;
  /** Keys have no flag: every process of the machine can read a command line. */
  readonly flag?: string;
  readonly variable?: string;
}

const NAMES: Readonly<Record<SettingName, SettingNames>> = {
  config: { input: 'config', flag: '--config' },
  name: { input: 'name', flag: '--name' },
  baseUrl: { input: 'base-url', flag: '--base-url' },
  apiKey: { input: 'api-key', variable: 'GATEWAY_API_KEY' },
  officialBaseUrl: { input: 'official-base-url', variable: 'OFFICIAL_BASE_URL' },
  officialApiKey: { input: 'official-api-key', variable: 'OFFICIAL_API_KEY' },
  disabledKey: { input: 'disabled-key', variable: 'GATEWAY_DISABLED_KEY' },
  emptyKey: { input: 'empty-key', variable: 'GATEWAY_EMPTY_KEY' },
  models: { input: 'models', flag: '--models' },
  only: { input: 'only', flag: '--only' },
  maxCostUsd: { input: 'max-cost-usd', flag: '--max-cost' },
  repeat: { input: 'repeat', flag: '--repeat' },
  thorough: { input: 'thorough', flag: '--thorough' },
};

/** The inputs of the Action that set them. */
export const SETTING_INPUTS: readonly string[] = Object.values(NAMES).map(({ input }) => input);

/** @param read reads one input by its name, `''` when it is not set */
export function settingsFrom(read: (input: string) => string): CheckSettings {
  return Object.fromEntries(Object.entries(NAMES).map(([name, { input }]) => [name, read(input)]));
}

export interface SettingSources extends Pick<CommandHost, 'environment' | 'front'> {
  readonly settings: CheckSettings;
}

const SECRETS = ['apiKey', 'officialApiKey', 'disabledKey', 'emptyKey'] as const;

/** Reads a setting: flag or input first, then the environment. Blank values count as not set. */
export function readSetting(
  name: SettingName,
  { settings, environment, front }: SettingSources,
): FoundSetting | null {
  const given = nonBlank(settings[name]);
  if (given !== null) return { value: given, from: settingLabel(name, front) };
  const { variable } = NAMES[name];
  const value = variable === undefined ? null : nonBlank(environment[variable]);
  return value === null || variable === undefined ? null : { value, from: variable };
}

/** How to set it, e.g. `--base-url`, `GATEWAY_API_KEY`, or `the input api-key`. */
export function settingLabel(name: SettingName, front: Front): string {
  const { input, flag, variable } = NAMES[name];
  return front === 'action' ? `the input ${input}` : (flag ?? variable ?? input);
}

/** How to set an option whose flag and input have the same name, e.g. `--out` or `the input out`. */
export function optionName(name: string, front: Front): string {
  return front === 'action' ? `the input ${name}` : `--${name}`;
}

/** A label at the beginning of a sentence: `The input api-key`. */
export function asSubject(label: string): string {
  return label.replace(/^the /, 'The ');
}

/** Every key in the settings and the environment, even if this run does not use it: none may be shown. */
export function knownSecrets(settings: CheckSettings, environment: Environment): string[] {
  const keys = SECRETS.flatMap((name) => [settings[name], environment[NAMES[name].variable ?? '']]);
  return [...new Set([...keys, environment.OPENAI_API_KEY].flatMap((secret) => nonBlank(secret) ?? []))];
}

/** Null for a value that is blank or not set: a missing secret arrives as an empty string. */
export function nonBlank(value: string | undefined): string | null {
  return value === undefined || value.trim() === '' ? null : value;
}
