/** Turns records into the counts of both arms in one window, in bounded memory. */

import type { Arm } from '../config/arms.ts';
import type { Model } from '../config/schema/gateway.ts';
import type { OwnPrices } from '../gateway/prices.ts';
import { ArmTally } from './arm-tally.ts';
import { isWithin } from './instant.ts';
import type { ArmCounts } from './measurement.ts';
import { loadPriceBook, type PriceBook } from './models.ts';
import { type Attempt, type Attempts, failureOf, outcomeOf, type TaskOutcome } from './outcome.ts';
import { PairCounter } from './pair-tally.ts';
import { costOf, Pricing, usageOf } from './pricing.ts';
import { RecentRecords } from './recent-records.ts';
import {
  endOf,
  type RecordLocation,
  type RecordPlace,
  type RecordPlaces,
  type RequestRecord,
} from './record.ts';
import type { SourceQuery } from './source.ts';
import { type CountedTask, NO_SUMS } from './tally.ts';
import { type InconsistentRecord, RETRY_WINDOW_MS, SETTLING_MS, TaskGrouper } from './task-grouper.ts';

/** Tasks that ended in the window are counted: those of the slice, by its model's name in the code. */
export interface AggregateOptions extends Pick<SourceQuery, 'window' | 'slice' | 'without' | 'copies'> {
  /** Called for each inconsistent record of the window. */
  readonly inconsistent?: (kind: InconsistentRecord, record: RequestRecord, location: RecordLocation) => void;
}

/** What endpoints call a result that reached the token limit, such as `max_output_tokens` and `MODEL_LENGTH`. */
const TRUNCATED = /^(?:model_|context_)?length$|^max_(?:output_)?tokens$|_exceeded$/i;

/** How many attempts of a task may lie before the window in which the task ended. */
const ATTEMPTS_BACK = 3;

/** Of records that are counted at once. */
const NO_PLACE: RecordPlace = {
  places: { recordAt: () => null, locationOf: () => ({ file: '', line: 0 }) },
  index: 0,
};

/** Counts records: {@link add} them roughly in the order in which they ended, then {@link finish}. */
export class Aggregator {
  readonly #options: AggregateOptions;
  readonly #pricing: Pricing;
  readonly #countAlone: (record: RequestRecord) => Attempt & { readonly task: CountedTask };
  readonly #grouper: TaskGrouper;
  readonly #recent = new RecentRecords();
  readonly #arms: Record<Arm, ArmTally> = { official: new ArmTally(), gateway: new ArmTally() };
  /** In a stage that copies requests. */
  readonly pairs: PairCounter | null;
  readonly #firstEnd: number;
  readonly #lastStart: number;
  /** Records of the window so far, on both arms, before slices were left out. */
  records = 0;

