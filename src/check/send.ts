/** Sends the requests of a check: equal ones once, and again where a program would try again or learns how. */
import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';
import { textDefect } from '../gateway/answer.ts';
import { chatStream } from '../gateway/chat-stream.ts';
import type { Exchange, HttpResponse } from '../gateway/exchange.ts';
import type { EndpointClient } from '../gateway/http.ts';
import { field, listField } from '../gateway/json.ts';
import { readRetryAfter } from '../gateway/retry-after.ts';
import { asCompletion } from './forms.ts';
import { type Meter, spentOnExchange } from './meter.ts';
import type { LoggedExchange } from './probe.ts';
import { type ProbeRequest, REASONING_ALLOWANCE } from './requests.ts';

/** Reading is fast on every working endpoint. */
export const READ_DEADLINE_MS = 10_000;

/** The official client's first pause; a `retry-after` up to the longest one is obeyed. */
const PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 5_000;

/** A failure that took longer is not asked for again: the check would take minutes. */
const QUICK_MS = 5_000;

interface SenderOptions {
  readonly meter: Meter;
  readonly deadlineMs: number;
  /** As the team's own client retries. */
  readonly maxRetries: number;
  /** Every exchange is appended. */
  readonly log: LoggedExchange[];
  /** Aborts the pending requests. */
  readonly signal: AbortSignal | null;
}

export class Sender {
  readonly #client: EndpointClient;
  readonly #options: SenderOptions;
  readonly #sent = new Map<string, Promise<Exchange>>();
  /** What was sent in the end, by what was asked for. */
  readonly #followed = new Map<string, ProbeRequest>();
  /** One retry at a time: many at once would be an attack on a gateway in trouble. */
  readonly #retries = pLimit(1);
  #isDown = false;

  constructor(client: EndpointClient, options: SenderOptions) {
    this.#client = client;
    this.#options = options;
  }

  readonly send = (request: ProbeRequest): Promise<Exchange> => {
    const name = JSON.stringify(request);
    const earlier = this.#sent.get(name);
    if (earlier !== undefined) return earlier;
    const exchange = this.#follow(request, name);
    this.#sent.set(name, exchange);
    return exchange;
  };

  /** The request in the form in which the gateway serves it. */
  readonly fitted = async (request: ProbeRequest): Promise<ProbeRequest> => {
    await this.send(request);
    return this.#followed.get(JSON.stringify(request)) ?? request;
  };

  async #follow(request: ProbeRequest, name: string): Promise<Exchange> {
    const exchange = await this.#persist(request);
    const next = followUp(request, exchange);
    if (next === null) return exchange;
    this.#followed.set(name, next);
    return this.#persist(next);
  }

  async #persist(request: ProbeRequest): Promise<Exchange> {
    const exchange = await this.#once(request);
    const { maxRetries } = this.#options;
    if (maxRetries === 0 || !isPassing(exchange)) return exchange;
    const failedAt = performance.now();
    return this.#retries(() => this.#retry(request, exchange, failedAt));
  }

  async #retry(request: ProbeRequest, failed: Exchange, failedAt: number): Promise<Exchange> {
    const { maxRetries, signal } = this.#options;
    let [exchange, since] = [failed, failedAt];
    for (let retry = 1; retry <= maxRetries && !this.#isDown && !signal?.aborted; retry += 1) {
      await sleep(Math.max(0, since + pauseMs(exchange, retry) - performance.now()));
      exchange = await this.#once(request, true);
      if (!isPassing(exchange)) return exchange;
      since = performance.now();
    }
    this.#isDown = true;
    return exchange;
  }

  #once(request: ProbeRequest, isRetry = false): Promise<Exchange> {
    const { meter, deadlineMs, log, signal } = this.#options;
    const deadline = request.method === 'GET' ? Math.min(READ_DEADLINE_MS, deadlineMs) : deadlineMs;
    const call = async () => {
      const exchange = await this.#client.call({
        ...request,
        deadlineMs: deadline,
        ...(signal && { signal }),
      });
      log.push({ request, exchange, isRetry });
      return exchange;
    };
    return meter.run(request, call, spentOnExchange);
  }
}

/** Whether a failure came quickly and may be gone at the next attempt. */
function isPassing(exchange: Exchange): boolean {
  if (exchange.durationMs > QUICK_MS) return false;
  // As when a gateway closes a kept connection just as the next request is sent.
  if (exchange.kind === 'no-response') return exchange.layer === 'http';
  const { refusal, status } = exchange;
  return refusal?.retryable === true && (status === 429 || status >= 500);
}

function pauseMs(exchange: Exchange, retry: number): number {
  const asked = exchange.kind === 'response' ? readRetryAfter(exchange.headers['retry-after'] ?? null) : null;
  return Math.min(asked || PAUSE_MS * retry, LONGEST_PAUSE_MS);
}

const LIMITS = ['max_tokens', 'max_completion_tokens'] as const;

const TOO_LOW = /minimum|least|greater|small/i;

/** What a check sends, and most programs do not. */
const OPTIONAL = ['stream_options', 'store'] as const;

/** Without what only some platforms put between the words of a name. */
const squeezed = (text: string): string => text.replace(/[\W_]/g, '').toLowerCase();

/**
 * The request once more, as the response asks for it: with the token limit's other name, with a higher limit, without an
 * optional parameter, or with room for the reasoning that has used up the limit.
 * @returns null where it asks for nothing else
 */
function followUp(request: ProbeRequest, exchange: Exchange): ProbeRequest | null {
  const { body, isExact } = request;
  if (body === undefined || isExact || exchange.kind === 'no-response') return null;
  const limit = [...LIMITS, 'max_output_tokens'].find((name) => typeof body[name] === 'number');
  const higher = Number(body[limit ?? '']) + REASONING_ALLOWANCE;
  const { refusal } = exchange;
  // JSON leaves out what is undefined.
  const changed = (changes: object) => ({ ...request, body: { ...body, ...changes } });
  if (refusal !== null) {
    const said = squeezed(`${refusal.param} ${refusal.message}`);
    const names = (name: string) => said.includes(squeezed(name));
    const other = LIMITS.find((name) => name !== limit && names(name));
    if (limit !== undefined && names(limit)) {
      if (other !== undefined) return changed({ [limit]: undefined, [other]: body[limit] });
      if (TOO_LOW.test(refusal.message)) return changed({ [limit]: higher });
    }
    const refused = OPTIONAL.find((name) => name in body && body[name] !== true && names(name));
    return refused === undefined ? null : changed({ [refused]: undefined });
  }
  const read = request.path === '/responses' ? asCompletion(exchange) : exchange;
  return limit === undefined || !isCutBeforeText(read) ? null : changed({ [limit]: higher });
}

/** Whether the token limit ended a completion that had not begun to answer. */
function isCutBeforeText({ json, transcript }: HttpResponse): boolean {
  const choice = listField(json, 'choices')[0];
  const message = field(choice, 'message');
  const read = transcript && chatStream(transcript);
  const isCut = read?.finishReasons.includes('length') ?? field(choice, 'finish_reason') === 'length';
  const calls = read?.toolCalls ?? listField(message, 'tool_calls');
  return isCut && calls.length === 0 && (read === null ? textDefect(message) : read.textDefect) !== null;
}
