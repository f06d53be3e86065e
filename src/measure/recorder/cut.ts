/** Breaks an answer off in its middle, wherever that is: its length is not known before its end. */
export class Cut {
  #held: Buffer | null = null;

  /**
   * What of the next piece may still pass, and whether the connection breaks after it. The first piece passes by
   * half; when another follows, so does the rest of the first and half of the second.
   */
  take(piece: Buffer): { readonly passes: Buffer; readonly last: boolean } {
    const half = Math.floor(piece.length / 2);
    if (this.#held === null) {
      this.#held = piece.subarray(half);
      return { passes: piece.subarray(0, half), last: false };
    }
    return { passes: Buffer.concat([this.#held, piece.subarray(0, half)]), last: true };
  }
}
