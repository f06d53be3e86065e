import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareModels, isSubstituted } from '../../src/gateway/model-names.ts';
import { loadOfficialPrices } from '../../src/gateway/prices.ts';

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
    ['gpt-4o-search-preview', 'gpt-4o-search-preview-2025-03-11', 'snapshot'],
    ['gpt-4o-search-preview-2025-03-11', 'gpt-4o-search-preview', 'snapshot'],
    ['gpt-4o-latest', 'gpt-4o-2024-08-06', 'snapshot'],
    ['gemini-2.0-flash', 'gemini-2.0-flash-001', 'snapshot'],
    ['deepseek/deepseek-r1:free', 'deepseek-r1', 'snapshot'],
    ['gpt-4o-mini', 'openai:gpt-4o-mini', 'same'],
    ['gpt-4o-mini', 'azure_openai.gpt-4o-mini-2024-07-18', 'snapshot'],
    ['o3', 'azure-o3', 'same'],
    ['gpt-4o', 'openai/gpt-4o:extended', 'snapshot'],
    ['gpt-4o-mini', 'ft:gpt-4o-mini', 'other'],
    ['llama3:8b', 'llama3:70b', 'other'],
    ['gpt-4', 'gpt-4-0125-preview', 'other'],
    ['gpt-4o', 'gpt-4o-mini', 'other'],
    ['gpt-4o-mini', 'gpt-4o', 'other'],
    ['gpt-4o-mini', 'qwen2.5-7b-instruct', 'other'],
    ['gpt-4o-mini', 'gpt-4o-mini-turbo', 'other'],
    ['gpt-4', 'gpt-4.1', 'other'],
  ] as const)('%s served by %s is %s', (asked, answered, relation) => {
    expect(compareModels(asked, answered)).toBe(relation);
  });

  const entryOf = (name: string) => /^(gpt-4o-mini|gpt-4o|gpt-4-turbo)/.exec(name)?.[1] ?? null;
  it.each([
    [['gpt-4o'], 'gpt-4o-2024-08-06', false],
    [['gpt-4o'], 'gpt-4o-mini', true],
    [['gpt-4o-mini'], 'qwen2.5-7b-instruct', true],
    [['fast'], 'gpt-4o', false],
    [['fast'], 'llama-3-70b', false],
    [['gpt-4o', 'team-chat'], 'gpt-4o-2024-08-06', false],
    [['gpt-4o', 'team-chat'], 'llama-3-70b', false],
    [['gpt-4o', 'team-chat'], 'gpt-4o-mini', true],
  ])('for %j, %s is another model: %s', (requested, answered, expected) => {
    expect(isSubstituted(requested, answered, entryOf)).toBe(expected);
  });

  it.each([
    ['gpt-5', 'gpt-5-chat-latest', true],
    ['gpt-5.1', 'gpt-5.1-codex', true],
    ['gpt-5.1-codex', 'gpt-5.1-codex-max', true],
    ['gpt-4o-mini-search-preview', 'gpt-4o-mini-2024-07-18', true],
    ['gpt-5-chat-latest', 'gpt-5-chat', false],
    ['gpt-4-turbo-preview', 'gpt-4-0125-preview', false],
    ['gpt-3.5-turbo', 'gpt-35-turbo', false],
  ])('by the official prices: for %s, %s is another model: %s', async (requested, answered, expected) => {
    const official = await loadOfficialPrices();
    expect(isSubstituted([requested], answered, (name) => official.entryOf(name))).toBe(expected);
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
