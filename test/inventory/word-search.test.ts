import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WordFinder, WordSearch } from '../../src/inventory/word-search.ts';

describe('searching many words at once', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', '-', '/'), minLength: 3, maxLength: 7 });

  it('agrees with searching one after the other, in any case', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'B', '-', '/', 'é'), maxLength: 60 });
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 5 }), text, (words, haystack) => {
        const bytes = Buffer.from(haystack);
        const expected = words.some((each) => haystack.toLowerCase().includes(each));
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

  it('finds every place of every word, inside of others too', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'B', '-', '/', 'ÿ'), maxLength: 60 });
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 6 }), text, (words, haystack) => {
        const places = (each: string) =>
          Array.from(haystack, (_, start) => start).filter((start) =>
            haystack.toLowerCase().startsWith(each, start),
          );
        const bytes = Buffer.from(haystack, 'latin1');
        const found = new WordFinder(words).find(bytes, bytes.length);
        for (const each of words) expect(found.get(each) ?? []).toEqual(places(each));
        expect(found.size).toBe(new Set(words.filter((each) => places(each).length > 0)).size);
      }),
      { numRuns: 2000 },
    );
  });
});
