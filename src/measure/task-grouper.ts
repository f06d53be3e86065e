/**
 * Groups attempts into tasks, in bounded memory, from records roughly in the order in which they ended. Attempts that
 * name a task belong to it. An attempt without a task but with a number above 0 belongs to a failed attempt that had
 * the same values and the number before, and ended within the retry window before it.
 *
 * Nearly all tasks have one attempt that is served. They are passed on at once, and taken back if another attempt
 * comes: only the place of the record is kept, not the record.
 */
import type { Attempt, Attempts } from './outcome.ts';
import { endOf, type RecordLocation, type RecordPlace, type RequestRecord } from './record.ts';
import { type OpenTask, WaitingTasks } from './waiting-tasks.ts';

/** From the end of an attempt to the start of its retry: the official SDKs wait no longer. Milliseconds. */
export const RETRY_WINDOW_MS = 60_000;
/** No attempt takes longer: the official SDKs wait so long for a response. Milliseconds. */
export const LONGEST_ATTEMPT_MS = 600_000;

/**
 * How long after its end a failed task can still get an attempt, since a retry is recorded when it ends: only then can a
 * window be counted for good. Milliseconds.
 */
export const SETTLING_MS = RETRY_WINDOW_MS + LONGEST_ATTEMPT_MS;

/** What may be inconsistent about a record; stable names. */
export type InconsistentRecord =
  /** The same record came before; it is left out. */
  | 'duplicate'
  /** It came so long after records that ended later that its task may already have been counted. */
  | 'late'
  /** It started before the attempt that it retries. */
  | 'clock_backwards'
  /** A retry without its first attempt; it counts as its own task. */
  | 'first_attempt_missing';

export interface TaskSink {
  attempt(record: RequestRecord): Attempt;
  /** A task: its attempts by number and start, at least one. */
  task(attempts: Attempts): void;
  /** A task that was passed on too early, since an attempt continues it. */
  takeBack(attempts: Attempts): void;
  inconsistent(kind: InconsistentRecord, record: RequestRecord, location: RecordLocation): void;
}

/** How many failed tasks may wait for a retry; above that, they count as complete. */
const MOST_WAITING = 50_000;

/** How many served tasks with a name may still get another attempt; above that, the oldest count as complete. */
const MOST_SERVED = 50_000;

const SWEEP_EVERY = 1_024;

export class TaskGrouper {
  readonly #sink: TaskSink;
  /** Tasks of one attempt that was served, in the order in which they were passed on. */
  readonly #served = new Map<string, { readonly end: number; readonly place: RecordPlace }>();
  /** All other tasks with a name. */
  readonly #named = new Map<string, OpenTask>();
  readonly #unnamed = new WaitingTasks();
  #count = 0;
  /** The latest end so far. */
  #reached = Number.NEGATIVE_INFINITY;
  #namedAfterSweep = 0;

  constructor(sink: TaskSink) {
    this.#sink = sink;
  }

