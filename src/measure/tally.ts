/** Counts tasks one by one into the counts of a measurement. */
import { HistogramCounter } from './histogram.ts';
import { type Counts, type ModelSlice, type SpenderSlice, sortedByClass } from './measurement.ts';
import { usdFromGrains } from './money.ts';
import type { FailureClass } from './outcome.ts';

/** What is added up of tasks, for nothing. Money is in grains of money.ts. */
export const NO_SUMS = {
  tasks: 0,
  failedTasks: 0,
  retriedTasks: 0,
  attempts: 0,
  failedAttempts: 0,
  fallbacks: 0,
  truncated: 0,
  empty: 0,
  input: 0,
  cachedInput: 0,
  output: 0,
  /** Of `input`: those whose answers did not say how many were cached. */
  cacheUnknown: 0,
  /** Attempts whose tokens are unknown. */
  unknown: 0,
  cost: 0,
  retryCost: 0,
  atOfficialPrices: 0,
  /** Tasks whose cost is known. */
  priced: 0,
  retryPriced: 0,
  officiallyPriced: 0,
};
const KEYS = Object.keys(NO_SUMS) as (keyof typeof NO_SUMS)[];

export interface CountedTask {
  readonly sums: Readonly<typeof NO_SUMS>;
  readonly failures: readonly FailureClass[];
  /** A time that is null is not counted. */
  readonly outcome: { readonly [Time in 'seconds' | 'firstTokenSeconds']: number | null };
}

/** Costs of one key or member. */
export class SpenderTally {
  readonly name: string;
  protected readonly sums = { ...NO_SUMS };

  constructor(name: string) {
    this.name = name;
  }

  /** @param times -1 takes a task back */
  add({ sums }: CountedTask, times: number): void {
    for (const key of KEYS) if (sums[key] !== 0) this.sums[key] += times * sums[key];
  }

  get slice(): SpenderSlice {
    const { tasks, failedTasks, attempts, input, cachedInput, output, unknown, ...money } = this.sums;
    const moneyOf = (grains: number, priced: number) => ({
      usd: usdFromGrains(grains),
      priced,
      unpriced: tasks - priced,
    });
    return {
      name: this.name,
      tasks,
      failedTasks,
      attempts,
      tokens: { input, cachedInput, output, unknown },
      cost: moneyOf(money.cost, money.priced),
      retryCost: moneyOf(money.retryCost, money.retryPriced),
      atOfficialPrices: moneyOf(money.atOfficialPrices, money.officiallyPriced),
    };
  }
}

/** Everything that is counted of one model. */
export class ModelTally extends SpenderTally {
  readonly #errors = new Map<FailureClass, number>();
  readonly #latency = new HistogramCounter();
  readonly #ttft = new HistogramCounter();

  override add(task: CountedTask, times: number): void {
    super.add(task, times);
    for (const failure of task.failures) {
      this.#errors.set(failure, (this.#errors.get(failure) ?? 0) + times);
    }
    const { seconds, firstTokenSeconds } = task.outcome;
    if (seconds !== null) this.#latency.add(seconds, times);
    if (firstTokenSeconds !== null) this.#ttft.add(firstTokenSeconds, times);
  }

  override get slice(): ModelSlice {
    const { retriedTasks, failedAttempts, fallbacks, truncated, empty, cacheUnknown } = this.sums;
    const counts: Omit<Counts, keyof SpenderSlice> = {
      retriedTasks,
      failedAttempts,
      errorsByClass: sortedByClass([...this.#errors].filter(([, count]) => count !== 0)),
      fallbacks,
      truncated,
      empty,
      ...(cacheUnknown > 0 ? { cacheUnknown } : {}),
      latency: this.#latency.histogram(),
      ttft: this.#ttft.histogram(),
    };
    return { ...super.slice, ...counts };
  }
}
