/**
 * Reads the plain values of JSON straight from bytes: ASCII texts without escapes, numbers without sign and
 * exponent, moments in UTC with milliseconds. Everything else gives null or NaN; that does not mean that it is
 * wrong. Free functions over (bytes, from, to), because these run a hundred million times over a long log.
 */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const CLOSE = 0x7d;
const SPACE = 0x20;
const TILDE = 0x7e;
const POINT = 0x2e;
const ZERO = 0x30;
const PUNCTUATION: readonly (readonly [number, string])[] = [
  [4, '-'],
  [7, '-'],
  [10, 'T'],
  [13, ':'],
  [16, ':'],
  [19, '.'],
  [23, 'Z'],
];
const MARK_PLACES = Uint8Array.from(PUNCTUATION, ([place]) => place);
const MARKS = Uint8Array.from(PUNCTUATION, ([, mark]) => mark.charCodeAt(0));
const INSTANT_LENGTH = 24;

/** Beyond 15 digits a number may not be what its digits say. */
const SURE_DIGITS = 15;
const POWERS_OF_TEN = Float64Array.from({ length: SURE_DIGITS + 1 }, (_, power) => 10 ** power);

/** Bytes to compare with, four at a time; the last four may overlap those before. At least four bytes. */
export class Pattern {
  readonly length: number;
  readonly #words: Uint32Array;

  constructor(text: string) {
    const bytes = Buffer.from(text, 'latin1');
    this.length = bytes.length;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#words = Uint32Array.from({ length: Math.ceil(bytes.length / 4) }, (_, index) =>
      view.getUint32(Math.min(4 * index, bytes.length - 4), true),
    );
  }

  /** Whether these bytes stand at `from`. */
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

/** The first byte from `from` on that is no space. */
export function skipSpaces(bytes: Uint8Array, from: number): number {
  let at = from;
  while (bytes[at] === SPACE) at += 1;
  return at;
}

/** Where the plain text ends that begins at `from`, behind its opening quote; -1 where it is not plain. */
export function endOfText(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  for (; at < to; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === QUOTE) return at;
    if (byte < SPACE || byte > TILDE || byte === BACKSLASH) return -1;
  }
  return -1;
}

/** Where the number or word ends that begins at `from`: before a comma, a closing brace, or at `to`. */
export function endOfWord(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && bytes[at] !== COMMA && bytes[at] !== CLOSE) at += 1;
  return at;
}

/** @returns NaN where the bytes are no number of 0 or more with at most 15 digits */
export function readNumber(bytes: Uint8Array, from: number, to: number): number {
  let mantissa = 0;
  let point = -1;
  for (let at = from; at < to; at += 1) {
    const digit = (bytes[at] ?? 0) - ZERO;
    if (digit >= 0 && digit <= 9) mantissa = mantissa * 10 + digit;
    else if (digit === POINT - ZERO && point < 0) point = at;
    else return Number.NaN;
  }
  const wholeDigits = (point < 0 ? to : point) - from;
  const decimals = point < 0 ? 0 : to - point - 1;
  const zeros = wholeDigits > 1 && bytes[from] === ZERO;
  const complete = wholeDigits > 0 && (point < 0 || decimals > 0);
  if (!complete || zeros || wholeDigits + decimals > SURE_DIGITS) return Number.NaN;
  // Both are exact doubles, so the quotient is the nearest one, as JSON.parse gives it (Clinger 1990).
  return decimals === 0 ? mantissa : mantissa / (POWERS_OF_TEN[decimals] ?? Number.NaN);
}

/** Reads `2026-11-22T17:31:33.123Z`; a log stays on a day for long, so the last day is kept. */
export class InstantReader {
  #date = -1;
  #midnight = 0;

  /** @returns milliseconds since 1970; NaN where the bytes are not such a moment */
  read(bytes: Uint8Array, from: number, to: number): number {
    if (to - from !== INSTANT_LENGTH) return Number.NaN;
    for (let index = 0; index < MARKS.length; index += 1) {
      if (bytes[from + (MARK_PLACES[index] ?? 0)] !== MARKS[index]) return Number.NaN;
    }
    const hour = digits(bytes, from + 11, 2);
    const minute = digits(bytes, from + 14, 2);
    const second = digits(bytes, from + 17, 2);
    if (hour > 23 || minute > 59 || second > 59) return Number.NaN;
    const date =
      digits(bytes, from, 4) * 10_000 + digits(bytes, from + 5, 2) * 100 + digits(bytes, from + 8, 2);
    if (date !== this.#date) this.#turn(date);
    return this.#midnight + hour * 3_600_000 + minute * 60_000 + second * 1_000 + digits(bytes, from + 20, 3);
  }

  #turn(date: number): void {
    const month = Math.floor(date / 100) % 100;
    const midnight = new Date(Date.UTC(Math.floor(date / 10_000), month - 1, date % 100));
    // 30 February would become 2 March.
    const exists = midnight.getUTCMonth() === month - 1 && midnight.getUTCDate() === date % 100;
    this.#date = date;
    this.#midnight = exists ? midnight.getTime() : Number.NaN;
  }
}

const KEPT_TEXTS = 4_096;

/** A text that was met before. */
export interface KeptText {
  readonly text: string;
  /** The text and its closing quote; null where that is too short for a pattern. */
  readonly pattern: Pattern | null;
}

export const NO_TEXT: KeptText = { text: '', pattern: null };

/** Texts that were met before, so that the names that fill a log cost no new string each time. */
export class TextKeeper {
  readonly #texts: KeptText[] = Array.from({ length: KEPT_TEXTS }, () => NO_TEXT);

  read(bytes: Buffer, from: number, to: number): KeptText {
    let hash = 0;
    for (let at = from; at < to; at += 1) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193);
    const slot = (hash ^ (hash >>> 15)) & (KEPT_TEXTS - 1);
    const kept = this.#texts[slot] ?? NO_TEXT;
    if (isAt(kept.text, bytes, from, to)) return kept;
    const text = bytes.toString('latin1', from, to);
    const created = { text, pattern: text.length < 3 ? null : new Pattern(`${text}"`) };
    this.#texts[slot] = created;
    return created;
  }
}

function isAt(text: string, bytes: Uint8Array, from: number, to: number): boolean {
  if (text.length !== to - from) return false;
  for (let index = 0; index < text.length; index += 1) {
    if (text.charCodeAt(index) !== bytes[from + index]) return false;
  }
  return true;
}

/** So many digits as a number, NaN where one of them is none. */
function digits(bytes: Uint8Array, from: number, count: number): number {
  let value = 0;
  for (let at = from; at < from + count; at += 1) {
    const digit = (bytes[at] ?? 0) - ZERO;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}
