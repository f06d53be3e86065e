/** Groups the attempts of a run into tasks: a task is a first attempt with its retries. */
import { RETRY_WINDOW_MS } from '../task-grouper.ts';

/** What shows which task an attempt belongs to. */
export interface Arrival {
  /** `X-Rollout-Task`: names the task exactly; null if the program does not send it. */
  readonly name: string | null;
  /** `X-Stainless-Retry-Count` of the official clients; null for other clients. */
  readonly retryCount: number | null;
  /** Equal for a request and its repetition: method, address and body. */
  readonly fingerprint: string;
  /** Method and address alone, for clients whose body differs each time (multipart forms). */
  readonly address: string;
  /** On the same clock as `failed`, in milliseconds. */
  readonly atMs: number;
}

export interface TaskAttempt {
  readonly task: string;
  /** 0 for the first. */
  readonly number: number;
}

interface TrackedTask {
  readonly task: string;
  attempts: number;
  /** Null while the last attempt is running. */
  failedAtMs: number | null;
  readonly fingerprint: string;
  readonly address: string;
}

/** After this many new tasks, those whose time has passed are removed. */
const SWEEP_EVERY = 1_000;

/** Groups the attempts of one run. Its memory grows with the running tasks and those that just failed. */
export class TaskTracker {
  readonly #prefix: string;
  readonly #namedPrefix: string;
  readonly #open = new Map<string, TrackedTask>();
  /** The same tasks by fingerprint, oldest first. */
  readonly #byFingerprint = new Map<string, Set<TrackedTask>>();
  /** Attempts so far of tasks that the program names; these may continue after a success. */
  readonly #named = new Map<string, number>();
  #count = 0;

  /**
   * @param prefix makes the generated names unique across runs
   * @param namedPrefix the same for names from the program, if it runs more than once
   */
  constructor(prefix: string, namedPrefix = '') {
    this.#prefix = prefix;
    this.#namedPrefix = namedPrefix;
  }

  /** A new attempt: a retry of an open task if the headers or the body say so, else a new task. */
  begin(arrival: Arrival): TaskAttempt {
    if (arrival.name !== null) return this.#nextOf(arrival.name);
    const earlier = this.#earlier(arrival);
    if (earlier === null) return this.#create(arrival);
    const number = earlier.attempts;
    earlier.attempts += 1;
    earlier.failedAtMs = null;
    return { task: earlier.task, number };
  }

  /** The last attempt of the task failed; another may follow. */
  failed(task: string, atMs: number): void {
    const open = this.#open.get(task);
    if (open !== undefined) open.failedAtMs = atMs;
  }

  succeeded(task: string): void {
    const open = this.#open.get(task);
    if (open !== undefined) this.#close(open);
  }

  /** Running tasks, and failed ones that may be retried. */
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
    // A retry keeps its number even if its first attempts went elsewhere.
    const number = retryCount ?? 0;
    const open = { task, attempts: number + 1, failedAtMs: null, fingerprint, address };
    this.#open.set(task, open);
    const alike = this.#byFingerprint.get(fingerprint) ?? new Set();
    this.#byFingerprint.set(fingerprint, alike.add(open));
    return { task, number };
  }

  #earlier({ retryCount, fingerprint, address, atMs }: Arrival): TrackedTask | null {
    // The official clients say which attempt it is.
    if (retryCount === 0) return null;
    const fits = ({ attempts, failedAtMs }: TrackedTask): boolean =>
      failedAtMs !== null &&
      atMs - failedAtMs <= RETRY_WINDOW_MS &&
      (retryCount === null || attempts === retryCount);
    for (const each of this.#byFingerprint.get(fingerprint) ?? []) if (fits(each)) return each;
    if (retryCount === null) return null;
    for (const each of this.#open.values()) if (each.address === address && fits(each)) return each;
    return null;
  }

  #close(open: TrackedTask): void {
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
