import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadOfficialPrices } from '../../src/gateway/prices.ts';
import type { Usage } from '../../src/gateway/usage.ts';
import { count, record, START } from './records.ts';

/** Sold by its input alone. */
const EMBEDDINGS = 'text-embedding-3-small';

describe('money', () => {
  const tokens = { input_tokens: 1_000, cached_input_tokens: 400, output_tokens: 100 };

  it('prices the official arm by the table and the gateway by its own prices, both with cached input', async () => {
    const ownPrices = { 'gpt-4o-mini': { input: 0.1, output: 0.4, cached_input: 0.05 } };
    const { official, gateway } = await count(
      [record({ ...tokens, arm: 'official' }), record({ ...tokens, cost_usd: 99 })],
      { ownPrices },
    );
    expect(official.cost).toEqual({ usd: 0.00018, priced: 1, unpriced: 0 });
    expect(gateway.cost).toEqual({ usd: 0.00012, priced: 1, unpriced: 0 });
    expect(gateway.atOfficialPrices).toEqual(official.cost);
  });

  it('uses what the gateway reports if it has no price of its own', async () => {
    const { gateway } = await count([record({ cost_usd: 0.25 })]);
    expect(gateway.cost.usd).toBe(0.25);
    expect(gateway.atOfficialPrices.usd).toBe(0.00021);
  });

  it('applies a long-context tier to the one request that reaches it, not to a sum', async () => {
    const long = { arm: 'official', model: 'gpt-5.4', output_tokens: 0 } as const;
    const many = Array.from({ length: 10 }, (_, at) => record({ ...long, at: at + 1, input_tokens: 40_000 }));
    const { official } = await count(many);
    expect(official.cost.usd).toBe(1);
    const { official: one } = await count([record({ ...long, input_tokens: 400_000 })]);
    expect(one.cost.usd).toBe(2);
  });

  it('an unknown model, a timeout and a cut stream are unpriced, never 0', async () => {
    const silent = { input_tokens: undefined, output_tokens: undefined };
    const { gateway } = await count([
      record({ at: 1, model: 'house' }),
      record({ at: 2, ...silent, status: 0, error: 'timeout' }),
      record({ at: 3, ...silent, error: 'upstream_error' }),
      record({ at: 4 }),
    ]);
    expect(gateway.cost).toEqual({ usd: 0.00021, priced: 1, unpriced: 3 });
    expect(gateway.tokens).toEqual({ input: 2000, cachedInput: 0, output: 200, unknown: 2 });
  });

  it('a refusal costs nothing, which is known', async () => {
    const refused = record({ status: 429, input_tokens: undefined, output_tokens: undefined });
    expect((await count([refused])).gateway.cost).toEqual({ usd: 0, priced: 1, unpriced: 0 });
  });

  it('retries cost what the attempts beside the used one cost', async () => {
    const { gateway } = await count([
      record({ at: 1, task: 't', error: 'upstream_error', cost_usd: 0.1 }),
      record({ at: 2, task: 't', attempt: 1, cost_usd: 0.2, used: false }),
      record({ at: 3, task: 't', attempt: 2, cost_usd: 0.4, used: true }),
      record({ at: 4, cost_usd: 1 }),
    ]);
    expect(gateway.cost.usd).toBe(1.7);
    expect(gateway.retryCost).toEqual({ usd: 0.3, priced: 2, unpriced: 0 });
  });

  describe('at official prices', async () => {
    const table = await loadOfficialPrices();
    const usage = fc
      .tuple(fc.nat(600_000), fc.nat(600_000), fc.nat(50_000))
      .map(([input, cached, output]) => ({ input, cachedInput: Math.min(cached, input), output }));
    const model = fc.constantFrom('gpt-4o-mini', 'gpt-5.4', 'o3', 'gpt-5-pro', EMBEDDINGS, 'whisper-1');
    const priced = (name: string, { input, cachedInput, output }: Usage) =>
      count([
        record({
          arm: 'official',
          model: name,
          input_tokens: input,
          cached_input_tokens: cachedInput,
          output_tokens: output,
        }),
      ]).then(({ official }) => official.cost);

    it('is exactly that of the price table, and unpriced if the table has none', async () => {
      await fc.assert(
        fc.asyncProperty(model, usage, async (name, used) => {
          const usd = table.priceUsd(name, used, START);
          const cost = await priced(name, used);
          expect(cost).toMatchObject(usd === null ? { usd: 0, unpriced: 1 } : { unpriced: 0 });
          expect(Math.abs(cost.usd - (usd ?? 0))).toBeLessThan(2e-10);
        }),
        { examples: [[EMBEDDINGS, { input: 0, cachedInput: 0, output: 1 }]] },
      );
    });

    it('is never 0 for used tokens, and always a number', async () => {
      const edges = fc.constantFrom(0, 1, 200_000, 272_000, 272_001, 1e12);
      const extreme = fc.record({ input: edges, cachedInput: edges, output: edges });
      await fc.assert(
        fc.asyncProperty(model, extreme, async (name, used) => {
          const { usd, priced: known } = await priced(name, used);
          expect(Number.isFinite(usd)).toBe(true);
          expect(usd > 0).toBe(known === 1 && used.input + used.output > 0);
        }),
      );
    });
  });
});
