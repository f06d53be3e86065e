/** Hides the real key from the program: where an endpoint echoes it, the recorder's key replaces it. */
import { randomBytes } from 'node:crypto';

/** Shorter keys may appear in other text by chance. */
const LEAST_SWAPPED = 16;
const USUAL_LENGTH = 56;
const PREFIX = 'sk-rollout-';

/**
 * A key that is valid nowhere else, as long as the real one, so that replacing one by the other does not change the
 * length of a response.
 */
export function throwAwayKey(realKey: string): string {
  const length = realKey.length < LEAST_SWAPPED ? USUAL_LENGTH : Buffer.byteLength(realKey);
  // At least half of a short key is random.
  const prefix = length < 2 * PREFIX.length ? 'sk-' : PREFIX;
  return `${prefix}${randomBytes(length).toString('hex')}`.slice(0, length);
}

/** Replaces one key by another in a stream of bytes; holds back only what may be the beginning of a key. */
export class KeySwap {
  readonly #real: Buffer;
  readonly #standIn: Buffer;
  #held: Buffer = Buffer.alloc(0);

  constructor(realKey: string, standIn: string) {
    const swaps = realKey.length >= LEAST_SWAPPED;
    this.#real = Buffer.from(swaps ? realKey : '');
    this.#standIn = Buffer.from(standIn);
  }

  /** The bytes that can be passed on now. */
  take(piece: Buffer): Buffer {
    if (this.#real.length === 0) return piece;
    const bytes = this.#held.length === 0 ? piece : Buffer.concat([this.#held, piece]);
    const passes = this.#swapped(bytes);
    const held = this.#beginningAtEnd(passes);
    this.#held = passes.subarray(passes.length - held);
    return passes.subarray(0, passes.length - held);
  }

  /** The bytes that were held back, at the end of the stream. */
  rest(): Buffer {
    const rest = this.#held;
    this.#held = Buffer.alloc(0);
    return rest;
  }

  /** For the value of a header. */
  text(value: string): string {
    const real = this.#real.toString();
    return real === '' ? value : value.replaceAll(real, this.#standIn.toString());
  }

  #swapped(bytes: Buffer): Buffer {
    let at = bytes.indexOf(this.#real);
    if (at < 0) return bytes;
    const copy = Buffer.from(bytes);
    for (; at >= 0; at = copy.indexOf(this.#real, at)) this.#standIn.copy(copy, at);
    return copy;
  }

  /** How many bytes at the end may be the beginning of the real key. */
  #beginningAtEnd(bytes: Buffer): number {
    const most = Math.min(this.#real.length - 1, bytes.length);
    for (let length = most; length > 0; length -= 1) {
      if (bytes.subarray(bytes.length - length).equals(this.#real.subarray(0, length))) return length;
    }
    return 0;
  }
}
