/** Turns the settings, the environment and the config into the plan of a check; pure. */
import { modelKind } from '../check/models-in-use.ts';
import { type CheckPlan, MOST_REPEATS, type ModelInUse } from '../check/plan.ts';
import type { Model } from '../check/requests.ts';
import type { Feature } from '../config/features.ts';
import { literalHeaders } from '../config/headers.ts';
import type { Config } from '../config/schema.ts';
import { ownPricesOf } from '../measure/own-prices.ts';
import { type ArmSources, armSecrets, chooseGateway, chooseOfficial, keyProblem } from './arms.ts';
import { type CallProblem, malformed, type Planned, unknownName, unknownProfile } from './call-problem.ts';
import type { InUse } from './in-use.ts';
import { type NewAddress, newAddressText } from './named-origins.ts';
import {
  asSubject,
  type FoundSetting,
  type Front,
  readSetting,
  type SettingSources,
  settingLabel,
} from './settings.ts';

export interface PlanInput extends ArmSources {
  /** What the code uses; null where it was not read, or uses nothing. */
  readonly inUse: InUse | null;
  /** The ids of all probes, to recognise misspelled ones. */
  readonly probeIds: readonly string[];
  /** The names of all known platforms, for the same purpose. */
  readonly profileNames: readonly string[];
}

/** Checked when neither the config nor a setting nor the code names a model. */
export const DEFAULT_MODEL = 'gpt-4o-mini';
const DEFAULT_EMBEDDER = 'text-embedding-3-small';
export const DEFAULT_TIMEOUT_MS = 30_000;
const DEFAULT_RETRIES = 2;
const DEFAULT_MAX_COST_USD = 0.05;
const DEFAULT_REPEATS: Readonly<Record<Front, number>> = { 'command-line': 1, action: 3 };

/**
 * Combines the settings, the environment and the config: flags and inputs override variables, and these override the
 * config. All problems are reported at once.
 */
export function planCheck(input: PlanInput): Planned<CheckPlan> {
  const { config, profileNames } = input;
  const profile = config?.gateway.profile ?? 'auto';
  const gateway = chooseGateway(input);
  const official = chooseOfficial(input);
  const models = readModels(input);
  const keys = readRefusedKeys(input);
  const maxCostUsd = readMaxCost(input);
  const repeat = readNumber(
    readSetting('repeat', input),
    isRepeat,
    `a whole number from 1 to ${MOST_REPEATS}`,
  );
  const thorough = input.settings.thorough === 'true';
  const only = readOnly(input);
  const profiles = { problems: unknownProfile(profile, profileNames) };
  const parts = [gateway, official, models, keys, maxCostUsd, repeat, only, readPolicy(input), profiles];
  const problems = parts.flatMap((part) => part.problems);
  const access = gateway.endpoint ?? withoutSecrets(gateway.newAddress, input);
  if (access === null || problems.length > 0) return { kind: 'problems', problems };
  const added = [gateway.newAddress, official.newAddress].filter((address) => address !== null);

  const plan: CheckPlan = {
    gateway: { ...access, profile },
    official: official.endpoint,
    models: models.value,
    features: chooseFeatures(input, models.value),
    usesChat: input.inUse?.usesChat ?? true,
    sites: input.inUse?.sites ?? {},
    policy: input.inUse?.policy ?? [],
    client: {
      timeoutMs: config?.client.timeout ?? DEFAULT_TIMEOUT_MS,
      maxRetries: config?.client.max_retries ?? DEFAULT_RETRIES,
    },
    require: config?.check.require ?? [],
    ignore: config?.check.ignore ?? {},
    maxCostUsd: maxCostUsd.value ?? config?.check.max_cost_usd ?? DEFAULT_MAX_COST_USD,
    repeat: repeat.value ?? usualRepeat(input, thorough),
    thorough,
    fidelity: config?.check.fidelity ?? false,
    prices: config === null ? {} : ownPricesOf(config),
    keys: access.apiKey === null ? {} : keys.value,
    only: only.value,
    newAddress: input.named && added.length > 0 ? newAddressText(added, input.named, input.front) : null,
  };
  const endpoints = [gateway.endpoint, official.endpoint].filter((endpoint) => endpoint !== null);
  const secrets = [
    ...armSecrets(input, endpoints, gateway.headerSecrets),
    ...Object.values(plan.keys).filter((key) => key !== undefined),
  ];
  return {
    kind: 'plan',
    plan,
    secrets: [...new Set(secrets)],
    notes: [...gateway.notes, ...official.notes, ...models.notes],
  };
}

/** A new address gets nothing but what the config itself says. */
function withoutSecrets(address: NewAddress | null, { config }: ArmSources) {
  if (address === null) return null;
  const headers = literalHeaders(config?.gateway.headers ?? {});
  return { baseUrl: address.baseUrl, apiKey: null, headers };
}

interface ReadSetting<T> {
  readonly value: T;
  readonly problems: readonly CallProblem[];
}

export function declaredModels(config: Config | null): ModelInUse[] {
  return (config?.models ?? []).map(({ name, gateway_name }) => ({ name, gatewayName: gateway_name }));
}

/** A name from the config keeps its alias. */
export const chosenModel = (name: string, declared: readonly ModelInUse[] = []): ModelInUse =>
  declared.find((model) => model.name === name) ?? { name, gatewayName: name };

type ReadModels = ReadSetting<readonly ModelInUse[]> & { readonly notes: readonly string[] };

