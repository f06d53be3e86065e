import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WordSearch } from '../../src/inventory/word-search.ts';

describe('searching many words at once', () => {
  it('agrees with searching one after the other, in any case', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'A', '-', '/'), minLength: 3, maxLength: 7 });
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'B', '-', '/', 'é'), maxLength: 60 });
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 5 }), text, (words, haystack) => {
        const bytes = Buffer.from(haystack);
        const expected = words.some((each) => haystack.toLowerCase().includes(each.toLowerCase()));
        expect(new WordSearch(words).test(bytes, bytes.length)).toBe(expected);
      }),
      { numRuns: 2000 },
    );
  });

  it('ignores bytes after the given length', () => {
    const bytes = Buffer.from('xx openai');
    const search = new WordSearch(['openai']);
    expect(search.test(bytes, bytes.length)).toBe(true);
    expect(search.test(bytes, bytes.length - 1)).toBe(false);
  });
});
