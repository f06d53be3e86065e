/** One after another: what this process does for one rollout. Other processes are kept out by compare-and-swap. */

export class Turns {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Runs the task when all earlier ones of that key are over, however they ended. */
  run<T>(key: string, task: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key) ?? Promise.resolve();
    const turn = before.then(task, task);
    this.#last.set(key, turn);
    const forget = () => {
      if (this.#last.get(key) === turn) this.#last.delete(key);
    };
    turn.then(forget, forget);
    return turn;
  }

  /** Whether something is under way, or waits. */
  isBusy(key: string): boolean {
    return this.#last.has(key);
  }

  /** All tasks are over, also those that began meanwhile. */
  async idle(): Promise<void> {
    while (this.#last.size > 0) await Promise.allSettled(this.#last.values());
  }
}
