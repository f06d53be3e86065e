/**
 * `gateway-rollout/client`: a `fetch` for the official SDK that splits its requests between both arms and writes one
 * record per attempt. The official arm gets each request as the SDK wrote it.
 */
import { createHash, createHmac, randomUUID } from 'node:crypto';
import { readAlong } from './answer.ts';
import { type AttemptRecord, recordWriter, shareReader } from './files.ts';
import { atGateway, type Gateway, isUsable, readRequest, type SdkRequest } from './request.ts';

export type { AttemptRecord, Gateway };

export interface RolloutOptions {
  readonly gateway: Gateway;
  /**
   * A JSON file that the rollout writes, or a function: a percentage, or an object with the percentages `gateway`,
   * `shadow` (of the official arm's tasks: copied) and `models` (by name, for those that move ahead of `gateway`).
   */
  readonly share: string | (() => unknown);
  /** A JSONL file of this process alone, or a function. */
  readonly records: string | ((record: AttemptRecord) => void);
  /**
   * Whether an attempt that fails before its caller has a byte is repeated at once: from the gateway to `official`, or
   * from `either` arm to the other, unless the gateway's share is 0. Default: `none`.
   */
  readonly fallback?: 'none' | 'official' | 'either';
  /** Part of the hashes of units. Another salt moves other units. */
  readonly salt?: string;
  readonly fetch?: typeof fetch;
  /** Gets each problem with settings, share and records once. Default: a warning of the process. */
  readonly onProblem?: (problem: string) => void;
}

interface Task {
  readonly name: string;
  /** A hash. */
  readonly unit: string | undefined;
  /** Where its next attempt goes. */
  arm: 'official' | 'gateway';
  attempts: number;
}

const MOST_COPIES_AT_ONCE = 32;
const COPY_TIMEOUT_MS = 600_000;
const MOST_FAILED = 10_000;

/** @returns a `fetch` that throws what `options.fetch` throws: no problem with a share or a record fails a request */
export function rolloutFetch(options: RolloutOptions): typeof fetch {
  const client = new RolloutClient(options);
  return (input, init) => client.fetch(input, init);
}

class RolloutClient {
  readonly #options: RolloutOptions;
  readonly #sharesOf: ReturnType<typeof shareReader>;
  readonly #write: (record: AttemptRecord) => void;
  readonly #hasGateway: boolean;
  readonly #problems = new Set<string>();
  /** Tasks whose last attempt failed, by what the SDK's next attempt looks like; the oldest first. */
  readonly #failed = new Map<string, Task[]>();
  #copies = 0;

