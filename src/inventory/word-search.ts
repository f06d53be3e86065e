interface Word {
  readonly text: string;
  readonly bytes: Uint8Array;
  /** Where the word's window starts. */
  readonly start: number;
}

/** Three bytes as one number, in which upper and lower case are the same, as are some other characters. */
const trigram = (first: number, second: number, third: number): number =>
  ((first & 31) << 10) | ((second & 31) << 5) | (third & 31);

/**
 * Searches a text for any of a set of words, in any case, skipping bytes if all words are longer than three.
 *
 * The method of S. Wu and U. Manber, "A fast algorithm for multi-pattern searching", University of Arizona TR-94-17,
 * 1994: the last three bytes of a window as long as the shortest word determine how far the window may move without
 * skipping a word. Each word is searched by its rarest part of that length. Words are ASCII and at least 3 characters
 * long.
 */
export class WordSearch {
  readonly #window: number;
  /** By three bytes: how far the window may move; 0 if the window may be that of a word. */
  readonly #shift: Uint8Array;
  readonly #words: readonly (readonly Word[] | undefined)[];

  /** @param window by default as long as the shortest word, to skip bytes; for texts full of the words, 3 is faster */
  constructor(words: readonly string[], window?: number) {
    const lower = [...new Set(words.map((word) => word.toLowerCase()))];
    this.#window = window ?? Math.min(...lower.map((word) => word.length));
    this.#shift = new Uint8Array(32_768).fill(this.#window - 2);
    const byTrigram: Word[][] = new Array(32_768);
    for (const text of lower) {
      const bytes = Buffer.from(text, 'latin1');
      const start = rarestWindow(text, this.#window);
      for (let end = 2; end < this.#window; end++) {
        const distance = this.#window - 1 - end;
        const [first = 0, second = 0, third = 0] = bytes.subarray(start + end - 2, start + end + 1);
        const key = trigram(first, second, third);
        this.#shift[key] = Math.min(this.#shift[key] ?? 0, distance);
        if (distance === 0) byTrigram[key] = [...(byTrigram[key] ?? []), { text, bytes, start }];
      }
    }
    this.#words = byTrigram;
  }

  /** The words that the first `length` bytes contain, in lower case, and where each one starts; of a window of 3. */
  find(bytes: Uint8Array, length: number): Map<string, number[]> {
    const found = new Map<string, number[]>();
    const shift = this.#shift;
    let key = 0;
    for (let at = 0; at < length; at += 1) {
      key = ((key << 5) | ((bytes[at] as number) & 31)) & 32_767;
      if ((shift[key] as number) > 0) continue;
      for (const word of this.#words[key] as Word[]) {
        const start = at - 2 - word.start;
        if (!isAt(word.bytes, bytes, start, length)) continue;
        const starts = found.get(word.text);
        if (starts === undefined) found.set(word.text, [start]);
        else starts.push(start);
      }
    }
    return found;
  }

  /** Whether the first `length` bytes contain one of the words. */
  test(bytes: Uint8Array, length: number): boolean {
    const shift = this.#shift;
    let at = this.#window - 1;
    while (at < length) {
      const key = trigram(bytes[at - 2] ?? 0, bytes[at - 1] ?? 0, bytes[at] ?? 0);
      const first = at - this.#window + 1;
      const step = shift[key] ?? 0;
      for (const word of step === 0 ? (this.#words[key] ?? []) : []) {
        if (isAt(word.bytes, bytes, first - word.start, length)) return true;
      }
      at += Math.max(1, step);
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

/** The start of the window that ends in the word's rarest three characters, which gives the fewest false stops. */
function rarestWindow(word: string, window: number): number {
  const rarity = (at: number): number => {
    const rank = FREQUENT.indexOf(word[at] ?? '');
    return rank < 0 ? FREQUENT.length : rank;
  };
  let best = 0;
  let most = -1;
  for (let start = 0; start + window <= word.length; start++) {
    const end = start + window - 1;
    const rare = rarity(end) + rarity(end - 1) + rarity(end - 2);
    if (rare > most) [best, most] = [start, rare];
  }
  return best;
}

const lowerCase = (byte: number): number => (byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte);
