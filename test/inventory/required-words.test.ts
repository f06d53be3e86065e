// biome-ignore-all lint/suspicious/noTemplateCurlyInString: examples are code of other languages
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ON_LINE,
  type Required,
  requiredWords,
  SHORT_MODEL_NAME,
} from '../../src/inventory/required-words.ts';
import { HAZARD_RULES, RULES } from '../../src/inventory/rules/index.ts';
import { REQUIRED } from '../../src/inventory/rules/required.ts';
import { MODEL_NAME, pattern } from '../../src/inventory/vocabulary.ts';

const wordsOf = (pattern: RegExp) => requiredWords(pattern).map((list) => list.map(({ word }) => word));

describe('the words that a pattern requires', () => {
  it.each([
    [/openai/i, [['openai']]],
    [/OpenAI\.Client/, [['openai.client']]],
    [/\bnew\s+OpenAI\s*\(/, [['new'], ['openai']]],
    [/[oO]pen_?[aA][iI]Key/, [['openaikey', 'open_aikey']]],
    [/(?<value>gpt-4|claude)/, [['gpt-4', 'claude']]],
    [/model\s*=\s*"(?<value>gpt-(?:4|5))"/, [['model'], ['"gpt-4"', '"gpt-5"']]],
    [/(?:base_)?url: +https?/, [['url: '], ['http']]],
    [/colou?rs/, [['colors', 'colours']]],
    [/abcd+e/, [['abcd']]],
    [/ab{0,2}cdef/, [['cdef']]],
    [/(?:longer)*abcd/, [['abcd']]],
    [/(?<=["'])\bfour/, [['"four', "'four"]]],
    [/(?<!not )(?=abc)abcd/, [['abcd']]],
    [/[)\]|(]abcd[\\\]]/, [['abcd']]],
    [/\$\{abc\}/, [['${abc}']]],
    [/abcd|[u-z]/, []],
    [/\w+/, []],
    [/abc/, [['abc']]],
    [/ab/, []],
    [/(?:abcd|)/, []],
    [/äöüß/, []],
  ])('of %s are %j', (pattern, words) => {
    expect(wordsOf(pattern)).toEqual(words);
  });

  it('of a pattern with any model name are the names', () => {
    const [names, option] = wordsOf(pattern()`model: "${MODEL_NAME}"`);
    expect(names).toEqual(expect.arrayContaining(['gpt-', 'whisper-1', SHORT_MODEL_NAME]));
    expect(option).toEqual(['model: "']);
  });

  it('of all rules are the same in the bundle, which has them as JSON', () => {
    const rules = [...RULES, ...HAZARD_RULES].map(({ id, pattern }) => [id, requiredWords(pattern)]);
    expect(JSON.parse(REQUIRED)).toEqual(Object.fromEntries(rules));
  });

  it('occur in everything that the pattern matches', () => {
    const atom = fc.constantFrom(
      'abcde',
      'fg',
      'H',
      '[xX]',
      '(?:no|[oO]ne)',
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
      '.',
      '[\\n\\t]',
    );
    const source = fc.array(atom, { minLength: 1, maxLength: 5 }).map((atoms) => atoms.join(''));
    const withMatch = source.chain((text) =>
      fc.tuple(fc.constant(new RegExp(text)), fc.stringMatching(new RegExp(`^(?:${text})$`))),
    );
    fc.assert(
      fc.property(withMatch, ([pattern, match]) => {
        const lower = match.toLowerCase();
        const isThere = ({ word, min, max, lines }: Required) =>
          [...lower].some(
            (_, at) =>
              at >= min &&
              at <= max &&
              lower.startsWith(word, at) &&
              (lines !== ON_LINE || !lower.slice(0, at).includes('\n')),
          );
        expect(requiredWords(pattern).filter((list) => !list.some(isThere))).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });
});
