import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { priceUsd, upperBoundUsd } from '../../src/gateway/prices.ts';
import type { Usage } from '../../src/gateway/usage.ts';

const MILLION: Usage = { input: 1_000_000, cachedInput: 0, output: 1_000_000 };

describe('priceUsd', () => {
  it('uses the official price table, cached input included', async () => {
    expect(await priceUsd({ model: 'gpt-4o-mini', usage: MILLION })).toBeCloseTo(0.15 + 0.6, 10);
    const cached = { input: 1_000_000, cachedInput: 1_000_000, output: 0 };
    expect(await priceUsd({ model: 'gpt-4o-mini', usage: cached })).toBeCloseTo(0.075, 10);
    expect(await priceUsd({ model: 'openai/gpt-4o-mini', usage: MILLION })).toBeCloseTo(0.75, 10);
  });

  it('lets the team’s own prices win', async () => {
    const ownPrices = {
      'gpt-4o-mini': { input: 1, output: 2 },
      house: { input: 1, output: 2, cached_input: 0.5 },
    };
    const usage = { input: 1_000_000, cachedInput: 400_000, output: 1_000_000 };
    expect(await priceUsd({ model: 'gpt-4o-mini', usage, ownPrices })).toBeCloseTo(3, 10);
    expect(await priceUsd({ model: 'house', usage, ownPrices })).toBeCloseTo(0.6 + 0.2 + 2, 10);
  });

  it('has no price for other models, and never uses 0 instead', async () => {
    for (const model of ['house-model', 'claude-sonnet-4-5', 'toString', 'whisper-1', '']) {
      expect(await priceUsd({ model, usage: MILLION, ownPrices: {} })).toBeNull();
    }
  });

  it('applies a long-context tier to the one request that reaches it', async () => {
    const short = await priceUsd({ model: 'gpt-5.4', usage: { input: 100_000, cachedInput: 0, output: 0 } });
    const long = await priceUsd({ model: 'gpt-5.4', usage: { input: 400_000, cachedInput: 0, output: 0 } });
    expect(long).toBeGreaterThan(4 * (short ?? Infinity));
  });

  it('survives more cached tokens than tokens in all', async () => {
    expect(
      await priceUsd({ model: 'gpt-4o', usage: { input: 10, cachedInput: 20, output: 1 } }),
    ).toBeGreaterThan(0);
  });
});

describe('upperBoundUsd', () => {
  it('is at least the price of whatever the request may use, of known and unknown models', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('gpt-4o-mini', 'gpt-5.4', 'house'),
        fc.nat(100_000),
        fc.nat(1_000),
        fc.nat(1_000),
        async (model, inputChars, limit, output) => {
          const ownPrices = { house: { input: 5, output: 30 } };
          const usage = {
            input: Math.floor(inputChars / 2),
            cachedInput: 0,
            output: Math.min(output, limit),
          };
          const price = await priceUsd({ model, usage, ownPrices });
          const known = await upperBoundUsd({ model, inputChars, maxOutputTokens: limit, ownPrices });
          expect(known).toBeGreaterThanOrEqual(price ?? Infinity);
        },
      ),
    );
  });

  it('prices a model without a price like a flagship', async () => {
    const request = { inputChars: 2_000_000, maxOutputTokens: 1_000_000 };
    expect(await upperBoundUsd({ model: 'house-model', ...request })).toBe(35);
    expect(await upperBoundUsd({ model: 'gpt-4o-mini', ...request })).toBeCloseTo(0.75, 10);
  });
});
