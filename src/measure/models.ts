/** What is known about a model by its names: its name in the code, the model that answers, and its price. */

import type { Arm } from '../config/arms.ts';
import type { Model } from '../config/schema/gateway.ts';
import { isSubstituted } from '../gateway/model-names.ts';
import { loadOfficialPrices, type OfficialPrices, type OwnPrice, type OwnPrices } from '../gateway/prices.ts';
import type { RequestRecord } from './record.ts';

export interface KnownModel {
  /** The name in the code: the same on both arms, so that strata compare the same model. */
  readonly name: string;
  /** Another model family answered: the attempt failed, whatever its status. */
  readonly substituted: boolean;
  /** The gateway's own price; null on the official arm, and if the config has none. */
  readonly ownPrice: OwnPrice | null;
  readonly officialName: string | null;
}

/** The known names and prices of models. */
export interface PriceBook {
  readonly models: ModelBook;
  readonly official: OfficialPrices;
}

/**
 * @param models names in the code and at the gateway
 * @param ownPrices of the gateway, by either name
 */
export async function loadPriceBook(models: readonly Model[], ownPrices: OwnPrices): Promise<PriceBook> {
  const official = await loadOfficialPrices();
  return { official, models: new ModelBook(official, models, ownPrices) };
}

/** More combinations than this mean unusual data; then all of them are looked up again. */
const KEPT_MODELS = 10_000;

/** What an attempt says about its model. */
type NamedModel = Pick<RequestRecord, 'arm' | 'model' | 'answered_model'>;

export class ModelBook {
  readonly #official: OfficialPrices;
  readonly #ownPrices: OwnPrices;
  readonly #models: readonly Model[];
  /** By the arm and both names. */
  readonly #known = new Map<string, KnownModel>();

  /** As {@link loadPriceBook}. */
  constructor(official: OfficialPrices, models: readonly Model[], ownPrices: OwnPrices) {
    this.#official = official;
    this.#models = models;
    this.#ownPrices = ownPrices;
  }

  of({ arm, model, answered_model = '' }: NamedModel): KnownModel {
    const names = `${arm}\n${model}\n${answered_model}`;
    const known = this.#known.get(names);
    if (known !== undefined) return known;
    if (this.#known.size >= KEPT_MODELS) this.#known.clear();
    const found = this.#lookUp(arm, model, answered_model);
    this.#known.set(names, found);
    return found;
  }

  #lookUp(arm: Arm, model: string, answered: string): KnownModel {
    const found = this.#models.find(({ name, gateway_name }) => model === name || model === gateway_name);
    const name = found?.name ?? model;
    const names = [name, model, found?.gateway_name ?? model];
    const own = names.find((candidate) => Object.hasOwn(this.#ownPrices, candidate));
    return {
      name,
      substituted:
        answered !== '' &&
        isSubstituted([...new Set(names)], answered, (each) => this.#official.entryOf(each)),
      ownPrice: arm === 'gateway' && own !== undefined ? (this.#ownPrices[own] ?? null) : null,
      officialName: [...names, answered].find((each) => this.#official.entryOf(each) !== null) ?? null,
    };
  }
}