  constructor({ models, official }: PriceBook, options: AggregateOptions) {
    this.#options = options;
    this.#pricing = new Pricing(official);
    this.#firstEnd = options.window.from - ATTEMPTS_BACK * SETTLING_MS;
    this.#lastStart = options.window.to + RETRY_WINDOW_MS;
    const attempt = (record: RequestRecord) => {
      const model = models.of(record);
      return { record, model, failure: failureOf(record, model) };
    };
    this.#grouper = new TaskGrouper({
      attempt,
      task: (attempts) => this.#count(attempts, 1),
      takeBack: (attempts) => this.#count(attempts, -1),
      inconsistent: (kind, record, location) => this.#report(kind, record, location),
    });
    this.#countAlone = (record) => {
      const attempts = [attempt(record)] as const satisfies Attempts;
      return { ...attempts[0], task: countedTask(attempts, outcomeOf(attempts), this.#pricing) };
    };
    // A stage that copies requests is about all of them.
    this.pairs = options.copies ? new PairCounter(options.window, this.#countAlone) : null;
  }

  /**
   * Also takes records around the window, since a task may begin before it or continue after it.
   * @param place where it can be read again, if it names its task
   */
  add(record: RequestRecord, place = NO_PLACE): void {
    const end = endOf(record);
    if (end < this.#firstEnd || record.ts > this.#lastStart) return;
    const isCopy = record.shadow === true;
    const isInWindow = this.#isInWindow(end);
    if (isInWindow && !isCopy) this.records += 1;
    if (this.#recent.has(record)) {
      this.#report('duplicate', record, place.places.locationOf(place.index));
      return;
    }
    if (isCopy === (record.arm === 'gateway')) this.pairs?.add(record);
    // No user has seen the answer to a copy, but it costs money in any stage.
    if (!isCopy) this.#grouper.add(record, place);
    else if (isInWindow) this.#arms[record.arm].copies.add(this.#countAlone(record).task, 1);
  }

  /** The counts of both arms, after the last record. */
  finish(): Record<Arm, ArmCounts> {
    this.#grouper.finish();
    return { official: this.#arms.official.counts, gateway: this.#arms.gateway.counts };
  }

  #isInWindow(end: number): boolean {
    return isWithin(this.#options.window, end);
  }

  #report(kind: InconsistentRecord, record: RequestRecord, location: RecordLocation): void {
    if (this.#isInWindow(endOf(record))) this.#options.inconsistent?.(kind, record, location);
  }

  #count(attempts: Attempts, times: 1 | -1): void {
    const outcome = outcomeOf(attempts);
    if (!this.#isInWindow(outcome.end)) return;
    const [first] = attempts;
    if (!isOfSlice(this.#options, first.model.name, first.record.workload)) return;
    this.#arms[outcome.arm].add(first, countedTask(attempts, outcome, this.#pricing), times);
  }
}

/** Whether a stage counts a task of a model (its name in the code) and a workload. */
export function isOfSlice(
  { slice, without }: Pick<AggregateOptions, 'slice' | 'without'>,
  model: string,
  workload: string | undefined,
): boolean {
  if (slice !== null && model !== slice && workload !== slice) return false;
  return !without.includes(model) && (workload === undefined || !without.includes(workload));
}

/** @param tasks how many tasks' tokens and costs the attempts hold */
export function countedTask(
  attempts: Attempts,
  outcome: TaskOutcome,
  pricing: Pricing,
  tasks = 1,
): CountedTask {
  const { result, failed, fallback } = outcome;
  // This attempt is not counted as a retry.
  const kept = result ?? attempts[0].record;
  const failures = attempts.flatMap(({ failure }) => failure ?? []);
  const sums = {
    ...NO_SUMS,
    tasks: 1,
    failedTasks: Number(failed),
    retriedTasks: Number(attempts.length > 1),
    attempts: attempts.length,
    failedAttempts: failures.length,
    fallbacks: Number(fallback),
    truncated: Number(TRUNCATED.test(result?.finish_reason ?? '')),
    empty: Number(result?.empty === true),
    priced: 1,
    retryPriced: 1,
    officiallyPriced: 1,
  };
  for (const attempt of attempts) spend(sums, attempt, attempt.record !== kept, pricing, tasks);
  // A task whose cost is known in part is unpriced.
  sums.cost *= sums.priced;
  sums.retryCost *= sums.retryPriced;
  sums.atOfficialPrices *= sums.officiallyPriced;
  return { sums, failures, outcome };
}

function spend(
  sums: typeof NO_SUMS,
  { record, model }: Attempt,
  isRetry: boolean,
  pricing: Pricing,
  tasks: number,
): void {
  const usage = usageOf(record);
  const official = pricing.atOfficialPrices(record.ts, model, usage, tasks);
  const paid = costOf(record, model, usage, official);
  if (usage === null) sums.unknown += 1;
  else {
    sums.input += usage.input;
    sums.cachedInput += usage.cachedInput;
    sums.output += usage.output;
    if (record.cached_input_tokens === undefined) sums.cacheUnknown += usage.input;
  }
  if (paid === null) sums.priced = 0;
  else sums.cost += paid;
  if (isRetry && paid === null) sums.retryPriced = 0;
  else if (isRetry) sums.retryCost += paid ?? 0;
  if (official === null) sums.officiallyPriced = 0;
  else sums.atOfficialPrices += official;
}

/** By which names and prices records are counted. */
export interface Counting {
  /** Names in the code and at the gateway. */
  readonly models: readonly Model[];
  /** The gateway's own prices, USD per million tokens. */
  readonly ownPrices: OwnPrices;
}

/** Counts records in memory, in any order. */
export async function aggregate(
  records: Iterable<RequestRecord>,
  { models, ownPrices, ...options }: AggregateOptions & Counting,
): Promise<Record<Arm, ArmCounts>> {
  const aggregator = new Aggregator(await loadPriceBook(models, ownPrices), options);
  const sorted = [...records].sort((a, b) => endOf(a) - endOf(b));
  const places: RecordPlaces = {
    recordAt: (index) => sorted[index] ?? null,
    locationOf: (index) => ({ file: '', line: index + 1 }),
  };
  for (const [index, record] of sorted.entries()) aggregator.add(record, { places, index });
  return aggregator.finish();
}
