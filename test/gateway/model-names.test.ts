import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareModels } from '../../src/gateway/model-names.ts';

/** Names as platforms give them, without a date at their end. */
const plainName = fc.stringMatching(/^[a-z][a-z0-9.]{0,8}(-[a-z][a-z0-9.]{0,6}){0,3}$/);
const provider = fc.stringMatching(/^@?[a-z][a-z0-9.-]{0,10}$/);
const date = fc.constantFrom('-2024-07-18', '-20240718', '@20240718', '-0613', '-latest', '-preview');

describe('the model in the response', () => {
  it.each([
    ['gpt-4o-mini', 'gpt-4o-mini', 'same'],
    ['gpt-4o-mini', 'openai/gpt-4o-mini', 'same'],
    ['@openai/gpt-4o-mini', 'GPT-4o-mini', 'same'],
    ['gpt-4o-mini', 'gpt-4o-mini-2024-07-18', 'snapshot'],
    ['claude-sonnet-4-latest', 'anthropic/claude-sonnet-4-20250514', 'snapshot'],
    ['gpt-4-0613', 'gpt-4', 'snapshot'],
    ['gpt-4o', 'gpt-4o-mini', 'other'],
    ['gpt-4o-mini', 'gpt-4o', 'other'],
    ['gpt-4o-mini', 'qwen2.5-7b-instruct', 'other'],
    ['gpt-4o-mini', 'gpt-4o-mini-turbo', 'other'],
    ['gpt-4', 'gpt-4.1', 'other'],
  ] as const)('%s served by %s is %s', (asked, answered, relation) => {
    expect(compareModels(asked, answered)).toBe(relation);
  });

  it('is the same as itself, also with a provider before it or in capitals', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), provider, (name, prefix) => {
        expect(compareModels(name, name)).toBe('same');
        expect(compareModels(name, `${prefix}/${name}`)).toBe('same');
        expect(compareModels(`${prefix}/${name}`, name)).toBe('same');
      }),
    );
    fc.assert(
      fc.property(plainName, (name) => {
        expect(compareModels(name, name.toUpperCase())).toBe('same');
      }),
    );
  });

  it('is a snapshot if only a date is added or removed', () => {
    fc.assert(
      fc.property(plainName, provider, date, (name, prefix, suffix) => {
        fc.pre(!/-(latest|preview)$/.test(name));
        expect(compareModels(name, `${prefix}/${name}${suffix}`)).toBe('snapshot');
        expect(compareModels(`${name}${suffix}`, name)).toBe('snapshot');
      }),
    );
  });

  it('is the same relation in both directions', () => {
    const name = fc.tuple(plainName, fc.option(date, { nil: '' })).map((parts) => parts.join(''));
    fc.assert(
      fc.property(name, name, (a, b) => {
        expect(compareModels(a, b)).toBe(compareModels(b, a));
      }),
    );
  });
});
