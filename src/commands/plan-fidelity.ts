/** Turns the settings, the environment and the config into the plan of a fidelity run; pure. */
import { type FidelityPlan, MOST_PAIRS } from '../check/fidelity/plan.ts';
import { CHAT, RESPONSES } from '../check/forms.ts';
import { Meter } from '../check/meter.ts';
import { firstOfKind, siblingOf } from '../check/models-in-use.ts';
import type { ModelInUse } from '../check/plan.ts';
import { ownPricesOf } from '../measure/own-prices.ts';
import { type ArmSources, armSecrets, chooseGateway, chooseOfficial, newAddressProblems } from './arms.ts';
import type { Planned } from './call-problem.ts';
import {
  chosenModel,
  DEFAULT_MODEL,
  DEFAULT_TIMEOUT_MS,
  declaredModels,
  isAboveZero,
  readMaxCost,
  readNumber,
} from './plan-check.ts';
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

const DEFAULT_MAX_COST_USD = 0.1;

/** All problems are reported at once. */
export function planFidelity(input: FidelityInput): Planned<FidelityPlan> {
  const { settings, config, front } = input;
  const gateway = chooseGateway(input);
  const official = chooseOfficial(input);
  const given = nonBlank(settings.pairs);
  const pairs = readNumber(
    given === null ? null : { value: given, from: optionName('pairs', front) },
    isAboveZero,
    'a number above 0',
  );
  const cost = readMaxCost(input);
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
      pairs: Math.ceil(pairs.value ?? MOST_PAIRS),
      meter: new Meter(cost.value ?? DEFAULT_MAX_COST_USD, prices),
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
  if (name !== null) return chosenModel(name, declared);
  return firstOfKind(declared, 'chat') ?? chosenModel(DEFAULT_MODEL);
}
