/** Counts of the gateway arm from a platform's log, which has one line for each attempt that reached it. */
import { priceBy } from '../../gateway/prices.ts';
import type { ErrorClass } from '../../gateway/refusal.ts';
import type { Usage } from '../../gateway/usage.ts';
import { isWithin } from '../instant.ts';
import type { KnownModel } from '../models.ts';
import { usdFromGrains, usdToGrains } from '../money.ts';
import { Pricing } from '../pricing.ts';
import type { SourceQuery, SourceResult } from '../source.ts';
import { ModelTally } from '../tally.ts';
import { armTotal, type Counted, type PriceBook, UNKNOWN_IN_SUMS } from './sums.ts';

/** One attempt, as a platform logged it. */
export interface LoggedAttempt {
  /** When it ended, in milliseconds since 1970. */
  readonly end: number;
  /** The longest that it can have taken, in milliseconds. */
  readonly durationMs: number;
  /** null: it was not streamed, or the platform does not report it. */
  readonly ttftMs: number | null;
  readonly model: string;
  readonly key: string | null;
  readonly member: string | null;
  /** null: it was served. */
  readonly error: ErrorClass | null;
  /** null: the platform does not report it. */
  readonly usage: Usage | null;
  /** Whether it says how many input tokens were cached. */
  readonly cacheKnown: boolean;
  /** US dollars, as the platform charged them. */
  readonly usd: number;
}

/** Money that the platform refunded for attempts of this window or of earlier ones. */
export interface Refund {
  readonly model: string;
  readonly key: string | null;
  readonly member: string | null;
  readonly usd: number;
}

export interface PlatformLog {
  readonly attempts: readonly LoggedAttempt[];
  readonly refunds: readonly Refund[];
}

/**
 * The counts of the attempts that ended in the window. Tasks are unknown: a platform sees single attempts, but not
 * which of them belong together, nor those that never reached it.
 *
 * Priced like single attempts (pricing.ts): by the gateway's own price, else by what the platform charged.
 * @param name the platform's name in messages
 */
export function countLog(name: string, log: PlatformLog, query: SourceQuery, book: PriceBook): SourceResult {
  const { window, slice, without } = query;
  const pricing = new Pricing(book.official);
  const groups = new Map<string, Group>();
  const groupOf = ({ model: requested, key, member }: LoggedAttempt | Refund): Group | null => {
    const model = book.models.of({ arm: 'gateway', model: requested });
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
  const gateway = armTotal([...groups.values()].map((group) => group.counted()));
  return { kind: 'measured', arms: { gateway }, notes: [] };
}

/** The attempts of one model, key and member; each is counted as a task with one attempt. */
class Group {
  readonly #model: KnownModel;
  readonly #key: string | null;
  readonly #member: string | null;
  readonly #tally: ModelTally;
  /** In grains of money.ts. */
  #refunded = 0;

  constructor(model: KnownModel, key: string | null, member: string | null) {
    this.#model = model;
    this.#key = key;
    this.#member = member;
    this.#tally = new ModelTally(model.name);
  }

  add({ end, durationMs, ttftMs, error, usage, cacheKnown, usd }: LoggedAttempt, pricing: Pricing): void {
    const { ownPrice } = this.#model;
    const outcome = {
      failed: error !== null,
      fallback: false,
      result: null,
      seconds: error === null ? durationMs / 1_000 : Number.POSITIVE_INFINITY,
      firstTokenSeconds: ttftMs === null ? null : ttftMs / 1_000,
    };
    this.#tally.add(outcome, [{ failure: error }], {
      tasks: 1,
      attempts: 1,
      ...(usage ?? { input: 0, cachedInput: 0, output: 0 }),
      cacheUnknown: cacheKnown ? 0 : (usage?.input ?? 0),
      unknown: usage === null ? 1 : 0,
      cost: usdToGrains(ownPrice !== null && usage !== null ? priceBy(ownPrice, usage) : usd),
      retryCost: null,
      atOfficialPrices: pricing.atOfficialPrices(end, this.#model, usage),
    });
  }

  refund(usd: number): void {
    this.#refunded += usdToGrains(usd);
  }

  counted(): Counted {
    const { name, cost, ...counts } = this.#tally.slice;
    // Refunds for attempts of earlier windows may exceed the cost of this one: money is never below 0.
    const usd = usdFromGrains(Math.max(0, usdToGrains(cost.usd) - this.#refunded));
    return {
      model: name,
      key: this.#key,
      member: this.#member,
      unseen: { cost: false, official: false },
      counts: { ...counts, ...UNKNOWN_IN_SUMS, tasks: null, failedTasks: null, cost: { ...cost, usd } },
    };
  }
}
