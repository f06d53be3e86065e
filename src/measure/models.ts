/** What is known of a model by its names: how the code calls it, who answers, and what it costs. */
import type { Model } from '../config/schema/gateway.ts';
import { compareModels } from '../gateway/model-names.ts';
import type { OfficialPrices, OwnPrice, OwnPrices } from '../gateway/prices.ts';
import type { Arm, RequestRecord } from './record.ts';

export interface KnownModel {
  /** The name in the code: the same on both arms, so that strata compare like with like. */
  readonly name: string;
  /** Another model family answered: the attempt failed, whatever it says. */
  readonly substituted: boolean;
  /** The gateway's own price; null on the official arm, and where the config names none. */
  readonly ownPrice: OwnPrice | null;
  /** The name by which the official price table knows it. */
  readonly officialName: string | null;
}

/** More combinations than this are an accident of the data; the oldest are looked up again. */
const KEPT_MODELS = 10_000;

export class ModelBook {
  readonly #official: OfficialPrices;
  readonly #ownPrices: OwnPrices;
  readonly #models: readonly Model[];
  readonly #known: Record<Arm, Map<string, Map<string, KnownModel>>> = {
    official: new Map(),
    gateway: new Map(),
  };
  #size = 0;

  /**
   * @param models names in the code and at the gateway, from the config
   * @param ownPrices of the gateway, by either name
   */
  constructor(official: OfficialPrices, models: readonly Model[], ownPrices: OwnPrices) {
    this.#official = official;
    this.#models = models;
    this.#ownPrices = ownPrices;
  }

  of({ arm, model, answered_model = '' }: RequestRecord): KnownModel {
    const known = this.#known[arm].get(model)?.get(answered_model);
    if (known !== undefined) return known;
    const found = this.#lookUp(arm, model, answered_model);
    if (this.#size >= KEPT_MODELS) {
      this.#known.official.clear();
      this.#known.gateway.clear();
      this.#size = 0;
    }
    this.#size += 1;
    const answers = this.#known[arm].get(model) ?? new Map<string, KnownModel>();
    this.#known[arm].set(model, answers.set(answered_model, found));
    return found;
  }

  #lookUp(arm: Arm, model: string, answered: string): KnownModel {
    const pair = this.#models.find(({ name, gateway_name }) => model === name || model === gateway_name);
    const name = pair?.name ?? model;
    const names = [name, model, pair?.gateway_name ?? model];
    const own = names.find((candidate) => Object.hasOwn(this.#ownPrices, candidate));
    return {
      name,
      substituted: answered !== '' && this.#isOther([...new Set(names)], answered),
      ownPrice: arm === 'gateway' && own !== undefined ? (this.#ownPrices[own] ?? null) : null,
      officialName: [...names, answered].find((each) => this.#official.entryOf(each) !== null) ?? null,
    };
  }

  /**
   * Only of a name that the price table knows can be said what should answer: `gpt-4o` should not be answered
   * by `gpt-4o-mini`; an alias such as `fast` may be answered by whatever its owner chose.
   */
  #isOther(asked: readonly string[], answered: string): boolean {
    if (asked.some((name) => compareModels(name, answered) !== 'other')) return false;
    const entries = asked.map((name) => this.#official.entryOf(name)).filter((entry) => entry !== null);
    return entries.length > 0 && !entries.includes(this.#official.entryOf(answered) ?? '');
  }
}
