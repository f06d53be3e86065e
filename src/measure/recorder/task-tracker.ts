/** Which attempts belong together: a task is a first attempt with its retries. */
import { GROUPING_TIMES } from '../task-grouper.ts';

/** What tells which task an attempt belongs to. */
export interface Arrival {
  /** `X-Rollout-Task`: names the task exactly; null where the program does not. */
  readonly name: string | null;
  /** `X-Stainless-Retry-Count` of the official clients; null for every other client. */
  readonly retryCount: number | null;
  /** The same for a request and its repetition: method, address and body. */
  readonly fingerprint: string;
  /** Method and address alone, for clients that write the same body differently each time (multipart forms). */
  readonly address: string;
  /** On the same clock as `failed`, in milliseconds. */
  readonly atMs: number;
}

/** An attempt's place in its task. */
export interface TaskAttempt {
  readonly task: string;
  /** 0 for the first. */
  readonly number: number;
}

/** A failed attempt is taken up again within this time, or its task is over: as records are grouped later. */
export const { retryWindowMs: RETRY_WINDOW_MS } = GROUPING_TIMES;

interface OpenTask {
  readonly task: string;
  attempts: number;
  /** Null while the last attempt is under way. */
  failedAtMs: number | null;
  readonly fingerprint: string;
  readonly address: string;
}

/** After so many new tasks, those whose time has passed are forgotten. */
const SWEEP_EVERY = 1_000;

/** Groups the attempts of one run. Memory grows with the tasks under way and those that just failed. */
export class TaskTracker {
  readonly #prefix: string;
  readonly #namedPrefix: string;
  readonly #open = new Map<string, OpenTask>();
  /** The same tasks, oldest first, by what their attempts have in common. */
  readonly #byFingerprint = new Map<string, Set<OpenTask>>();
  /** Attempts so far of the tasks that the program names; these may go on after a success. */
  readonly #named = new Map<string, number>();
  #count = 0;

  /**
   * @param prefix makes the tasks' own names unique among runs
   * @param namedPrefix the same for names that the program gives, where it runs more than once
   */
  constructor(prefix: string, namedPrefix = '') {
    this.#prefix = prefix;
    this.#namedPrefix = namedPrefix;
  }

  /** An attempt has arrived: a retry of an open task where the headers or the body say so, else a new task. */
  begin(arrival: Arrival): TaskAttempt {
    if (arrival.name !== null) return this.#nextOf(arrival.name);
    const earlier = this.#earlier(arrival);
    if (earlier === null) return this.#create(arrival);
    const number = earlier.attempts;
    earlier.attempts += 1;
    earlier.failedAtMs = null;
    return { task: earlier.task, number };
  }

  /** The last attempt of the task did not succeed; another may follow. */
  failed(task: string, atMs: number): void {
    const open = this.#open.get(task);
    if (open !== undefined) open.failedAtMs = atMs;
  }

  succeeded(task: string): void {
    const open = this.#open.get(task);
    if (open !== undefined) this.#close(open);
  }

  /** Tasks under way, and those that failed and may be taken up again. */
  get size(): number {
    return this.#open.size;
  }

  #nextOf(name: string): TaskAttempt {
    const number = this.#named.get(name) ?? 0;
    this.#named.set(name, number + 1);
    return { task: `${this.#namedPrefix}${name}`, number };
  }

  #create({ retryCount, fingerprint, address, atMs }: Arrival): TaskAttempt {
    this.#count += 1;
    if (this.#count % SWEEP_EVERY === 0) this.#sweep(atMs);
    const task = `${this.#prefix}-${this.#count}`;
    // A retry whose first attempts went elsewhere keeps its number.
    const number = retryCount ?? 0;
    const open = { task, attempts: number + 1, failedAtMs: null, fingerprint, address };
    this.#open.set(task, open);
    const alike = this.#byFingerprint.get(fingerprint) ?? new Set();
    this.#byFingerprint.set(fingerprint, alike.add(open));
    return { task, number };
  }

  #earlier({ retryCount, fingerprint, address, atMs }: Arrival): OpenTask | null {
    // The official clients say themselves which attempt it is.
    if (retryCount === 0) return null;
    const fits = ({ attempts, failedAtMs }: OpenTask): boolean =>
      failedAtMs !== null &&
      atMs - failedAtMs <= RETRY_WINDOW_MS &&
      (retryCount === null || attempts === retryCount);
    for (const each of this.#byFingerprint.get(fingerprint) ?? []) if (fits(each)) return each;
    if (retryCount === null) return null;
    for (const each of this.#open.values()) if (each.address === address && fits(each)) return each;
    return null;
  }

  #close(open: OpenTask): void {
    this.#open.delete(open.task);
    const alike = this.#byFingerprint.get(open.fingerprint);
    alike?.delete(open);
    if (alike?.size === 0) this.#byFingerprint.delete(open.fingerprint);
  }

  #sweep(nowMs: number): void {
    for (const open of this.#open.values()) {
      if (open.failedAtMs !== null && nowMs - open.failedAtMs > RETRY_WINDOW_MS) this.#close(open);
    }
  }
}
