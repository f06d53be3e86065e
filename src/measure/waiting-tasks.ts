/** Failed attempts that name no task, and wait for the retry that is just like them. */
import type { Attempt } from './outcome.ts';
import type { RecordLocation, RequestRecord } from './record.ts';

/**
 * What is still to be expected: after `failed` a retry; after `served` one only if the answer was of no use; after
 * `over`, when somebody said that the answer was used, only attempts that ran beside it.
 */
export type TaskState = 'failed' | 'served' | 'over';

/** A task that may still get attempts. */
export interface OpenTask {
  readonly attempts: [Attempt, ...Attempt[]];
  /** When the last of its attempts ended, milliseconds since 1970. */
  end: number;
  state: TaskState;
  /** Where the record stands that began it. */
  readonly location: RecordLocation;
}

export class WaitingTasks {
  /** By what the next attempt is like and its number; each list by rising end. */
  readonly #alike = new Map<string, OpenTask[]>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  put(task: OpenTask): void {
    const last = (task.attempts.at(-1) ?? task.attempts[0]).record;
    const likeness = likenessOf(last, last.attempt + 1);
    const waiting = this.#alike.get(likeness) ?? [];
    if (waiting.length === 0) this.#alike.set(likeness, waiting);
    // Records come in about the order of their ends: it is nearly always the last.
    let index = waiting.length;
    while (index > 0 && (waiting[index - 1]?.end ?? 0) > task.end) index -= 1;
    waiting.splice(index, 0, task);
    this.#size += 1;
  }

  /** The longest waiting task of which this attempt can be the next one; it waits no longer. */
  take(record: RequestRecord, retryWindowMs: number): OpenTask | undefined {
    const waiting = this.#alike.get(likenessOf(record, record.attempt));
    if (waiting === undefined) return undefined;
    const index = firstEndFrom(waiting, record.ts - retryWindowMs);
    const task = waiting[index];
    if (task === undefined || task.end > record.ts) return undefined;
    waiting.splice(index, 1);
    this.#size -= 1;
    return task;
  }

  /** Takes out all tasks that ended before a time. */
  takeBefore(time: number): OpenTask[] {
    const taken: OpenTask[] = [];
    for (const [likeness, waiting] of this.#alike) {
      taken.push(...waiting.splice(0, firstEndFrom(waiting, time)));
      if (waiting.length === 0) this.#alike.delete(likeness);
    }
    this.#size -= taken.length;
    return taken;
  }
}

/** Index of the first task that ended at `time` or later. */
function firstEndFrom(tasks: readonly OpenTask[], time: number): number {
  let low = 0;
  let high = tasks.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((tasks[middle]?.end ?? 0) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Attempts of one task are alike in this, though they may be on different arms. */
function likenessOf(
  { endpoint, model, key, member, workload, unit }: RequestRecord,
  attempt: number,
): string {
  return JSON.stringify([attempt, endpoint, model, key, member, workload, unit]);
}
