import { setImmediate as nextTick } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BudgetSpent, Meter, type Spent, spentOnExchange } from '../../src/check/meter.ts';
import type { ProbeRequest } from '../../src/check/requests.ts';
import type { Exchange } from '../../src/gateway/exchange.ts';
import { createClient } from '../../src/gateway/http.ts';
import { type OwnPrices, upperBoundUsd } from '../../src/gateway/prices.ts';
import type { Layer } from '../../src/gateway/refusal.ts';

/** One cent a token, in and out, so that the numbers of a test can be followed. */
const PRICES = { m: { input: 10_000, output: 10_000 } };

const requestOf = (maxTokens: number, model = 'm'): ProbeRequest => ({
  method: 'POST',
  path: '/chat/completions',
  body: { model, max_tokens: maxTokens },
});

const boundOf = ({ body }: ProbeRequest, prices: OwnPrices) =>
  upperBoundUsd({
    model: String(body?.model),
    inputChars: JSON.stringify(body).length,
    maxOutputTokens: Number(body?.max_tokens),
    ownPrices: prices,
  });

const tokens = (output: number, input = 0): Spent => ({ input, cachedInput: 0, output });

/** A request that runs until the test ends it. */
function pending() {
  let sent = false;
  let end = (_: Spent): void => {};
  const ended = new Promise<Spent>((resolve) => {
    end = resolve;
  });
  const send = () => {
    sent = true;
    return ended;
  };
  return { send, end: (spent: Spent) => end(spent), wasSent: () => sent };
}

const asTold = (spent: Spent): Spent => spent;

/** What a gateway would have billed, and the most that it could have: kept apart from the meter. */
class Book {
  spentUsd = 0;
  worstUsd = 0;
  #underWayUsd = 0;

