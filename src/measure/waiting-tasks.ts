/** Failed attempts without a task name, which wait for a retry with the same values. */
import type { Attempt } from './outcome.ts';
import type { RecordLocation, RequestRecord } from './record.ts';

/** A task that may still get attempts. */
export interface OpenTask {
  /** By number and start. */
  readonly attempts: [Attempt, ...Attempt[]];
  /** When the last of them ended, milliseconds since 1970. */
  end: number;
  /** None was served. */
  failed: boolean;
  lowest: number;
  readonly location: RecordLocation;
}

export class WaitingTasks {
  /** By the values of the next attempt and its number; each list by rising end. */
  readonly #byValues = new Map<string, OpenTask[]>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  put(task: OpenTask): void {
    const last = (task.attempts.at(-1) ?? task.attempts[0]).record;
    const values = sharedValues(last, last.attempt + 1);
    const waiting = this.#byValues.get(values) ?? [];
    if (waiting.length === 0) this.#byValues.set(values, waiting);
    // Records come roughly in the order of their ends, so the new task is nearly always last.
    let index = waiting.length;
    while (index > 0 && (waiting[index - 1]?.end ?? 0) > task.end) index -= 1;
    waiting.splice(index, 0, task);
    this.#size += 1;
  }

  /** Takes out the longest waiting task that this attempt can continue. */
  take(record: RequestRecord, retryWindowMs: number): OpenTask | undefined {
    const waiting = this.#byValues.get(sharedValues(record, record.attempt));
    if (waiting === undefined) return undefined;
    const index = firstEndFrom(waiting, record.ts - retryWindowMs);
    const task = waiting[index];
    if (task === undefined || task.end > record.ts) return undefined;
    waiting.splice(index, 1);
    this.#size -= 1;
    return task;
  }

  takeBefore(time: number): OpenTask[] {
    const taken: OpenTask[] = [];
    for (const [values, waiting] of this.#byValues) {
      taken.push(...waiting.splice(0, firstEndFrom(waiting, time)));
      if (waiting.length === 0) this.#byValues.delete(values);
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

/** The values that all attempts of a task share; the arm may differ. */
function sharedValues(
  { endpoint, model, key, member, workload, unit }: RequestRecord,
  attempt: number,
): string {
  return JSON.stringify([attempt, endpoint, model, key, member, workload, unit]);
}
