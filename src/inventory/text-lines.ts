/** A position in a file, both from 1; columns in UTF-16 code units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Converts offsets in a text to lines and columns of its file. */
export interface Positions {
  position(offset: number): Position;
}

/** For a text that is the whole file. */
export class Lines implements Positions {
  readonly #text: string;
  /** Found for the first position; most files are asked for none. */
  readonly #starts: number[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  position(offset: number): Position {
    if (this.#starts.length === 0) {
      for (let at = 0; at >= 0; at = this.#text.indexOf('\n', at) + 1 || -1) this.#starts.push(at);
    }
    let low = 0;
    let high = this.#starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return { line: low + 1, column: offset - (this.#starts[low] ?? 0) + 1 };
  }
}
