/** Tasks with a name that may still get attempts. */
import type { OpenTask } from './waiting-tasks.ts';

/** After this many new tasks, earlier served tasks count as complete at any age. */
const GENERATION = 20_000;

/** How many generations begin during the time that a served task is kept. */
const TURNS = 3;

/**
 * A map of tasks in two generations. When the younger one is full or old enough, complete tasks leave the elder one, its
 * other tasks move to a new generation, and the younger becomes the elder. So whole maps are dropped instead of single
 * entries: a Map that grows and shrinks all the time keeps its former tables, with all their tasks, in memory until
 * V8's next full collection.
 */
export class NamedTasks {
  readonly #leave: (task: OpenTask) => void;
  #elder = new Map<string, OpenTask>();
  #younger = new Map<string, OpenTask>();
  #added = 0;
  #turnedAt = Number.NEGATIVE_INFINITY;

  /** @param leave gets each task that is complete */
  constructor(leave: (task: OpenTask) => void) {
    this.#leave = leave;
  }

  get(name: string): OpenTask | undefined {
    return this.#younger.get(name) ?? this.#elder.get(name);
  }

  delete(name: string): void {
    this.#younger.delete(name);
    this.#elder.delete(name);
  }

  /** The caller makes sure that there is no task of that name. */
  put(name: string, task: OpenTask): void {
    this.#younger.set(name, task);
    this.#added += 1;
  }

  /**
   * Lets complete tasks leave, if it is time.
   * @param now the latest end so far
   * @param keepMs how long a task is kept after its end; one that is `over` stays only until its generation leaves
   */
  turn(now: number, keepMs: { readonly served: number; readonly failed: number }): void {
    const full = this.#added >= GENERATION;
    if (!full && now < this.#turnedAt + keepMs.served / TURNS) return;
    const leaving = this.#elder;
    this.#elder = this.#younger;
    this.#younger = new Map();
    this.#added = 0;
    this.#turnedAt = now;
    for (const [name, task] of leaving) {
      const { state, end } = task;
      const keep =
        state === 'failed'
          ? end + keepMs.failed >= now
          : !full && state === 'served' && end + keepMs.served >= now;
      // In a long outage, even failed tasks must leave.
      if (keep && this.#younger.size < GENERATION) this.#younger.set(name, task);
      else this.#leave(task);
    }
  }

  /** All tasks leave. */
  finish(): void {
    for (const task of this.#elder.values()) this.#leave(task);
    for (const task of this.#younger.values()) this.#leave(task);
    this.#elder = new Map();
    this.#younger = new Map();
  }
}
