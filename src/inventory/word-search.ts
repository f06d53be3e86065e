/**
 * Finds out whether a text holds any of a set of words, in any case, looking at about every fourth byte.
 *
 * The set-matching method of S. Wu and U. Manber, "A fast algorithm for multi-pattern searching", University of
 * Arizona TR-94-17, 1994: the last two bytes of a window of the shortest word's length say how far the window may
 * move without passing a word. Words are ASCII and at least 3 characters long.
 */
export class WordSearch {
  readonly #window: number;
  /** By two bytes: how far the window may move; 0 where one of the words may begin with this window. */
  readonly #shift: Uint8Array;
  readonly #words: ReadonlyMap<number, readonly Uint8Array[]>;

  constructor(words: readonly string[]) {
    const lower = words.map((word) => Buffer.from(word.toLowerCase(), 'latin1'));
    this.#window = Math.min(...lower.map((word) => word.length));
    this.#shift = new Uint8Array(65_536).fill(this.#window - 1);
    const byPair = new Map<number, Uint8Array[]>();
    for (const word of lower) {
      for (let end = 1; end < this.#window; end++) {
        const distance = this.#window - 1 - end;
        for (const pair of spellings(word[end - 1] ?? 0, word[end] ?? 0)) {
          this.#shift[pair] = Math.min(this.#shift[pair] ?? 0, distance);
          if (distance === 0) byPair.set(pair, [...(byPair.get(pair) ?? []), word]);
        }
      }
    }
    this.#words = byPair;
  }

  /** Whether the first `length` bytes hold one of the words. */
  test(bytes: Uint8Array, length: number): boolean {
    const shift = this.#shift;
    let at = this.#window - 1;
    while (at < length) {
      const pair = ((bytes[at - 1] ?? 0) << 8) | (bytes[at] ?? 0);
      const step = shift[pair] ?? 0;
      if (step === 0) {
        if (this.#wordAt(bytes, at - this.#window + 1, length, pair)) return true;
        at += 1;
      } else {
        at += step;
      }
    }
    return false;
  }

  #wordAt(bytes: Uint8Array, start: number, length: number, pair: number): boolean {
    return (this.#words.get(pair) ?? []).some((word) => {
      if (start + word.length > length) return false;
      return word.every((byte, index) => lowerCase(bytes[start + index] ?? 0) === byte);
    });
  }
}

const lowerCase = (byte: number): number => (byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte);

/** Two bytes as one number, in every mixture of cases. */
function spellings(first: number, second: number): number[] {
  return casesOf(first).flatMap((a) => casesOf(second).map((b) => (a << 8) | b));
}

const casesOf = (byte: number): number[] => (byte >= 0x61 && byte <= 0x7a ? [byte, byte & ~0x20] : [byte]);
