/** In lower case. */
interface Word {
  readonly bytes: Uint8Array;
  /** Where the word's window starts. */
  readonly start: number;
}

/** Three bytes as one number, in which upper and lower case are the same, as are some other characters. */
const trigram = (first: number, second: number, third: number): number =>
  ((first & 31) << 10) | ((second & 31) << 5) | (third & 31);

/**
 * Tests a text for any of a set of words, in any case, skipping bytes.
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

  constructor(words: readonly string[]) {
    this.#window = Math.min(...words.map((word) => word.length));
    this.#shift = new Uint8Array(32_768).fill(this.#window - 2);
    const byTrigram: Word[][] = new Array(32_768);
    for (const text of words) {
      const bytes = Buffer.from(text, 'latin1');
      const start = rarestWindow(text, this.#window);
      for (let end = 2; end < this.#window; end++) {
        const distance = this.#window - 1 - end;
        const [first = 0, second = 0, third = 0] = bytes.subarray(start + end - 2, start + end + 1);
        const key = trigram(first, second, third);
        this.#shift[key] = Math.min(this.#shift[key] ?? 0, distance);
        if (distance === 0) byTrigram[key] = [...(byTrigram[key] ?? []), { bytes, start }];
      }
    }
    this.#words = byTrigram;
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

/**
 * Finds all places of a set of words, in any case, in one pass.
 *
 * The automaton of A. V. Aho and M. J. Corasick, "Efficient string matching: an aid to bibliographic search",
 * Communications of the ACM 18(6), 1975. Words are ASCII and in lower case.
 */
export class WordFinder {
  /** By byte: its column in the table; bytes that no word has share the first one. */
  readonly #columnOf = new Uint8Array(256);
  /** By row and column: where the next row starts, inverted if words end there. */
  readonly #next: Int32Array;
  /** By where a row starts: the words that end there. */
  readonly #endingAt = new Map<number, readonly string[]>();

  constructor(words: Iterable<string>) {
    const distinct = [...new Set(words)];
    const characters = [...new Set(distinct.join(''))];
    for (const [index, char] of characters.entries()) {
      this.#columnOf[char.charCodeAt(0)] = index + 1;
      this.#columnOf[char.toUpperCase().charCodeAt(0)] = index + 1;
    }
    const columns = characters.length + 1;
    const next = new Int32Array(columns * (distinct.join('').length + 1));
    let free = columns;
    for (const word of distinct) {
      let row = 0;
      for (const char of word) {
        const cell = row + (this.#columnOf[char.charCodeAt(0)] as number);
        if (next[cell] === 0) {
          next[cell] = free;
          free += columns;
        }
        row = next[cell] as number;
      }
      this.#endingAt.set(row, [word]);
    }
    this.#addFallbacks(next, columns);
    this.#next = next.map((row) => (this.#endingAt.has(row) ? ~row : row));
  }

  /** Where a word can't go on, the longest other start that the text ends with does. */
  #addFallbacks(next: Int32Array, columns: number): void {
    const fallbacks = new Map([[0, 0]]);
    // Grows while it is walked: shorter starts come first.
    for (const [row, fallback] of fallbacks) {
      for (let column = 1; column < columns; column += 1) {
        const child = next[row + column] as number;
        const other = row === 0 ? 0 : (next[fallback + column] as number);
        if (child === 0) {
          next[row + column] = other;
          continue;
        }
        fallbacks.set(child, other);
        const shorter = this.#endingAt.get(other);
        if (shorter !== undefined)
          this.#endingAt.set(child, [...(this.#endingAt.get(child) ?? []), ...shorter]);
      }
    }
  }

  /** The words that the first `length` bytes contain, and where each one starts. */
  find(bytes: Uint8Array, length: number): Map<string, number[]> {
    const found = new Map<string, number[]>();
    let row = 0;
    for (let at = 0; at < length; at += 1) {
      row = this.#next[row + (this.#columnOf[bytes[at] as number] as number)] as number;
      if (row >= 0) continue;
      row = ~row;
      for (const word of this.#endingAt.get(row) as readonly string[]) {
        const start = at + 1 - word.length;
        const starts = found.get(word);
        if (starts === undefined) found.set(word, [start]);
        else starts.push(start);
      }
    }
    return found;
  }
}
