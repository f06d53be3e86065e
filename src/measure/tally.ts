/** Counts tasks one by one into the counts of a measurement. */
import { HistogramCounter } from './histogram.ts';
import { type Counts, type ModelSlice, type SpenderSlice, sortedByClass } from './measurement.ts';
import { type Money, usdFromGrains } from './money.ts';
import type { Attempt, FailureClass, TaskOutcome } from './outcome.ts';

/** What one task used, over all its attempts. Money is in grains of money.ts; null if unknown. */
export interface TaskSpending {
  /** -1 takes back a task that was counted before. */
  readonly tasks: 1 | -1;
  readonly attempts: number;
  readonly input: number;
  readonly cachedInput: number;
  readonly output: number;
  /** Of `input`: those whose answers did not say how many were cached. */
  readonly cacheUnknown: number;
  /** Attempts whose tokens are unknown. */
  readonly unknown: number;
  readonly cost: number | null;
  readonly retryCost: number | null;
  readonly atOfficialPrices: number | null;
}

class MoneyTally {
  #grains = 0;
  #priced = 0;
  #unpriced = 0;

  add(grains: number | null, tasks: number): void {
    if (grains === null) this.#unpriced += tasks;
    else {
      this.#grains += tasks * grains;
      this.#priced += tasks;
    }
  }

  get money(): Money {
    return { usd: usdFromGrains(this.#grains), priced: this.#priced, unpriced: this.#unpriced };
  }
}

/** Costs of one key or member. */
export class SpenderTally {
  readonly name: string;
  readonly #counts = { tasks: 0, failedTasks: 0, attempts: 0 };
  readonly #tokens = { input: 0, cachedInput: 0, output: 0, unknown: 0 };
  readonly #cost = new MoneyTally();
  readonly #retryCost = new MoneyTally();
  readonly #atOfficialPrices = new MoneyTally();

  constructor(name: string) {
    this.name = name;
  }

  add({ failed }: Pick<TaskOutcome, 'failed'>, spending: TaskSpending): void {
    const { tasks } = spending;
    const counts = this.#counts;
    counts.tasks += tasks;
    if (failed) counts.failedTasks += tasks;
    counts.attempts += tasks * spending.attempts;
    const tokens = this.#tokens;
    tokens.input += tasks * spending.input;
    tokens.cachedInput += tasks * spending.cachedInput;
    tokens.output += tasks * spending.output;
    tokens.unknown += tasks * spending.unknown;
    this.#cost.add(spending.cost, tasks);
    this.#retryCost.add(spending.retryCost, tasks);
    this.#atOfficialPrices.add(spending.atOfficialPrices, tasks);
  }

  get slice(): SpenderSlice {
    return {
      name: this.name,
      ...this.#counts,
      tokens: { ...this.#tokens },
      cost: this.#cost.money,
      retryCost: this.#retryCost.money,
      atOfficialPrices: this.#atOfficialPrices.money,
    };
  }
}

/** What endpoints call a result that reached the token limit. */
const TRUNCATED: ReadonlySet<string> = new Set(['length', 'max_tokens', 'max_output_tokens']);

type CountedOutcome = Omit<TaskOutcome, 'arm' | 'end'>;

/** Everything that is counted of one model. */
export class ModelTally {
  readonly name: string;
  readonly #spender: SpenderTally;
  #retriedTasks = 0;
  #failedAttempts = 0;
  readonly #errors = new Map<FailureClass, number>();
  #fallbacks = 0;
  #truncated = 0;
  #empty = 0;
  #cacheUnknown = 0;
  readonly #latency = new HistogramCounter();
  readonly #ttft = new HistogramCounter();

  constructor(name: string) {
    this.name = name;
    this.#spender = new SpenderTally(name);
  }

  add(outcome: CountedOutcome, attempts: readonly Pick<Attempt, 'failure'>[], spending: TaskSpending): void {
    const { tasks } = spending;
    this.#spender.add(outcome, spending);
    if (attempts.length > 1) this.#retriedTasks += tasks;
    this.#cacheUnknown += tasks * spending.cacheUnknown;
    for (const { failure } of attempts) {
      if (failure === null) continue;
      this.#failedAttempts += tasks;
      this.#errors.set(failure, (this.#errors.get(failure) ?? 0) + tasks);
    }
    if (outcome.fallback) this.#fallbacks += tasks;
    if (TRUNCATED.has(outcome.result?.finish_reason ?? '')) this.#truncated += tasks;
    if (outcome.result?.empty === true) this.#empty += tasks;
    this.#latency.add(outcome.seconds, tasks);
    if (outcome.firstTokenSeconds !== null) this.#ttft.add(outcome.firstTokenSeconds, tasks);
  }

  get slice(): ModelSlice {
    const counts: Omit<Counts, keyof SpenderSlice> = {
      retriedTasks: this.#retriedTasks,
      failedAttempts: this.#failedAttempts,
      errorsByClass: sortedByClass([...this.#errors].filter(([, count]) => count !== 0)),
      fallbacks: this.#fallbacks,
      truncated: this.#truncated,
      empty: this.#empty,
      ...(this.#cacheUnknown > 0 ? { cacheUnknown: this.#cacheUnknown } : {}),
      latency: this.#latency.histogram(),
      ttft: this.#ttft.histogram(),
    };
    return { ...this.#spender.slice, ...counts };
  }
}