  add(record: RequestRecord, place: RecordPlace): void {
    this.#count += 1;
    if (this.#count % SWEEP_EVERY === 0) this.#sweep();
    const end = endOf(record);
    if (end > this.#reached) this.#reached = end;
    else if (end < this.#reached - SETTLING_MS) this.#report('late', record, place);
    const attempt = this.#sink.attempt(record);
    if (record.task === undefined) this.#addUnnamed(attempt, place);
    else this.#addNamed(record.task, attempt, place);
  }

  /** Completes all tasks, after the last record. */
  finish(): void {
    this.#closeNamed(Infinity, Infinity);
    this.#closeUnnamed(Infinity);
  }

  #addNamed(name: string, attempt: Attempt, place: RecordPlace): void {
    const open = this.#named.get(name) ?? this.#reopen(name, attempt.record);
    if (open !== null && this.#mayJoin(open, attempt.record)) {
      this.#join(open, attempt, place);
      this.#named.set(name, open);
      return;
    }
    // Otherwise another task has the same name.
    if (open !== null) {
      this.#named.delete(name);
      this.#complete(open);
    }
    if (attempt.failure !== null || attempt.record.attempt > 0) {
      this.#named.set(name, newTask(attempt, place));
      return;
    }
    this.#sink.task([attempt]);
    this.#served.delete(name);
    this.#served.set(name, { end: endOf(attempt.record), place });
  }

  /** The served task that an attempt continues. */
  #reopen(name: string, record: RequestRecord): OpenTask | null {
    const served = this.#served.get(name);
    if (served === undefined || !this.#mayJoin({ ...served, failed: false, lowest: 0 }, record)) return null;
    const first = served.place.places.recordAt(served.place.index);
    if (first === null) return null;
    this.#served.delete(name);
    const task = newTask(this.#sink.attempt(first), served.place);
    this.#sink.takeBack(task.attempts);
    return task;
  }

  #addUnnamed(attempt: Attempt, place: RecordPlace): void {
    const { record } = attempt;
    const waiting = record.attempt === 0 ? undefined : this.#unnamed.take(record, RETRY_WINDOW_MS);
    if (waiting !== undefined) this.#join(waiting, attempt, place);
    const task = waiting ?? newTask(attempt, place);
    if (task.failed) this.#unnamed.put(task);
    else this.#complete(task);
  }

  /**
   * Whether an attempt is a retry, ran in parallel to the others, or is the missing first attempt of the task, from a
   * slow clock. Any other first attempt after a served one begins another task.
   */
  #mayJoin(
    { end, failed, lowest }: Pick<OpenTask, 'end' | 'failed' | 'lowest'>,
    { attempt, ts }: RequestRecord,
  ): boolean {
    if (ts <= end) return true;
    return (attempt > 0 || failed || lowest > 0) && ts <= end + RETRY_WINDOW_MS;
  }

  #join(task: OpenTask, attempt: Attempt, place: RecordPlace): void {
    const { attempts } = task;
    const { record } = attempt;
    const backwards = attempts.some(
      ({ record: other }) => (other.attempt - record.attempt) * (other.ts - record.ts) < 0,
    );
    if (backwards) this.#report('clock_backwards', record, place);
    attempts.push(attempt);
    attempts.sort((a, b) => a.record.attempt - b.record.attempt || a.record.ts - b.record.ts);
    task.lowest = attempts[0].record.attempt;
    task.end = Math.max(task.end, endOf(record));
    if (attempt.failure === null) task.failed = false;
  }

  /** Closes tasks that cannot continue. */
  #sweep(): void {
    const servedBefore = this.#reached - RETRY_WINDOW_MS;
    const failedBefore = this.#reached - SETTLING_MS;
    for (const [name, { end }] of this.#served) {
      if (end >= servedBefore && this.#served.size <= MOST_SERVED) break;
      this.#served.delete(name);
    }
    if (this.#named.size > 2 * this.#namedAfterSweep + SWEEP_EVERY) {
      this.#closeNamed(servedBefore, failedBefore);
      // In a long outage: first those that only a long attempt could continue, then all.
      if (this.#named.size > MOST_WAITING) this.#closeNamed(servedBefore, servedBefore);
      if (this.#named.size > MOST_WAITING) this.#closeNamed(Infinity, Infinity);
      this.#namedAfterSweep = this.#named.size;
    }
    this.#closeUnnamed(failedBefore);
    if (this.#unnamed.size > MOST_WAITING) this.#closeUnnamed(servedBefore);
    if (this.#unnamed.size > MOST_WAITING) this.#closeUnnamed(Infinity);
  }

  #closeNamed(servedBefore: number, failedBefore: number): void {
    for (const [name, task] of this.#named) {
      if (task.end >= (task.failed ? failedBefore : servedBefore)) continue;
      this.#named.delete(name);
      this.#complete(task);
    }
  }

  #closeUnnamed(before: number): void {
    for (const task of this.#unnamed.takeBefore(before)) this.#complete(task);
  }

  #complete({ attempts, location }: OpenTask): void {
    const first = attempts[0].record;
    if (first.attempt > 0) this.#sink.inconsistent('first_attempt_missing', first, location);
    this.#sink.task(attempts);
  }

  #report(kind: InconsistentRecord, record: RequestRecord, place: RecordPlace): void {
    this.#sink.inconsistent(kind, record, locationOf(place));
  }
}

function newTask(attempt: Attempt, place: RecordPlace): OpenTask {
  const { record, failure } = attempt;
  const location = locationOf(place);
  return {
    attempts: [attempt],
    end: endOf(record),
    failed: failure !== null,
    lowest: record.attempt,
    location,
  };
}

function locationOf({ places, index }: RecordPlace): RecordLocation {
  return places.locationOf(index);
}
