/** What a person can set for a check, under which name, and in which order the places are read. */

export type Environment = Readonly<Record<string, string | undefined>>;

/** Who asks: decides by which names messages tell people what to set. */
export type Front = 'command-line' | 'action';

/** Which config is meant, as people typed it. `''` counts as not set. */
export interface ConfigChoice {
  /** Path of the config file. */
  readonly config?: string | undefined;
  /** Name of the rollout, where a repository has several. */
  readonly name?: string | undefined;
}

/** As people typed them: by flags on the command line, by inputs in the Action. `''` counts as not set. */
export interface CheckSettings extends ConfigChoice {
  readonly baseUrl?: string | undefined;
  readonly apiKey?: string | undefined;
  readonly officialBaseUrl?: string | undefined;
  readonly officialApiKey?: string | undefined;
  readonly disabledKey?: string | undefined;
  readonly emptyKey?: string | undefined;
  /** Comma-separated. */
  readonly models?: string | undefined;
  /** Comma-separated ids or families of probes. */
  readonly only?: string | undefined;
  readonly maxCostUsd?: string | undefined;
}

type SettingName = keyof CheckSettings;

/** A value and the place where it was found, as a message names it. */
export interface FoundSetting {
  readonly value: string;
  readonly from: string;
}

interface Places {
  readonly input: string;
  /** Keys have no flag: what stands on a command line is seen by every process of the machine. */
  readonly flag?: string;
  readonly variable?: string;
}

const PLACES: Readonly<Record<SettingName, Places>> = {
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
};

const SECRETS = [
  'apiKey',
  'officialApiKey',
  'disabledKey',
  'emptyKey',
] as const satisfies readonly SettingName[];

/** Read a setting: flag or input first, then the environment. Blank values count as not set. */
export function readSetting(
  name: SettingName,
  settings: CheckSettings,
  environment: Environment,
  front: Front,
): FoundSetting | null {
  const given = nonBlank(settings[name]);
  if (given !== null) return { value: given, from: settingLabel(name, front) };
  const { variable } = PLACES[name];
  const value = variable === undefined ? null : nonBlank(environment[variable]);
  return value === null || variable === undefined ? null : { value, from: variable };
}

/** How to set it, e.g. `--base-url`, `GATEWAY_API_KEY`, or `the input api-key`. */
export function settingLabel(name: SettingName, front: Front): string {
  const { input, flag, variable } = PLACES[name];
  return front === 'action' ? `the input ${input}` : (flag ?? variable ?? input);
}

/** How to set an option that both fronts name alike, e.g. `--out` or `the input out`. */
export function optionName(name: string, front: Front): string {
  return front === 'action' ? `the input ${name}` : `--${name}`;
}

/** A place as the beginning of a sentence: `The input api-key`. */
export function asSubject(place: string): string {
  return place.replace(/^the /, 'The ');
}

/** Every key at hand, also those that this run will not use: none of them may be seen. */
export function knownSecrets(settings: CheckSettings, environment: Environment): string[] {
  const places = SECRETS.flatMap((name) => [settings[name], environment[PLACES[name].variable ?? '']]);
  return [...new Set([...places, environment.OPENAI_API_KEY].flatMap((secret) => nonBlank(secret) ?? []))];
}

/** Null for what is not set or blank: a secret that does not exist arrives as an empty string. */
export function nonBlank(value: string | undefined): string | null {
  return value === undefined || value.trim() === '' ? null : value;
}