  constructor(options: RolloutOptions) {
    const { gateway, share, records } = options;
    this.#options = options;
    this.#sharesOf = shareReader(share, this.#report);
    this.#write = recordWriter(records, this.#report);
    this.#hasGateway = isUsable(gateway);
    if (!this.#hasGateway) this.#report('The gateway needs a base URL and a key: everything stays official.');
  }

  async fetch(input: string | URL | Request, given: RequestInit = {}): Promise<Response> {
    const { fetch = globalThis.fetch } = this.#options;
    if (input instanceof Request) return fetch(input, given);
    const request = readRequest(input, given);
    const mixesUp = request.canSplit && request.isStateful && request.unit === undefined;
    if (mixesUp) this.#report('Requests that store something are split only with a header X-Rollout-Unit.');
    return request.canSplit && !mixesUp ? this.#split(request) : fetch(input, request.init);
  }

  async #split(request: SdkRequest): Promise<Response> {
    const { fallback } = this.#options;
    const share = this.#hasGateway ? this.#sharesOf(request.model) : { gateway: 0, shadow: 0 };
    // The newest that fits: what nobody retried stays behind.
    const failed = request.retry === 0 ? undefined : this.#failed.get(keyOf(request, request.retry))?.pop();
    const task = failed ?? this.#newTask(request, share.gateway);
    // A share of 0 takes back retries, too.
    if (share.gateway === 0) task.arm = 'official';
    const { arm } = task;
    if (arm === 'official' && task.attempts === 0 && Math.random() * 100 < share.shadow)
      void this.#copy(request, task);
    if (fallback === 'either' ? share.gateway > 0 : fallback === 'official' && arm === 'gateway') {
      // Its later attempts go where the last one went.
      task.arm = arm === 'gateway' ? 'official' : 'gateway';
      const answer = await this.#attempt(request, task, arm, 'peek').catch((error) => {
        if (request.init.signal?.aborted) throw error;
      });
      // What the official API refuses as wrong goes to nobody else.
      const isFinal = answer?.failure === null || (arm === 'official' && answer?.failure === 'refused');
      if (answer && isFinal) return answer.response;
      await answer?.response.body?.cancel();
    }
    return (await this.#attempt(request, task, task.arm)).response;
  }

  /**
   * One attempt, and its record once the answer has ended.
   * @param how `peek` waits for the first byte, and `copy` is for nobody
   * @throws what `fetch` throws
   */
  async #attempt(request: SdkRequest, task: Task, arm: Task['arm'], how?: 'peek' | 'copy') {
    const { gateway, fetch = globalThis.fetch } = this.#options;
    const isCopy = how === 'copy';
    const { endpoint, model, streams } = request;
    const { url, init } = arm === 'gateway' ? atGateway(request, gateway) : request;
    const signal = isCopy ? AbortSignal.timeout(COPY_TIMEOUT_MS) : init.signal;
    const [ts, started] = [Date.now(), performance.now()];
    const about = { ts, arm, task: task.name, attempt: task.attempts, endpoint, model, unit: task.unit };
    if (!isCopy) task.attempts += 1;
    const onEnd = (facts: AttemptRecord): void => {
      const used = facts.error === undefined && /^2/.test(String(facts.status));
      if (!used && !isCopy && (how !== 'peek' || signal?.aborted)) this.#keep(request, task);
      const duration_ms = performance.now() - started;
      this.#write({ ...about, ...facts, duration_ms, ...(isCopy ? { shadow: true } : { used }) });
    };
    try {
      const response = await fetch(url, { ...init, signal: signal ?? null });
      const asked = { method: 'POST', path: endpoint, streams };
      return await readAlong(response, asked, started, signal, how === 'peek', onEnd);
    } catch (error) {
      onEnd({ status: 0, error: signal?.aborted ? 'timeout' : 'unreachable' });
      throw error;
    }
  }

  /** Sends the request to the gateway too, where it has no effect but its answer. */
  async #copy(request: SdkRequest, task: Task): Promise<void> {
    if (request.isStateful || !request.onlyAnswers || this.#copies >= MOST_COPIES_AT_ONCE) return;
    this.#copies += 1;
    try {
      const { response } = await this.#attempt(request, task, 'gateway', 'copy');
      await response.body?.pipeTo(new WritableStream());
    } catch {
      // Its record shows why.
    }
    this.#copies -= 1;
  }

  #newTask({ retry, unit, task }: SdkRequest, share: number): Task {
    const sticky = unit ?? task;
    const hash = createHmac('sha256', this.#options.salt ?? '')
      .update(sticky ?? '')
      .digest();
    // A record shows other bits than those that decide: which units are counted must not depend on their arm.
    const place = sticky !== undefined ? hash.readUIntBE(0, 6) / 2 ** 48 : Math.random();
    return {
      name: task ?? randomUUID(),
      unit: unit && hash.toString('hex', 16),
      arm: place * 100 < share ? 'gateway' : 'official',
      attempts: retry,
    };
  }

  /** Keeps a task for the SDK's next attempt. */
  #keep(request: SdkRequest, task: Task): void {
    const key = keyOf(request, request.retry + 1);
    const alike = this.#failed.get(key) ?? [];
    if (alike.push(task) > MOST_FAILED) alike.shift();
    this.#failed.set(key, alike);
    const [oldest = ''] = this.#failed.keys();
    if (this.#failed.size > MOST_FAILED) this.#failed.delete(oldest);
  }

  readonly #report = (problem: string): void => {
    const { onProblem = (text) => process.emitWarning(text, 'GatewayRollout') } = this.#options;
    if (this.#problems.has(problem)) return;
    this.#problems.add(problem);
    try {
      onProblem(problem);
    } catch {
      // A log that fails must not fail the request.
    }
  };
}

/** Equal for an attempt and its repetition, but for its number. */
function keyOf({ url, init, unit, task }: SdkRequest, retry: number): string {
  const headers = [...init.headers].filter(([name]) => name !== 'x-stainless-retry-count');
  return createHash('sha256')
    .update(JSON.stringify([retry, url, headers, unit, task, init.body]))
    .digest('hex');
}
