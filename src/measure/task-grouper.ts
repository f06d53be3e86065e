/**
 * Groups attempts into tasks, in bounded memory, from records roughly in the order in which they ended. Attempts that
 * name a task belong to it. An attempt without a task but with a number above 0 belongs to a failed attempt that had
 * the same values and the number before, and ended within the retry window before it.
 */
import { NamedTasks } from './named-tasks.ts';
import type { Attempt, Attempts } from './outcome.ts';
import { RecentRecords } from './recent-records.ts';
import { endOf, type RecordLocation, type RequestRecord } from './record.ts';
import { type OpenTask, type TaskState, WaitingTasks } from './waiting-tasks.ts';

export interface GroupingTimes {
  /** The longest time from the end of an attempt to the start of its retry; milliseconds. */
  readonly retryWindowMs: number;
  /** No attempt takes longer; milliseconds. */
  readonly longestAttemptMs: number;
}

/** As in the official SDKs: they wait at most a minute before a retry, and ten minutes for a response. */
export const GROUPING_TIMES: GroupingTimes = { retryWindowMs: 60_000, longestAttemptMs: 600_000 };

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
  /** A complete task: its attempts by number and start, at least one. */
  task(attempts: Attempts): void;
  inconsistent(kind: InconsistentRecord, record: RequestRecord, location: RecordLocation): void;
}

/** How many failed attempts without a task may wait for a retry; above that, they count as complete. */
const MOST_WAITING = 50_000;
const SWEEP_EVERY = 1_024;

export class TaskGrouper {
  readonly #times: GroupingTimes;
  readonly #sink: TaskSink;
  readonly #recent = new RecentRecords();
  readonly #named: NamedTasks;
  readonly #unnamed = new WaitingTasks();
  /** The latest end so far. */
  #reached = Number.NEGATIVE_INFINITY;
  #sinceSweep = 0;

  constructor(sink: TaskSink, times: GroupingTimes = GROUPING_TIMES) {
    this.#sink = sink;
    this.#times = times;
    this.#named = new NamedTasks((task) => this.#complete(task));
  }

  add(attempt: Attempt, location: RecordLocation): void {
    const { record } = attempt;
    if (this.#recent.has(record)) {
      this.#sink.inconsistent('duplicate', record, location);
      return;
    }
    const end = endOf(record);
    if (end > this.#reached) this.#reached = end;
    else if (end < this.#reached - this.#keepMs(false)) this.#sink.inconsistent('late', record, location);
    if (record.task === undefined) this.#addUnnamed(attempt, location);
    else this.#addNamed(record.task, attempt, location);
    this.#sinceSweep += 1;
    if (this.#sinceSweep >= SWEEP_EVERY) this.#sweep();
  }

  /** Completes all tasks, after the last record. */
  finish(): void {
    this.#named.finish();
    this.#closeUnnamed(Infinity);
  }

  #addNamed(name: string, attempt: Attempt, location: RecordLocation): void {
    const open = this.#named.get(name);
    if (open !== undefined && this.#mayJoin(open, attempt.record)) {
      this.#join(open, attempt, location);
      return;
    }
    // Otherwise another task has the same name.
    if (open !== undefined) {
      this.#named.delete(name);
      this.#complete(open);
    }
    this.#named.put(name, newTask(attempt, location));
  }

  #addUnnamed(attempt: Attempt, location: RecordLocation): void {
    const { record } = attempt;
    const { retryWindowMs } = this.#times;
    const waiting = record.attempt === 0 ? undefined : this.#unnamed.take(record, retryWindowMs);
    if (waiting !== undefined) this.#join(waiting, attempt, location);
    const task = waiting ?? newTask(attempt, location);
    if (task.state === 'failed') this.#unnamed.put(task);
    else this.#complete(task);
  }

  /**
   * Whether an attempt is a retry, ran in parallel to the others, or is the missing first attempt of the task, from a
   * slow clock. Any other first attempt after a served one begins another task.
   */
  #mayJoin(open: OpenTask, { attempt, ts }: RequestRecord): boolean {
    if (ts <= open.end) return true;
    const fits = attempt > 0 || open.state === 'failed' || open.attempts[0].record.attempt > 0;
    return fits && ts <= open.end + this.#times.retryWindowMs;
  }

  #join(task: OpenTask, attempt: Attempt, location: RecordLocation): void {
    const { attempts } = task;
    const { record } = attempt;
    const backwards = attempts.some(
      ({ record: other }) => (other.attempt - record.attempt) * (other.ts - record.ts) < 0,
    );
    if (backwards) this.#sink.inconsistent('clock_backwards', record, location);
    attempts.push(attempt);
    attempts.sort((a, b) => a.record.attempt - b.record.attempt || a.record.ts - b.record.ts);
    task.end = Math.max(task.end, endOf(record));
    if (task.state !== 'over' && attempt.failure === null) task.state = stateAfter(attempt);
  }

  /** How long after its end a task can still get an attempt, since a retry is recorded when it ends. */
  #keepMs(served: boolean): number {
    const { retryWindowMs, longestAttemptMs } = this.#times;
    return served ? retryWindowMs : retryWindowMs + longestAttemptMs;
  }

  /** Closes tasks that cannot continue. */
  #sweep(): void {
    this.#sinceSweep = 0;
    const keepMs = { served: this.#keepMs(true), failed: this.#keepMs(false) };
    this.#named.turn(this.#reached, keepMs);
    this.#closeUnnamed(this.#reached - keepMs.failed);
    // In a long outage: first those that only a long attempt could continue, then all.
    if (this.#unnamed.size > MOST_WAITING) this.#closeUnnamed(this.#reached - keepMs.served);
    if (this.#unnamed.size > MOST_WAITING) this.#closeUnnamed(Infinity);
  }

  #closeUnnamed(before: number): void {
    for (const task of this.#unnamed.takeBefore(before)) this.#complete(task);
  }

  #complete({ attempts, location }: OpenTask): void {
    const first = attempts[0].record;
    if (first.attempt > 0) this.#sink.inconsistent('first_attempt_missing', first, location);
    this.#sink.task(attempts);
  }
}

function newTask(attempt: Attempt, location: RecordLocation): OpenTask {
  return { attempts: [attempt], end: endOf(attempt.record), state: stateAfter(attempt), location };
}

function stateAfter({ record, failure }: Attempt): TaskState {
  if (failure !== null) return 'failed';
  return record.used === true ? 'over' : 'served';
}
