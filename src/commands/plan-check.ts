/** From what people set to what the check needs to know; pure. */
import { modelKind } from '../check/models-in-use.ts';
import type { CheckPlan, ModelInUse } from '../check/plan.ts';
import type { Feature } from '../config/features.ts';
import { ownPricesOf } from '../measure/own-prices.ts';
import {
  type ArmSources,
  chooseGateway,
  chooseOfficial,
  gatewayHeaders,
  hiddenHeaderValues,
  keyProblem,
  officialAddress,
} from './arms.ts';
import { type CallProblem, malformed, unknownName, unknownProfile } from './call-problem.ts';
import type { InUse } from './in-use.ts';
import { asSubject, readSetting, settingLabel } from './settings.ts';

export interface PlanRequest extends ArmSources {
  /** What the code uses; null where it was not looked at, or uses nothing. */
  readonly inUse: InUse | null;
  /** The ids of all probes, to recognise misspelt ones. */
  readonly probeIds: readonly string[];
  /** The names of all platforms that are known, likewise. */
  readonly profileNames: readonly string[];
}

export type PlannedCheck =
  | {
      readonly kind: 'plan';
      readonly plan: CheckPlan;
      /** All that must not be shown: keys, and the values of headers. */
      readonly secrets: readonly string[];
      readonly notes: readonly string[];
    }
  | { readonly kind: 'problems'; readonly problems: readonly CallProblem[] };

/** Checked when neither the config nor a setting names a model. */
const DEFAULT_MODEL = 'gpt-4o-mini';
const DEFAULT_TIMEOUT_MS = 30_000;
const DEFAULT_RETRIES = 2;
const DEFAULT_MAX_COST_USD = 0.05;

/**
 * Puts the settings, the environment and the config together; flags and inputs win over variables, these over the
 * config. All problems are told at once.
 */
export function planCheck(request: PlanRequest): PlannedCheck {
  const { config, profileNames } = request;
  const profile = config?.gateway.profile ?? 'auto';
  const gateway = chooseGateway(request);
  const official = chooseOfficial(request);
  const headers = gatewayHeaders(request);
  const models = readModels(request);
  const keys = readRefusedKeys(request);
  const maxCostUsd = readMaxCost(request);
  const only = readOnly(request);
  const parts = [
    gateway,
    official,
    headers,
    models,
    keys,
    maxCostUsd,
    only,
    readPolicy(request),
    { problems: unknownProfile(profile, profileNames) },
  ];
  const problems = parts.flatMap((part) => part.problems);
  if (gateway.endpoint === null || problems.length > 0) return { kind: 'problems', problems };

  const plan: CheckPlan = {
    gateway: { ...gateway.endpoint, headers: headers.headers, profile },
    official: official.endpoint,
    models: models.value,
    features: chooseFeatures(request, models.value),
    sites: request.inUse?.sites ?? {},
    client: {
      timeoutMs: config?.client.timeout ?? DEFAULT_TIMEOUT_MS,
      maxRetries: config?.client.max_retries ?? DEFAULT_RETRIES,
    },
    require: config?.check.require ?? [],
    ignore: config?.check.ignore ?? {},
    maxCostUsd: maxCostUsd.value ?? config?.check.max_cost_usd ?? DEFAULT_MAX_COST_USD,
    prices: config === null ? {} : ownPricesOf(config),
    keys: keys.value,
    only: only.value,
  };
  const secrets = [
    plan.gateway.apiKey,
    plan.official?.apiKey,
    ...hiddenHeaderValues(headers.secrets, [
      officialAddress(request),
      ...[plan.gateway, plan.official].flatMap((arm) => arm?.baseUrl ?? []),
    ]),
    ...Object.values(plan.keys),
  ];
  return {
    kind: 'plan',
    plan,
    secrets: [...new Set(secrets.filter((secret) => secret !== undefined))],
    notes: [...gateway.notes, ...official.notes, ...models.notes],
  };
}

interface Read<T> {
  readonly value: T;
  readonly problems: readonly CallProblem[];
}

