import pLimit from 'p-limit';
import type { Exchange } from '../gateway/exchange.ts';
import { priceUsd, upperBoundUsd } from '../gateway/prices.ts';
import { type Usage, readUsage } from '../gateway/usage.ts';
import { chatStream, responsesStream } from '../gateway/transcript.ts';
import type { OwnPrice } from './plan.ts';
import type { Question } from './questions.ts';
import type { CheckUsage } from './report.ts';

/** Requests under way at once: quick, yet far from what a gateway's rate limits mind. */
const CONCURRENCY = 8;

/** Thrown when a request could cost more than what is left; the runner turns it into a finding. */
export class BudgetSpent extends Error {
  override readonly name = 'BudgetSpent';
}

/**
 * Counts requests, tokens and cost, and holds both the concurrency and the budget.
 * A request's upper bound is reserved while it is under way and replaced by its price afterwards, so that
 * eight requests at once cannot overdraw together.
 */
export class Meter {
  readonly #limit = pLimit(CONCURRENCY);
  readonly #maxCostUsd: number;
  readonly #prices: Readonly<Record<string, OwnPrice>>;
  readonly #waiting = new Set<() => void>();
  #reservedUsd = 0;
  #spentUsd = 0;
  #unpriced = false;
  #requests = 0;
  #inputTokens = 0;
  #outputTokens = 0;

  constructor(maxCostUsd: number, prices: Readonly<Record<string, OwnPrice>>) {
    this.#maxCostUsd = maxCostUsd;
    this.#prices = prices;
  }

  /**
   * Send a question when there is room for it.
   * @throws BudgetSpent before sending, when it could cost more than what is left.
   */
  run(question: Question, send: () => Promise<Exchange>): Promise<Exchange> {
    return this.#limit(async () => {
      const bound = await this.#upperBoundUsd(question);
      await this.#reserve(bound);
      try {
        this.#requests += 1;
        const exchange = await send();
        await this.#account(question, bound, exchange);
        return exchange;
      } finally {
        this.#release(bound);
      }
    });
  }

  get usage(): CheckUsage {
    return {
      requests: this.#requests,
      inputTokens: this.#inputTokens,
      outputTokens: this.#outputTokens,
      costUsd: this.#unpriced ? null : Number(this.#spentUsd.toPrecision(6)),
    };
  }

  async #upperBoundUsd({ body }: Question): Promise<number> {
    if (typeof body?.['model'] !== 'string') return 0;
    const limit = body['max_tokens'] ?? body['max_completion_tokens'] ?? body['max_output_tokens'];
    return upperBoundUsd({
      model: body['model'],
      inputChars: JSON.stringify(body).length,
      maxOutputTokens: typeof limit === 'number' ? limit : 0,
      ownPrices: this.#prices,
    });
  }

  /** Others under way reserve more than they will cost: wait for them before giving up. */
  async #reserve(bound: number): Promise<void> {
    while (this.#spentUsd + this.#reservedUsd + bound > this.#maxCostUsd) {
      if (this.#reservedUsd === 0) throw new BudgetSpent();
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
    this.#reservedUsd += bound;
  }

  #release(bound: number): void {
    this.#reservedUsd = Math.max(0, this.#reservedUsd - bound);
    // Sums of floats leave dust that would look like a request still under way.
    if (this.#reservedUsd < 1e-12) this.#reservedUsd = 0;
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }

  async #account(question: Question, bound: number, exchange: Exchange): Promise<void> {
    if (bound === 0 || wasNotServed(exchange)) return;
    const usage = usageOf(exchange);
    if (usage === null) {
      this.#spentUsd += bound;
      this.#unpriced = true;
      return;
    }
    this.#inputTokens += usage.input;
    this.#outputTokens += usage.output;
    const price = await priceUsd({ model: String(question.body?.['model']), usage, ownPrices: this.#prices });
    this.#spentUsd += price ?? bound;
    if (price === null) this.#unpriced = true;
  }
}

/** Refusals are free, and so is what never reached the endpoint. A timeout may have been billed. */
function wasNotServed(exchange: Exchange): boolean {
  if (exchange.kind === 'answer') return exchange.status >= 400;
  return exchange.layer === 'dns' || exchange.layer === 'tcp' || exchange.layer === 'tls';
}

function usageOf(exchange: Exchange): Usage | null {
  if (exchange.kind !== 'answer') return null;
  if (exchange.transcript === null) return readUsage(exchange.json);
  return chatStream(exchange.transcript).usageChunks.at(-1) ?? responsesStream(exchange.transcript).usage;
}
