/** Runs the tasks of this process for one rollout one after another. Other processes conflict by compare-and-swap. */

export class Turns {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Runs the task when all earlier ones of that key have ended, successfully or not. */
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

  /** Whether a task is running or waiting. */
  isBusy(key: string): boolean {
    return this.#last.has(key);
  }

  /** Resolves when all tasks have ended, including those that were added in the meantime. */
  async idle(): Promise<void> {
    while (this.#last.size > 0) await Promise.allSettled(this.#last.values());
  }
}
