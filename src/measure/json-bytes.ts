/**
 * Reads the plain values of JSON straight from bytes: ASCII texts without escapes, numbers without sign and exponent,
 * times in UTC with milliseconds. For anything else the result is null, NaN or false, and the position is lost; that
 * does not mean that the JSON is wrong. These methods run twenty times per line of a long log.
 */

const SPACE = 0x20;
const QUOTE = 0x22;
const POINT = 0x2e;
const ZERO = 0x30;
const BACKSLASH = 0x5c;
const UTC = 0x5a;
const TILDE = 0x7e;

/** 1 for bytes that need no escape in a text. */
const PLAIN = Uint8Array.from({ length: 256 }, (_, byte) =>
  Number(byte >= SPACE && byte <= TILDE && byte !== QUOTE && byte !== BACKSLASH),
);

/** With more than 15 digits, a double may not be exact. */
const SURE_DIGITS = 15;
const POWERS_OF_TEN = Float64Array.from({ length: SURE_DIGITS + 1 }, (_, power) => 10 ** power);

/** Bytes to compare with, four at a time; the last four may overlap those before. At least four bytes. */
export class Pattern {
  readonly length: number;
  readonly #words: Uint32Array;

  constructor(text: string) {
    const bytes = Buffer.from(text, 'latin1');
    this.length = bytes.length;
    this.#words = Uint32Array.from({ length: Math.ceil(bytes.length / 4) }, (_, index) =>
      bytes.readUInt32LE(Math.min(4 * index, bytes.length - 4)),
    );
  }

  /** Whether these bytes are at `from`. */
  isAt(view: DataView, from: number): boolean {
    const last = from + this.length - 4;
    if (last + 4 > view.byteLength) return false;
    const words = this.#words;
    for (let index = 0, at = from; index < words.length; index += 1, at += 4) {
      if (view.getUint32(at < last ? at : last, true) !== words[index]) return false;
    }
    return true;
  }
}

/** A text that was read before. */
export interface KeptText {
  readonly text: string;
  /** The text and its closing quote; null if that is too short for a pattern. */
  readonly pattern: Pattern | null;
}

export const NO_TEXT: KeptText = { text: '', pattern: null };

const KEPT_TEXTS = 4_096;
const SHORTEST_KEPT = 3;

/** `2026-11-22T17:31:33.123Z"`: a log stays in a minute for long, so the last one is kept. */
const MINUTE_LENGTH = '2026-11-22T17:31:'.length;
const MINUTE_SHAPE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:$/;
const NO_MINUTE = new Pattern('no minute');

export class JsonBytes {
  /** The position of the next value. */
  at = 0;
  #bytes: Buffer = Buffer.alloc(0);
  #view: DataView = new DataView(new ArrayBuffer(0));
  /** Texts that were read before, so that repeated names need no new string. */
  readonly #texts: KeptText[] = Array.from({ length: KEPT_TEXTS }, () => NO_TEXT);
  #minute = NO_MINUTE;
  #minuteMs = Number.NaN;

