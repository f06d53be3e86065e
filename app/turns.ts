/** Runs this process's work on one rollout one piece after another. Other processes conflict by compare-and-swap. */

export class Turns {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Runs the work when all earlier work of that key has ended, successfully or not. */
  run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key) ?? Promise.resolve();
    const turn = before.then(work, work);
    this.#last.set(key, turn);
    const forget = () => {
      if (this.#last.get(key) === turn) this.#last.delete(key);
    };
    turn.then(forget, forget);
    return turn;
  }

  /** Whether work is running or waiting. */
  isBusy(key: string): boolean {
    return this.#last.has(key);
  }

  /** Resolves when all work has ended, including what was added in the meantime. */
  async idle(): Promise<void> {
    while (this.#last.size > 0) await Promise.allSettled(this.#last.values());
  }
}