function readModels({
  settings,
  environment,
  front,
  config,
  inUse,
}: PlanRequest): Read<readonly ModelInUse[]> & { readonly notes: readonly string[] } {
  const declared = (config?.models ?? []).map(({ name, gateway_name }) => ({
    name,
    gatewayName: gateway_name,
  }));
  const named = readSetting('models', settings, environment, front);
  if (named !== null) {
    // A name that the config knows keeps its alias.
    const value = splitList(named.value).map(
      (name) => declared.find((model) => model.name === name) ?? { name, gatewayName: name },
    );
    const problems =
      value.length > 0
        ? []
        : [malformed(`${asSubject(named.from)} names no model. Expected names separated by commas.`)];
    return { value, problems, notes: [] };
  }
  if (declared.length > 0) return { value: declared, problems: [], notes: undeclared(declared, inUse) };
  if (inUse !== null && inUse.models.length > 0) {
    const value = inUse.models.map((name) => ({ name, gatewayName: name }));
    return {
      value,
      problems: [],
      notes: [`The config names no models, so those in the code are checked: ${inUse.models.join(', ')}.`],
    };
  }
  const note = `No model is named, so ${DEFAULT_MODEL} is checked. Name yours with ${settingLabel('models', front)}, or under models in the config.`;
  return { value: [{ name: DEFAULT_MODEL, gatewayName: DEFAULT_MODEL }], problems: [], notes: [note] };
}

/** Models that the code names and the config does not: nobody would ask the gateway for them. */
function undeclared(declared: readonly ModelInUse[], inUse: InUse | null): string[] {
  const known = new Set(declared.flatMap(({ name, gatewayName }) => [name, gatewayName]));
  const forgotten = (inUse?.models ?? []).filter((name) => !known.has(name) && !known.has(unprefixed(name)));
  if (forgotten.length === 0) return [];
  const told = forgotten.map((name) => `${name} (${inUse?.sites[name]?.[0] ?? 'in the code'})`);
  return [
    `The code names models that the config does not, so they are not checked: ${told.join(', ')}. Add them under models.`,
  ];
}

/** `gpt-4o` of `openai/gpt-4o`: so a gateway's own settings say whose model they mean. */
function unprefixed(name: string): string {
  return name.replace(/^(?:openai|azure)\//, '');
}

/** `auto` is what the code uses; where that is unknown, what nearly every program does. */
function chooseFeatures({ config, inUse }: PlanRequest, models: readonly ModelInUse[]): readonly Feature[] {
  const features = config?.check.features ?? 'auto';
  if (features !== 'auto') return features;
  const used = inUse?.features ?? ['streaming'];
  const embeds = models.some(({ gatewayName }) => modelKind(gatewayName) === 'embedding');
  return embeds && !used.includes('embeddings') ? [...used, 'embeddings'] : used;
}

function readRefusedKeys({ settings, environment, front }: PlanRequest): Read<CheckPlan['keys']> {
  const disabled = readSetting('disabledKey', settings, environment, front);
  const empty = readSetting('emptyKey', settings, environment, front);
  const problems = [disabled, empty].flatMap((key) => (key === null ? [] : (keyProblem(key) ?? [])));
  return {
    value: { ...(disabled && { disabled: disabled.value }), ...(empty && { empty: empty.value }) },
    problems,
  };
}

function readMaxCost({ settings, environment, front }: PlanRequest): Read<number | null> {
  const given = readSetting('maxCostUsd', settings, environment, front);
  if (given === null) return { value: null, problems: [] };
  const value = Number(given.value);
  if (Number.isFinite(value) && value > 0) return { value, problems: [] };
  return {
    value: null,
    problems: [
      malformed(
        `${asSubject(given.from)} is "${given.value}". Expected an amount in USD above 0, such as 0.05.`,
      ),
    ],
  };
}

function readOnly({ settings, environment, front, probeIds }: PlanRequest): Read<readonly string[] | null> {
  const given = readSetting('only', settings, environment, front);
  if (given === null) return { value: null, problems: [] };
  const value = splitList(given.value);
  const families = probeIds.map((id) => id.split('.', 1)[0] ?? id);
  const known = [...new Set([...families, ...probeIds])];
  const problems = value.flatMap((id) => unknownProbe(given.from, id, known));
  if (value.length === 0)
    problems.push(
      malformed(
        `${asSubject(given.from)} names no probe. Expected ids such as stream.shape, separated by commas.`,
      ),
    );
  return { value, problems };
}

/** The config room knows only the shape of probe ids; here they must exist, or a requirement would silently not hold. */
function readPolicy({ config, probeIds }: PlanRequest): { readonly problems: readonly CallProblem[] } {
  const required = (config?.check.require ?? []).flatMap((id) =>
    unknownProbe('check.require of the config', id, probeIds),
  );
  const ignored = Object.keys(config?.check.ignore ?? {}).flatMap((id) =>
    unknownProbe('check.ignore of the config', id, probeIds),
  );
  return { problems: [...required, ...ignored] };
}

const unknownProbe = (from: string, id: string, known: readonly string[]): readonly CallProblem[] =>
  unknownName(from, 'probe', id, known);

function splitList(text: string): string[] {
  return [...new Set(text.split(/[,\s]+/).filter((entry) => entry !== ''))];
}