  begin(bound: number): void {
    this.#underWayUsd += bound;
    this.worstUsd = Math.max(this.worstUsd, this.spentUsd + this.#underWayUsd);
  }

  end(bound: number, spentUsd: number): void {
    this.#underWayUsd -= bound;
    this.spentUsd += spentUsd;
  }
}

interface Spending {
  readonly maxTokens: number;
  /** The actual cost as a share of the bound; null: unknown. */
  readonly share: number | null;
  /** How long it is under way. */
  readonly ticks: number;
}

/** Send one request through the meter; returns its bound when the budget refused it, else null. */
async function spendAs(
  { maxTokens, share, ticks }: Spending,
  { meter, prices, book }: { meter: Meter; prices: typeof PRICES; book: Book },
): Promise<number | null> {
  const asked = requestOf(maxTokens);
  const bound = await boundOf(asked, prices);
  const usdPerToken = prices.m.output / 1e6;
  const send = async (): Promise<Spent> => {
    book.begin(bound);
    for (let tick = 0; tick < ticks; tick += 1) await nextTick();
    const output = share === null ? null : Math.floor((share * bound) / usdPerToken);
    book.end(bound, output === null ? bound : output * usdPerToken);
    return output === null ? 'unknown' : tokens(output);
  };
  try {
    await meter.run(asked, send, asTold);
    return null;
  } catch (error) {
    expect(error).toBeInstanceOf(BudgetSpent);
    return bound;
  }
}

describe('the budget', () => {
  it('is never overdrawn, however many requests are under way and whatever each of them costs', async () => {
    const request = fc.record({
      maxTokens: fc.integer({ min: 0, max: 300 }),
      share: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
      ticks: fc.integer({ min: 0, max: 4 }),
    });
    const requests = fc.array(request, { minLength: 1, maxLength: 30 });
    // In the worst unit that a team could mistake for USD per million tokens, floats are at their coarsest.
    const perMillion = fc.constantFrom(10_000, 1e13);
    const budget = fc.double({ min: 1, max: 2000, noNaN: true });
    await fc.assert(
      fc.asyncProperty(perMillion, budget, requests, async (price, budgetTokens, all) => {
        const maxUsd = (budgetTokens * price) / 1e6;
        const tolerance = maxUsd * 1e-9;
        const prices = { m: { input: price, output: price } };
        const meter = new Meter(maxUsd, prices);
        const book = new Book();
        const outcomes = await Promise.all(all.map((each) => spendAs(each, { meter, prices, book })));
        const refused = outcomes.filter((bound) => bound !== null);
        expect(book.worstUsd).toBeLessThanOrEqual(maxUsd + tolerance);
        expect(meter.usage.requests).toBe(all.length - refused.length);
        // Nothing was refused that would have fitted.
        for (const bound of refused) expect(book.spentUsd + bound).toBeGreaterThan(maxUsd - tolerance);
      }),
      { numRuns: 60 },
    );
  });

  it('refuses a request that could cost more than what is left, without sending it', async () => {
    const meter = new Meter(1, PRICES);
    const dear = pending();
    await expect(meter.run(requestOf(200), dear.send, asTold)).rejects.toThrow(BudgetSpent);
    expect(dear.wasSent()).toBe(false);
    expect(meter.usage).toEqual({ requests: 0, inputTokens: 0, outputTokens: 0, costUsd: 0 });
  });

  it('lets a request wait for those under way, which reserve more than they will cost', async () => {
    const meter = new Meter(1.5, PRICES);
    const [first, second] = [pending(), pending()];
    const runs = [first, second].map(({ send }) => meter.run(requestOf(80), send, asTold));
    await nextTick();
    expect([first.wasSent(), second.wasSent()]).toEqual([true, false]);
    first.end(tokens(10));
    await runs[0];
    await nextTick();
    expect(second.wasSent()).toBe(true);
    second.end(tokens(10));
    await Promise.all(runs);
    expect(meter.usage).toEqual({ requests: 2, inputTokens: 0, outputTokens: 20, costUsd: 0.2 });
  });

  it('refuses the one that waited when the others cost too much after all', async () => {
    const meter = new Meter(1.5, PRICES);
    const [first, second] = [pending(), pending()];
    const runs = [first, second].map(({ send }) => meter.run(requestOf(80), send, asTold));
    first.end(tokens(80));
    await expect(runs[1]).rejects.toThrow(BudgetSpent);
    expect(second.wasSent()).toBe(false);
  });

  it('gives back what was reserved for a request that broke', async () => {
    const meter = new Meter(1.5, PRICES);
    const broken = meter.run(requestOf(80), () => Promise.reject(new Error('a bug')), asTold);
    await expect(broken).rejects.toThrow('a bug');
    await expect(meter.run(requestOf(80), async () => tokens(1), asTold)).resolves.toEqual(tokens(1));
  });

  it('never blocks what cannot cost anything', async () => {
    const meter = new Meter(1e-9, PRICES);
    const list: ProbeRequest = { method: 'GET', path: '/models' };
    await meter.run(
      list,
      async () => null,
      () => 'unknown',
    );
    expect(meter.usage).toEqual({ requests: 1, inputTokens: 0, outputTokens: 0, costUsd: 0 });
  });
});

describe('the cost', () => {
  const usageAfter = async (spent: Spent, asked = requestOf(10), prices = {}) => {
    const meter = new Meter(100, prices);
    await meter.run(asked, async () => spent, asTold);
    return meter.usage;
  };

  it("is by the gateway's own prices where they are given", async () => {
    expect(await usageAfter(tokens(5, 3), requestOf(10), PRICES)).toMatchObject({ costUsd: 0.08 });
  });

  it('is by official prices where they are not', async () => {
    // gpt-4o-mini: 0.15 USD in, 0.60 USD out per million tokens.
    expect(await usageAfter(tokens(1000, 1000), requestOf(10, 'gpt-4o-mini'))).toMatchObject({
      inputTokens: 1000,
      outputTokens: 1000,
      costUsd: 0.00075,
    });
  });

  it('is unknown without a price, and the tokens are still counted', async () => {
    expect(await usageAfter(tokens(5, 3), requestOf(10, 'nobody-sells-this'))).toEqual({
      requests: 1,
      inputTokens: 3,
      outputTokens: 5,
      costUsd: null,
    });
  });

  it('is unknown where a response was billed without a usage', async () => {
    expect(await usageAfter('unknown', requestOf(10), PRICES)).toMatchObject({ costUsd: null });
  });

  it('of a model that costs nothing is nothing, and its tokens are counted', async () => {
    const free = { m: { input: 0, output: 0 } };
    expect(await usageAfter(tokens(5, 3), requestOf(10), free)).toEqual({
      requests: 1,
      inputTokens: 3,
      outputTokens: 5,
      costUsd: 0,
    });
    expect(await usageAfter('unknown', requestOf(10), free)).toMatchObject({ costUsd: 0 });
  });

  it('of a refusal is nothing', async () => {
    expect(await usageAfter('nothing', requestOf(10), PRICES)).toEqual({
      requests: 1,
      inputTokens: 0,
      outputTokens: 0,
      costUsd: 0,
    });
  });
});

it('at most 8 requests are under way at once, and the next one follows as soon as one has ended', async () => {
  const meter = new Meter(100, PRICES);
  const requests = Array.from({ length: 12 }, pending);
  const runs = requests.map(({ send }) => meter.run(requestOf(1), send, asTold));
  const sent = () => requests.filter(({ wasSent }) => wasSent()).length;
  await nextTick();
  expect(sent()).toBe(8);
  requests[3]?.end('nothing');
  await nextTick();
  expect(sent()).toBe(9);
  for (const { end } of requests) end('nothing');
  await Promise.all(runs);
  expect(meter.usage.requests).toBe(12);
});

describe('what an exchange cost in tokens', () => {
  const exchange = (status: number, contentType: string, body: string): Promise<Exchange> =>
    createClient({
      baseUrl: 'http://gateway.invalid/v1',
      apiKey: null,
      fetch: async () => new Response(body, { status, headers: { 'content-type': contentType } }),
    }).call({ method: 'POST', path: '/chat/completions', body: {}, deadlineMs: 1000 });
  const json = (status: number, body: unknown) => exchange(status, 'application/json', JSON.stringify(body));
  const stream = (...chunks: readonly unknown[]) =>
    exchange(
      200,
      'text/event-stream',
      [...chunks.map((chunk) => JSON.stringify(chunk)), '[DONE]'].map((data) => `data: ${data}\n\n`).join(''),
    );
  const usage = { prompt_tokens: 7, completion_tokens: 2 };

  it('is the usage of a response, whole or streamed', async () => {
    const told = { input: 7, cachedInput: 0, output: 2 };
    expect(spentOnExchange(await json(200, { choices: [{}], usage }))).toEqual(told);
    expect(spentOnExchange(await stream({ choices: [{}] }, { choices: [], usage }))).toEqual(told);
    const completed = {
      type: 'response.completed',
      response: { usage: { input_tokens: 7, output_tokens: 2 } },
    };
    expect(spentOnExchange(await stream(completed))).toEqual(told);
  });

  it('is unknown where a response has no usage', async () => {
    expect(spentOnExchange(await json(200, { choices: [{}] }))).toBe('unknown');
    expect(spentOnExchange(await stream({ choices: [{}] }))).toBe('unknown');
  });

  it('is nothing for a refusal', async () => {
    expect(spentOnExchange(await json(429, { error: { message: 'no balance', code: 'x' } }))).toBe('nothing');
    expect(spentOnExchange(await exchange(524, 'text/html', '<html></html>'))).toBe('nothing');
  });

  it.each([
    ['dns', 'nothing'],
    ['tcp', 'nothing'],
    ['tls', 'nothing'],
    ['http', 'unknown'],
    ['deadline', 'unknown'],
  ] as const)('of a request that failed at %s is %s', (layer: Layer, spent) => {
    expect(spentOnExchange({ kind: 'no-response', layer, code: '', message: '', durationMs: 1 })).toBe(spent);
  });
});
