// biome-ignore-all lint/suspicious/noTemplateCurlyInString: examples are code of other languages
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { requiredWords } from '../../src/inventory/required-words.ts';

describe('the words that a pattern requires', () => {
  it.each([
    [/openai/i, ['openai']],
    [/OpenAI\.Client/, ['openai.client']],
    [/\bnew\s+OpenAI\s*\(/, ['openai']],
    [/(?<value>gpt-4|claude)/, ['gpt-4', 'claude']],
    [/model\s*=\s*"(?<value>gpt-(?:4|5))"/, ['model']],
    [/(?:base_)?url: +https?/, ['url: ']],
    [/colou?r/, ['colo']],
    [/abc+d/, ['abc']],
    [/ab{0,2}cde/, ['cde']],
    [/(?:longer)*abc/, ['abc']],
    [/(?<!not )(?=later)abc/, ['abc']],
    [/[)\]|(]abc[\\\]]/, ['abc']],
    [/\$\{abc\}/, ['${abc}']],
    [/abc|[xyz]/, null],
    [/\w+/, null],
    [/ab/, null],
    [/(?:abc|)/, null],
    [/äöü/, null],
  ])('of %s are %j', (pattern, words) => {
    expect(requiredWords(pattern)).toEqual(words);
  });

  it('occur in everything that the pattern matches', () => {
    const atom = fc.constantFrom(
      'abc',
      'de',
      'F',
      '\\s',
      '[xy]',
      'foo?',
      'ba*r',
      '(?:one|two)',
      '(three)?',
      '(?:four|five)+',
      '\\.',
      '(?:six|[89])',
      'x{2}',
      'y{0,2}',
    );
    const source = fc.array(atom, { minLength: 1, maxLength: 5 }).map((atoms) => atoms.join(''));
    const withMatch = source.chain((text) =>
      fc.tuple(fc.constant(new RegExp(text)), fc.stringMatching(new RegExp(`^(?:${text})$`))),
    );
    fc.assert(
      fc.property(withMatch, ([pattern, match]) => {
        const words = requiredWords(pattern);
        expect(words === null || words.some((word) => match.toLowerCase().includes(word))).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});
