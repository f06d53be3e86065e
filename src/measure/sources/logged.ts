/** Counts of the gateway arm from a platform's own log, which has a line for each attempt that reached it. */

import { priceBy } from '../../gateway/prices.ts';
import type { ErrorClass } from '../../gateway/refusal.ts';
import type { Usage } from '../../gateway/usage.ts';
import { HistogramCounter } from '../histogram.ts';
import { isWithin } from '../instant.ts';
import { type ArmCounts, sortedByClass } from '../measurement.ts';
import type { KnownModel } from '../models.ts';
import { type Money, usdFromGrains, usdToGrains } from '../money.ts';
import { Pricing } from '../pricing.ts';
import type { NoData, SourceQuery } from '../source.ts';
import { type Counted, modelNamed, type PriceBook, totalOf, UNKNOWN_IN_SUMS } from './sums.ts';

/** One attempt, as a platform logged it. */
export interface LoggedAttempt {
  /** When it ended, in milliseconds since 1970. */
  readonly end: number;
  /** The longest that it can have taken, in milliseconds. */
  readonly durationMs: number;
  /** null: it was not streamed, or the platform does not tell. */
  readonly ttftMs: number | null;
  readonly model: string;
  readonly key: string | null;
  readonly member: string | null;
  /** null: it was served. */
  readonly error: ErrorClass | null;
  /** null: the platform does not tell. */
  readonly usage: Usage | null;
  /** US dollars, as the platform accounts for it. */
  readonly usd: number;
}

/** Money that the platform gave back for attempts of this window or of earlier ones. */
export interface Refund {
  readonly model: string;
  readonly key: string | null;
  readonly member: string | null;
  readonly usd: number;
}

export interface Log {
  readonly attempts: readonly LoggedAttempt[];
  readonly refunds: readonly Refund[];
}

/**
 * The counts of the attempts that ended in the window. Tasks are not known: a platform sees each attempt of a client,
 * and neither what belongs together nor what never reached it.
 *
 * Priced like single attempts (pricing.ts): by the gateway's own price, else by what the platform accounted for.
 */
export function countLog(
  name: string,
  log: Log,
  query: SourceQuery,
  book: PriceBook,
): { readonly kind: 'arm'; readonly counts: ArmCounts } | NoData {
  const { window, slice, without } = query;
  const pricing = new Pricing(book.official);
  const groups = new Map<string, Group>();
  const groupOf = ({ model: name, key, member }: LoggedAttempt | Refund): Group | null => {
    const model = modelNamed(book, 'gateway', name);
    if ((slice !== null && model.name !== slice) || without.includes(model.name)) return null;
    const id = JSON.stringify([model.name, key, member]);
    const group = groups.get(id) ?? new Group(model, key, member);
    groups.set(id, group);
    return group;
  };
  for (const attempt of log.attempts) {
    if (isWithin(window, attempt.end)) groupOf(attempt)?.add(attempt, pricing);
  }
  if (groups.size === 0) {
    return { kind: 'no-data', reason: `${name} logged no request that ended in this window.` };
  }
  for (const refund of log.refunds) groupOf(refund)?.refund(refund.usd);
  return { kind: 'arm', counts: totalOf([...groups.values()].map((group) => group.counted())) };
}

/** The attempts of one model, key and member. */
class Group {
  readonly #model: KnownModel;
  readonly #key: string | null;
  readonly #member: string | null;
  readonly #latency = new HistogramCounter();
  readonly #ttft = new HistogramCounter();
  readonly #errors = new Map<string, number>();
  #attempts = 0;
  #failed = 0;
  #tokens: Usage = { input: 0, cachedInput: 0, output: 0 };
  #withoutUsage = 0;
  /** In grains of money.ts; refunds are taken off. */
  #cost = 0;
  #officialCost = 0;
  #officialUnpriced = 0;

  constructor(model: KnownModel, key: string | null, member: string | null) {
    this.#model = model;
    this.#key = key;
    this.#member = member;
  }

  add({ end, durationMs, ttftMs, error, usage, usd }: LoggedAttempt, pricing: Pricing): void {
    const { ownPrice } = this.#model;
    this.#attempts += 1;
    if (error === null) this.#latency.add(durationMs / 1_000);
    else {
      this.#failed += 1;
      this.#latency.add(Number.POSITIVE_INFINITY);
      this.#errors.set(error, (this.#errors.get(error) ?? 0) + 1);
    }
    if (ttftMs !== null) this.#ttft.add(ttftMs / 1_000);
    this.#cost += usdToGrains(ownPrice !== null && usage !== null ? priceBy(ownPrice, usage) : usd);
    const official = pricing.atOfficialPrices(end, this.#model, usage);
    if (official === null) this.#officialUnpriced += 1;
    else this.#officialCost += official;
    if (usage === null) this.#withoutUsage += 1;
    else this.#tokens = plus(this.#tokens, usage);
  }

  refund(usd: number): void {
    this.#cost -= usdToGrains(usd);
  }

  counted(): Counted {
    const attempts = this.#attempts;
    // More than what the window cost can come back, for attempts of earlier ones: money is never below 0.
    const usd = usdFromGrains(Math.max(0, this.#cost));
    const officialUsd = usdFromGrains(this.#officialCost);
    const unpriced = this.#officialUnpriced;
    const atOfficialPrices: Money = { usd: officialUsd, priced: attempts - unpriced, unpriced };
    return {
      model: this.#model.name,
      key: this.#key,
      member: this.#member,
      unseen: { cost: false, official: false },
      counts: {
        ...UNKNOWN_IN_SUMS,
        tasks: null,
        failedTasks: null,
        attempts,
        failedAttempts: this.#failed,
        errorsByClass: sortedByClass(this.#errors),
        latency: this.#latency.histogram(),
        ttft: this.#ttft.histogram(),
        tokens: { ...this.#tokens, unknown: this.#withoutUsage },
        cost: { usd, priced: attempts, unpriced: 0 },
        retryCost: { usd: 0, priced: 0, unpriced: attempts },
        atOfficialPrices,
      },
    };
  }
}

function plus(a: Usage, b: Usage): Usage {
  return {
    input: a.input + b.input,
    cachedInput: a.cachedInput + b.cachedInput,
    output: a.output + b.output,
  };
}