  /** Sets the bytes and the position. Reading may go past the end of a line: check {@link at} afterwards. */
  open(bytes: Buffer, at: number): void {
    this.at = at;
    if (bytes === this.#bytes) return;
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Whether the pattern is here. */
  isAt(pattern: Pattern): boolean {
    return pattern.isAt(this.#view, this.at);
  }

  /** Steps over the pattern; false if it is not here. */
  take(pattern: Pattern): boolean {
    const isHere = pattern.isAt(this.#view, this.at);
    if (isHere) this.at += pattern.length;
    return isHere;
  }

  /** Steps over a byte; false if it is not here. */
  takeByte(byte: number): boolean {
    const isHere = this.#bytes[this.at] === byte;
    if (isHere) this.at += 1;
    return isHere;
  }

  skipSpaces(): void {
    while (this.#bytes[this.at] === SPACE) this.at += 1;
  }

  /** @returns NaN unless a number of 0 or more with at most 15 digits is here */
  number(): number {
    const bytes = this.#bytes;
    const from = this.at;
    let at = from;
    let mantissa = 0;
    for (let digit = digitAt(bytes, at); digit >= 0; digit = digitAt(bytes, at)) {
      mantissa = mantissa * 10 + digit;
      at += 1;
    }
    const wholeDigits = at - from;
    let decimals = 0;
    if (bytes[at] === POINT) {
      const point = at;
      at += 1;
      for (let digit = digitAt(bytes, at); digit >= 0; digit = digitAt(bytes, at)) {
        mantissa = mantissa * 10 + digit;
        at += 1;
      }
      decimals = at - point - 1;
      if (decimals === 0) return Number.NaN;
    }
    this.at = at;
    const zeros = wholeDigits > 1 && bytes[from] === ZERO;
    if (wholeDigits === 0 || zeros || wholeDigits + decimals > SURE_DIGITS) return Number.NaN;
    // Both are exact doubles, so the quotient is the nearest one, as JSON.parse gives it (Clinger 1990).
    return decimals === 0 ? mantissa : mantissa / (POWERS_OF_TEN[decimals] ?? Number.NaN);
  }

  /**
   * A text that seldom repeats, after its opening quote.
   * @returns null if it is not plain, or too long
   */
  text(longest: number): string | null {
    const bytes = this.#bytes;
    const from = this.at;
    let at = from;
    while (PLAIN[bytes[at] ?? 0] === 1) at += 1;
    if (bytes[at] !== QUOTE || at - from > longest) return null;
    this.at = at + 1;
    return bytes.toString('latin1', from, at);
  }

  /**
   * A text that often repeats, after its opening quote.
   * @param last the text of this field in the line before, which most likely repeats
   */
  keptText(last: KeptText, longest: number): KeptText | null {
    const from = this.at;
    if (last.pattern !== null && this.take(last.pattern)) return last;
    const bytes = this.#bytes;
    let at = from;
    let hash = 0;
    for (; PLAIN[bytes[at] ?? 0] === 1; at += 1) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193);
    if (bytes[at] !== QUOTE || at - from > longest) return null;
    this.at = at + 1;
    const slot = (hash ^ (hash >>> 15)) & (KEPT_TEXTS - 1);
    const kept = this.#texts[slot] ?? NO_TEXT;
    if (kept.pattern?.isAt(this.#view, from)) return kept;
    const text = bytes.toString('latin1', from, at);
    const created = { text, pattern: text.length < SHORTEST_KEPT ? null : new Pattern(`${text}"`) };
    this.#texts[slot] = created;
    return created;
  }

  /**
   * `2026-11-22T17:31:33.123Z`, after its opening quote.
   * @returns milliseconds since 1970; NaN if there is no such time
   */
  instant(): number {
    const bytes = this.#bytes;
    const from = this.at;
    if (!this.#minute.isAt(this.#view, from)) this.#turnTo(from);
    const second = from + MINUTE_LENGTH;
    const seconds = digitAt(bytes, second) * 10 + digitAt(bytes, second + 1);
    const milliseconds =
      digitAt(bytes, second + 3) * 100 + digitAt(bytes, second + 4) * 10 + digitAt(bytes, second + 5);
    if (bytes[second + 2] !== POINT || bytes[second + 6] !== UTC || bytes[second + 7] !== QUOTE) {
      return Number.NaN;
    }
    this.at = second + 8;
    return seconds > 59 ? Number.NaN : this.#minuteMs + seconds * 1_000 + milliseconds;
  }

  #turnTo(from: number): void {
    const minute = this.#bytes.toString('latin1', from, from + MINUTE_LENGTH);
    const parsed = MINUTE_SHAPE.test(minute) ? Date.parse(`${minute}00.000Z`) : Number.NaN;
    // 30 February would become 2 March, and 24:00 the next day.
    const exists = !Number.isNaN(parsed) && new Date(parsed).toISOString().startsWith(minute);
    this.#minute = exists ? new Pattern(minute) : NO_MINUTE;
    this.#minuteMs = exists ? parsed : Number.NaN;
  }
}

/** NaN if there is no digit. */
function digitAt(bytes: Uint8Array, at: number): number {
  const digit = (bytes[at] ?? 0) - ZERO;
  return digit >= 0 && digit <= 9 ? digit : Number.NaN;
}
