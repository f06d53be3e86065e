import pLimit from 'p-limit';
import { chatStream } from '../gateway/chat-stream.ts';
import { readErrorInSuccess } from '../gateway/error-body.ts';
import type { Exchange, HttpResponse } from '../gateway/exchange.ts';
import { type OwnPrices, PESSIMISTIC, priceBy, priceUsd, upperBoundUsd } from '../gateway/prices.ts';
import type { NoResponse } from '../gateway/refusal.ts';
import { readUsage, type Usage } from '../gateway/usage.ts';
import type { CheckUsage } from './report.ts';
import type { ProbeRequest } from './requests.ts';

/** Concurrent requests: fast, yet far below a gateway's rate limits. */
const CONCURRENCY = 8;

/** What a chat without a limit may answer: no probe asks for more. */
const UNLIMITED_TOKENS = 500;

/** Thrown when a request could cost more than what is left of the budget; the runner turns it into a finding. */
export class BudgetSpent extends Error {
  override readonly name = 'BudgetSpent';
}

/** Tokens of one request; `unknown` when it may have been billed without a usage. */
export type Spent = Usage | 'nothing' | 'unknown';

/**
 * Counts requests, tokens and cost, and limits both the concurrency and the budget.
 * A request's upper bound is reserved while it is running and then replaced by its price, so that eight concurrent
 * requests cannot exceed the budget together.
 */
export class Meter {
  readonly #limit = pLimit(CONCURRENCY);
  readonly #maxCostUsd: number;
  readonly #prices: OwnPrices;
  readonly #within: Meter | null;
  readonly #waiting = new Set<() => void>();
  #reservedUsd = 0;
  #reservations = 0;
  #spentUsd = 0;
  #unpriced = false;
  #requests = 0;
  #inputTokens = 0;
  #outputTokens = 0;

  constructor(maxCostUsd: number, prices: OwnPrices, within: Meter | null = null) {
    this.#maxCostUsd = maxCostUsd;
    this.#within = within;
    this.#prices = prices;
  }

  /**
   * Sends a request when concurrency and budget allow it.
   *
   * @param spentOn reads the tokens from the result
   * @throws BudgetSpent before sending, when it could cost more than what is left
   */
  run<T>(request: ProbeRequest, send: () => Promise<T>, spentOn: (result: T) => Spent): Promise<T> {
    return this.#limit(async () => {
      const bound = await this.#upperBoundUsd(request);
      await this.#reserve(bound);
      try {
        this.#requests += 1;
        const result = await (this.#within?.run(request, send, spentOn) ?? send());
        await this.#account(request, bound, spentOn(result));
        return result;
      } finally {
        this.#release(bound);
      }
    });
  }

  /** The upper bound counts for a request whose price is not known. */
  get spentUsd(): number {
    return this.#spentUsd;
  }

  get leftUsd(): number {
    return this.#maxCostUsd - this.#spentUsd;
  }

  /** For requests that may spend a share of what is left. They count here, too. */
  part(share: number): Meter {
    return new Meter(share * this.leftUsd, this.#prices, this);
  }

  get usage(): CheckUsage {
    return {
      requests: this.#requests,
      inputTokens: this.#inputTokens,
      outputTokens: this.#outputTokens,
      costUsd: this.#unpriced ? null : Number(this.#spentUsd.toPrecision(6)),
    };
  }

  async #upperBoundUsd(request: ProbeRequest): Promise<number> {
    const model = modelOf(request);
    if (model === null) return 0;
    const { body = {} } = request;
    const limit = body.max_tokens ?? body.max_completion_tokens ?? body.max_output_tokens;
    return upperBoundUsd({
      model,
      inputChars: JSON.stringify(body).length,
      maxOutputTokens: typeof limit === 'number' ? limit : 'messages' in body ? UNLIMITED_TOKENS : 0,
      ownPrices: this.#prices,
    });
  }

  /** Running requests reserve more than they will cost, so it waits for them before it gives up. */
  async #reserve(bound: number): Promise<void> {
    while (this.#spentUsd + this.#reservedUsd + bound > this.#maxCostUsd) {
      if (this.#reservations === 0) throw new BudgetSpent();
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
    this.#reservations += 1;
    this.#reservedUsd += bound;
  }

  #release(bound: number): void {
    this.#reservations -= 1;
    // Sums of floats have rounding errors.
    this.#reservedUsd = this.#reservations === 0 ? 0 : Math.max(0, this.#reservedUsd - bound);
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }

  async #account(request: ProbeRequest, bound: number, spent: Spent): Promise<void> {
    const model = modelOf(request);
    if (model === null || spent === 'nothing') return;
    if (spent === 'unknown') {
      this.#spentUsd += bound;
      if (bound > 0) this.#unpriced = true;
      return;
    }
    this.#inputTokens += spent.input;
    this.#outputTokens += spent.output;
    const price = await priceUsd({ model, usage: spent, ownPrices: this.#prices });
    this.#spentUsd += price ?? priceBy(PESSIMISTIC, spent);
    if (price === null) this.#unpriced = true;
  }
}

/** A request without a model costs nothing. */
const modelOf = ({ body }: ProbeRequest): string | null =>
  typeof body?.model === 'string' ? body.model : null;

/** Whether a request failed before the endpoint could receive it. */
export const neverSent = ({ layer }: NoResponse): boolean =>
  layer === 'dns' || layer === 'tcp' || layer === 'tls';

/** The tokens of an exchange. Refusals are free, and so are requests that never reached the endpoint. */
export function spentOnExchange(exchange: Exchange): Spent {
  if (exchange.kind === 'no-response') return neverSent(exchange) ? 'nothing' : 'unknown';
  const { refusal, transcript, json, status } = exchange;
  // What is not an answer may have been billed.
  const isFree = refusal !== null && transcript === null && (status >= 300 || json === undefined);
  if (isFree || readErrorInSuccess(json) !== null) return 'nothing';
  return usageOf(exchange) ?? 'unknown';
}

/** The usage that a body or a stream reports, or null. */
export function usageOf({ json, transcript }: Pick<HttpResponse, 'json' | 'transcript'>): Usage | null {
  if (transcript === null) return readUsage(json);
  return chatStream(transcript).usageChunks.at(-1) ?? null;
}
