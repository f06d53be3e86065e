/** Finds the two records of each pair, in bounded memory, and counts the pairs of a window. */
import { addPairs } from './add.ts';
import { addSteps, COMPARED, type Compared, differencesOf, stepOf } from './differences.ts';
import { isWithin, type Window } from './instant.ts';
import { MOST_PAIR_SLICES, type PairSlice } from './measurement.ts';
import type { Attempt } from './outcome.ts';
import { endOf, type RequestRecord } from './record.ts';
import { OTHERS } from './sample.ts';
import { type CountedTask, ModelTally } from './tally.ts';

/** An attempt, counted as a task of its own. */
type CountedAttempt = Attempt & { readonly task: CountedTask };
type CountAttempt = (record: RequestRecord) => CountedAttempt;

/** How many attempts may wait for the other one of their pair, in 50 MB. */
const MOST_WAITING = 50_000;
/** Attempts that began farther apart are not of the same moment; milliseconds. */
const MOST_APART = 60_000;

export class PairCounter {
  readonly #window: Window;
  readonly #countAttempt: CountAttempt;
  /** By task and number, first come first. */
  readonly #waiting = new Map<string, RequestRecord>();
  readonly #models = new Map<string, PairTally>();
  /** Copies that ended in the window, and those among them whose original is not found yet. */
  readonly copies = { all: 0, alone: 0 };

  constructor(window: Window, count: CountAttempt) {
    this.#window = window;
    this.#countAttempt = count;
  }

  /** Takes copies, and attempts on the official arm, once each, roughly in the order in which they ended. */
  add(record: RequestRecord): void {
    const isCopy = record.shadow === true;
    if (isCopy) this.#countCopy(record, 1);
    const name = `${record.attempt} ${record.task}`;
    const other = this.#waiting.get(name);
    this.#waiting.delete(name);
    if (record.task !== undefined && other !== undefined && isSameMoment(record, other)) {
      const [original, copy] = isCopy ? [other, record] : [record, other];
      this.#countCopy(copy, -1);
      this.#count(original, copy);
      return;
    }
    this.#waiting.set(name, record);
    const [oldest] = this.#waiting.keys();
    if (this.#waiting.size > MOST_WAITING && oldest !== undefined) this.#waiting.delete(oldest);
  }

  /** The pairs of each model, after the last record. */
  finish(): readonly PairSlice[] {
    return addPairs([...this.#models.values()].map(({ slice }) => slice));
  }

  #countCopy(copy: RequestRecord, alone: 1 | -1): void {
    if (!isWithin(this.#window, endOf(copy))) return;
    this.copies.alone += alone;
    if (alone === 1) this.copies.all += 1;
  }

  /** A pair belongs to the window in which the second of its attempts ended. */
  #count(original: RequestRecord, copy: RequestRecord): void {
    if (!isWithin(this.#window, Math.max(endOf(original), endOf(copy)))) return;
    const [official, gateway] = [this.#countAttempt(original), this.#countAttempt(copy)];
    const { name } = official.model;
    const listed = this.#models.has(name) || this.#models.size < MOST_PAIR_SLICES ? name : OTHERS;
    const tally = this.#models.get(listed) ?? new PairTally(listed);
    this.#models.set(listed, tally);
    tally.add(official, gateway);
  }
}

function isSameMoment(one: RequestRecord, other: RequestRecord): boolean {
  return one.arm !== other.arm && Math.abs(one.ts - other.ts) <= MOST_APART;
}

/** The logarithm of gateway ÷ official, but of cached input the official share less the gateway's; NaN: unknown. */
const DIFFERENCES: Readonly<Record<Compared, (official: CountedAttempt, gateway: CountedAttempt) => number>> =
  {
    latency: ratioOf(({ outcome }) => outcome.seconds),
    ttft: ratioOf(({ outcome }) => outcome.firstTokenSeconds),
    tokens: ratioOf(({ sums }) => (sums.unknown > 0 ? null : sums.input + sums.output)),
    cost: ratioOf(({ sums }) => (sums.priced > 0 ? sums.cost : null)),
    cache: (official, gateway) => cachedShare(official.task) - cachedShare(gateway.task),
    quality: (_, { record }) => (record.quality === undefined ? Number.NaN : BETTER[record.quality]),
  };

/** Positive where the gateway's answer was worse. */
const BETTER = { official: 1, tie: 0, gateway: -1 } as const;

function ratioOf(amountOf: (task: CountedTask) => number | null) {
  return (official: CountedAttempt, gateway: CountedAttempt): number =>
    Math.log((amountOf(gateway.task) ?? Number.NaN) / (amountOf(official.task) ?? Number.NaN));
}

function cachedShare({ sums }: CountedTask): number {
  return sums.cacheUnknown > 0 || sums.unknown > 0 ? Number.NaN : sums.cachedInput / sums.input;
}

class PairTally {
  readonly #official: ModelTally;
  readonly #gateway: ModelTally;
  #bothFailed = 0;
  readonly #steps = new Map(COMPARED.map((compared) => [compared, new Map<number, number>()]));

  constructor(name: string) {
    this.#official = new ModelTally(name);
    this.#gateway = new ModelTally(name);
  }

  add(official: CountedAttempt, gateway: CountedAttempt): void {
    this.#official.add(official.task, 1);
    this.#gateway.add(gateway.task, 1);
    if (official.failure !== null && gateway.failure !== null) this.#bothFailed += 1;
    if (official.failure !== null || gateway.failure !== null) return;
    for (const [compared, steps] of this.#steps) {
      const difference = DIFFERENCES[compared](official, gateway);
      if (Number.isNaN(difference)) continue;
      const step = stepOf(difference);
      steps.set(step, (steps.get(step) ?? 0) + 1);
    }
  }

  get slice(): PairSlice {
    const { name, ...official } = this.#official.slice;
    const { name: _, ...gateway } = this.#gateway.slice;
    const differences = differencesOf((compared) => addSteps([...(this.#steps.get(compared) ?? [])], []));
    return { name, official, gateway, bothFailed: this.#bothFailed, differences };
  }
}