function readModels(input: PlanInput): ReadModels {
  const { front, config, inUse } = input;
  const declared = declaredModels(config);
  const named = readSetting('models', input);
  if (named !== null) {
    const value = splitList(named.value).map((name) => chosenModel(name, declared));
    const none = `${asSubject(named.from)} contains no model. Expected names separated by commas.`;
    return { value, problems: value.length > 0 ? [] : [malformed(none)], notes: [] };
  }
  if (declared.length > 0) {
    // Vectors of another model are useless, so the one in the code is the one in use.
    const isEmbedding = (model: Model) => modelKind(model) === 'embedding';
    const found = declared.some(isEmbedding) ? [] : (inUse?.models ?? []).filter(isEmbedding);
    const value = [...declared, ...found.map((name) => chosenModel(name))];
    return { value, problems: [], notes: undeclaredNotes(value, inUse) };
  }
  if (inUse !== null && inUse.models.length > 0) {
    const value = inUse.models.map((name) => chosenModel(name));
    const note = `Checking the models in your code, because the config lists none: ${inUse.models.join(', ')}.`;
    return { value, problems: [], notes: [note] };
  }
  if (inUse?.asksFor === 'other') {
    const note = `Calling no model: your code names none, and uses only ${inUse.features.join(', ')}.`;
    return { value: [], problems: [], notes: [note] };
  }
  const name = inUse?.asksFor === 'embeddings' ? DEFAULT_EMBEDDER : DEFAULT_MODEL;
  const note = `Checking ${name}, because no model is configured. Set yours with ${settingLabel('models', front)}, or under models in the config.`;
  return { value: [chosenModel(name)], problems: [], notes: [note] };
}

/** A note about the models that the code uses and the config does not list, since the check skips them. */
function undeclaredNotes(declared: readonly ModelInUse[], inUse: InUse | null): string[] {
  const known = new Set(declared.flatMap(({ name, gatewayName }) => [name, gatewayName]));
  const forgotten = (inUse?.models ?? []).filter(
    (name) => !known.has(name) && !known.has(name.replace(PROVIDER, '')),
  );
  if (forgotten.length === 0) return [];
  const listed = forgotten.map((name) => `${name} (${inUse?.sites[name]?.[0] ?? 'in the code'})`);
  const note = `Models not checked, because the config does not list them: ${listed.join(', ')}. Add them under models.`;
  return [note];
}

/** `openai/gpt-4o` is `gpt-4o`, as a gateway's own settings name the provider. */
const PROVIDER = /^(?:openai|azure)\//;

/** `auto` means what the code uses; where that is unknown, what nearly every program does. */
function chooseFeatures({ config, inUse }: PlanInput, models: readonly ModelInUse[]): readonly Feature[] {
  const features = config?.check.features ?? 'auto';
  if (features !== 'auto') return features;
  const isKnown = inUse !== null && Object.keys(inUse.sites).length > 0;
  const used = isKnown ? inUse.features : (['streaming'] as const);
  const embeds = models.some((model) => modelKind(model) === 'embedding');
  return embeds && !used.includes('embeddings') ? [...used, 'embeddings'] : used;
}

function readRefusedKeys(input: PlanInput): ReadSetting<CheckPlan['keys']> {
  const disabled = readSetting('disabledKey', input);
  const empty = readSetting('emptyKey', input);
  const problems = [disabled, empty].flatMap((key) => (key && keyProblem(key)) ?? []);
  const value = { ...(disabled && { disabled: disabled.value }), ...(empty && { empty: empty.value }) };
  return { value, problems };
}

export const isAboveZero = (value: number): boolean => Number.isFinite(value) && value > 0;

export const readMaxCost = (sources: SettingSources): ReadSetting<number | null> =>
  readNumber(readSetting('maxCostUsd', sources), isAboveZero, 'an amount in USD above 0, such as 0.05');

/** @param expected what a person must write, with an example */
export function readNumber(
  given: FoundSetting | null,
  isRight: (value: number) => boolean,
  expected: string,
): ReadSetting<number | null> {
  const value = given === null ? null : Number(given.value);
  if (given === null || value === null || isRight(value)) return { value, problems: [] };
  const problem = malformed(`${asSubject(given.from)} is "${given.value}". Expected ${expected}.`);
  return { value: null, problems: [problem] };
}

function usualRepeat({ config, front }: PlanInput, thorough: boolean): number {
  const { repeat = 'auto' } = config?.check ?? {};
  if (repeat !== 'auto') return repeat;
  return thorough ? MOST_REPEATS : DEFAULT_REPEATS[front];
}

const isRepeat = (value: number): boolean => Number.isInteger(value) && value >= 1 && value <= MOST_REPEATS;

function readOnly(input: PlanInput): ReadSetting<readonly string[] | null> {
  const given = readSetting('only', input);
  if (given === null) return { value: null, problems: [] };
  const value = splitList(given.value);
  const families = input.probeIds.map((id) => id.split('.', 1)[0] ?? id);
  const known = [...new Set([...families, ...input.probeIds])];
  const problems = value.flatMap((id) => unknownName(given.from, 'probe', id, known));
  const expected = 'Expected ids such as stream.shape, separated by commas.';
  const none = malformed(`${asSubject(given.from)} contains no probe. ${expected}`);
  return { value, problems: value.length === 0 ? [none] : problems };
}

/** The config's schema knows only the shape of probe ids. Here they must exist, or a requirement would have no effect. */
function readPolicy({ config, probeIds }: PlanInput): { readonly problems: readonly CallProblem[] } {
  const unknown = (from: string, ids: readonly string[]) =>
    ids.flatMap((id) => unknownName(from, 'probe', id, probeIds));
  return {
    problems: [
      ...unknown('check.require of the config', config?.check.require ?? []),
      ...unknown('check.ignore of the config', Object.keys(config?.check.ignore ?? {})),
    ],
  };
}

function splitList(text: string): string[] {
  return [...new Set(text.split(/[,\s]+/).filter((entry) => entry !== ''))];
}
