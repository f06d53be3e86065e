interface Word {
  readonly text: string;
  readonly bytes: Uint8Array;
  /** Where the word's window starts. */
  readonly start: number;
}

/**
 * Searches a text for any of a set of words, in any case, reading about every fourth byte.
 *
 * The method of S. Wu and U. Manber, "A fast algorithm for multi-pattern searching", University of Arizona TR-94-17,
 * 1994: the last two bytes of a window as long as the shortest word determine how far the window may move without
 * skipping a word. Each word is searched by its rarest part of that length. Words are ASCII and at least 3 characters
 * long.
 */
export class WordSearch {
  readonly #window: number;
  /** By two bytes: how far the window may move; 0 if the window may be that of a word. */
  readonly #shift: Uint8Array;
  readonly #words: readonly (readonly Word[] | undefined)[];

  constructor(words: readonly string[]) {
    const lower = [...new Set(words.map((word) => word.toLowerCase()))];
    this.#window = Math.min(...lower.map((word) => word.length));
    this.#shift = new Uint8Array(65_536).fill(this.#window - 1);
    const byBigram: Word[][] = new Array(65_536);
    for (const text of lower) {
      const bytes = Buffer.from(text, 'latin1');
      const start = rarestWindow(text, this.#window);
      for (let end = 1; end < this.#window; end++) {
        const distance = this.#window - 1 - end;
        for (const bigram of spellings(bytes[start + end - 1] ?? 0, bytes[start + end] ?? 0)) {
          this.#shift[bigram] = Math.min(this.#shift[bigram] ?? 0, distance);
          if (distance === 0) byBigram[bigram] = [...(byBigram[bigram] ?? []), { text, bytes, start }];
        }
      }
    }
    this.#words = byBigram;
  }

  /** Whether the first `length` bytes contain one of the words. */
  test(bytes: Uint8Array, length: number): boolean {
    return this.#search(bytes, length, () => true);
  }

  /** The words that the first `length` bytes contain, in lower case, and where each one starts. */
  find(bytes: Uint8Array, length: number): Map<string, number[]> {
    const found = new Map<string, number[]>();
    this.#search(bytes, length, ({ text }, start) => {
      const starts = found.get(text);
      if (starts === undefined) found.set(text, [start]);
      else starts.push(start);
      return false;
    });
    return found;
  }

  /** Calls `stop` for each word found, until it returns true. */
  #search(bytes: Uint8Array, length: number, stop: (word: Word, start: number) => boolean): boolean {
    const shift = this.#shift;
    const window = this.#window;
    let at = window - 1;
    while (at < length) {
      const bigram = ((bytes[at - 1] ?? 0) << 8) | (bytes[at] ?? 0);
      const step = shift[bigram] ?? 0;
      if (step > 0) {
        at += step;
        continue;
      }
      for (const word of this.#words[bigram] ?? []) {
        const start = at - window + 1 - word.start;
        if (isAt(word.bytes, bytes, start, length) && stop(word, start)) return true;
      }
      at += 1;
    }
    return false;
  }
}

function isAt(word: Uint8Array, bytes: Uint8Array, start: number, length: number): boolean {
  if (start < 0 || start + word.length > length) return false;
  for (let index = 0; index < word.length; index++) {
    if (lowerCase(bytes[start + index] ?? 0) !== word[index]) return false;
  }
  return true;
}

/** Letters by frequency in code and prose, most frequent first; anything else is rarer. */
const FREQUENT = 'etaoinsrlcdhumpfgbyvwkxjqz';

/** The start of the window that ends in the word's rarest two characters, which gives the fewest false stops. */
function rarestWindow(word: string, window: number): number {
  const rarity = (at: number): number => {
    const rank = FREQUENT.indexOf(word[at] ?? '');
    return rank < 0 ? FREQUENT.length : rank;
  };
  let best = 0;
  for (let start = 1; start + window <= word.length; start++) {
    const end = (from: number): number => from + window - 1;
    if (rarity(end(start)) + rarity(end(start) - 1) > rarity(end(best)) + rarity(end(best) - 1)) best = start;
  }
  return best;
}

const lowerCase = (byte: number): number => (byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte);

/** Two bytes as one number, in every combination of cases. */
function spellings(first: number, second: number): number[] {
  return casesOf(first).flatMap((a) => casesOf(second).map((b) => (a << 8) | b));
}

const casesOf = (byte: number): number[] => (byte >= 0x61 && byte <= 0x7a ? [byte, byte & ~0x20] : [byte]);
