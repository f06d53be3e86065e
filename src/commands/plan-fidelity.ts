/** Turns the settings, the environment and the config into the plan of a fidelity run; pure. */
import { type FidelityPlan, MOST_PAIRS } from '../check/fidelity/plan.ts';
import { CHAT, RESPONSES } from '../check/forms.ts';
import { Meter } from '../check/meter.ts';
import { firstOfKind, siblingOf } from '../check/models-in-use.ts';
import type { ModelInUse } from '../check/plan.ts';
import { ownPricesOf } from '../measure/own-prices.ts';
import { type ArmSources, armSecrets, chooseGateway, chooseOfficial, newAddressProblems } from './arms.ts';
import { type CallProblem, malformed, type Planned } from './call-problem.ts';
import { declaredModels } from './plan-check.ts';
import { type CheckSettings, nonBlank, optionName, settingLabel } from './settings.ts';

/** Flags, as typed. `''` counts as not set. */
export interface FidelitySettings extends CheckSettings {
  /** How many pairs at most. */
  readonly pairs?: string | undefined;
  /** The official model that must be distinguishable. */
  readonly sibling?: string | undefined;
  /** Path of the file that carries over what was learnt and proved. */
  readonly keep?: string | undefined;
  /** Path of the page. */
  readonly html?: string | undefined;
}

export interface FidelityInput extends ArmSources {
  readonly settings: FidelitySettings;
  readonly kept: FidelityPlan['kept'];
  /** Whether the code uses chat completions; else the Responses API is asked. */
  readonly usesChat: boolean;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

const DEFAULT_MODEL = { name: 'gpt-4o-mini', gatewayName: 'gpt-4o-mini' };
const DEFAULT_MAX_COST_USD = 0.1;
const DEFAULT_TIMEOUT_MS = 30_000;

/** All problems are reported at once. */
export function planFidelity(input: FidelityInput): Planned<FidelityPlan> {
  const { settings, config, front } = input;
  const gateway = chooseGateway(input);
  const official = chooseOfficial(input);
  const pairs = aboveZero(settings.pairs, optionName('pairs', front), MOST_PAIRS);
  const cost = aboveZero(settings.maxCostUsd, settingLabel('maxCostUsd', front), DEFAULT_MAX_COST_USD);
  const problems = [gateway, official, pairs, cost].flatMap((part) => part.problems);
  const added = newAddressProblems([gateway, official], input);
  problems.push(...added);
  if (added.length === 0 && official.endpoint === null && official.problems.length === 0) {
    const message = `No official key is set. Set ${settingLabel('officialApiKey', front)}: both arms are asked the same at the same moment.`;
    problems.push({ reasonCode: 'missing_key', message });
  }
  if (gateway.endpoint === null || official.endpoint === null || problems.length > 0) {
    return { kind: 'problems', problems };
  }
  const model = chooseModel(input);
  const prices = config === null ? {} : ownPricesOf(config);
  return {
    kind: 'plan',
    plan: {
      gateway: gateway.endpoint,
      official: { ...official.endpoint, headers: {} },
      model,
      form: input.usesChat ? CHAT : RESPONSES,
      sibling: nonBlank(settings.sibling) ?? siblingOf(model),
      pairs: Math.ceil(pairs.value),
      meter: new Meter(cost.value, prices),
      prices,
      timeoutMs: config?.client.timeout ?? DEFAULT_TIMEOUT_MS,
      kept: input.kept,
      random: input.random,
    },
    secrets: armSecrets(input, [gateway.endpoint, official.endpoint], gateway.headerSecrets),
    notes: [...gateway.notes, ...official.notes],
  };
}

function chooseModel({ settings, config }: FidelityInput): ModelInUse {
  const declared = declaredModels(config);
  const name = nonBlank(settings.models)?.trim() ?? null;
  if (name === null) return firstOfKind(declared, 'chat') ?? DEFAULT_MODEL;
  return declared.find((model) => model.name === name) ?? { name, gatewayName: name };
}

function aboveZero(
  text: string | undefined,
  label: string,
  otherwise: number,
): { readonly value: number; readonly problems: readonly CallProblem[] } {
  const given = nonBlank(text);
  const value = given === null ? otherwise : Number(given);
  const isRight = Number.isFinite(value) && value > 0;
  return { value, problems: isRight ? [] : [malformed(`${label} is "${text}". Expected a number above 0.`)] };
}
