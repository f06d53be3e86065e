/** Cuts a response off in the middle, although its length is unknown until its end. */
export class Cut {
  #held: Buffer | null = null;

  /**
   * How much of the next piece passes, and whether the connection breaks after it. Half of the first piece passes; if
   * another one follows, the rest of the first and half of the second pass too.
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
