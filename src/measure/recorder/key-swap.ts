/** Hides secrets from the program: where an endpoint echoes the real key, the recorder's key replaces it. */
import { randomBytes } from 'node:crypto';
import { encodedForms, escapedForm, escapePattern, MOST_ESCAPED } from '../../gateway/redact.ts';

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

/** A secret that an endpoint got, and what the program sees in its place. */
export interface HiddenSecret {
  readonly real: string;
  /** As long as the real one; by default a row of `x`. */
  readonly standIn?: string;
}

/** Between any two characters, as base64 of mail is broken into lines. */
const BREAKS = '(?:[\\r\\n]|\\\\{1,4}[rn]){0,4}';
/** Of one character: four backslashes and `u002d`, or `&#0000045;`. */
const LONGEST_ESCAPE = 10;

/**
 * The forms in which an endpoint may echo secrets: plain, in base64 and hexadecimal, and with any of its characters
 * escaped as in JSON, URLs, HTML and source code; in any case, and broken into lines. Each is replaced by text of the same length. Texts hold one character
 * per byte, as headers do.
 */
export class SecretForms {
  readonly #standIns: ReadonlyMap<string, string>;
  readonly #escaped: readonly string[];
  /** In lower case. */
  readonly #forms: readonly string[];
  readonly #pattern: RegExp | null;
  readonly #longest: number;

  constructor(secrets: readonly HiddenSecret[]) {
    const long = secrets.filter(({ real }) => real.length >= LEAST_SWAPPED);
    const pairs = long.map(({ real, standIn = 'x'.repeat(real.length) }) => [real, standIn] as const);
    const forms = pairs.flatMap(([real, standIn]) => {
      const other = formsOf(standIn);
      return formsOf(real).map((form, index) => [form, fitted(other[index] ?? '', form)] as const);
    });
    // Longest first, so that of two secrets, one inside the other, the longer one is hidden whole.
    this.#standIns = new Map(forms.sort(([a], [b]) => b.length - a.length));
    const escapable = pairs.filter(([real]) => real.length <= MOST_ESCAPED);
    this.#escaped = escapable.map(([, standIn]) => standIn);
    const sources = [
      ...[...this.#standIns.keys()].map((form) => [...form].map(escapePattern).join(BREAKS)),
      ...escapable.map(([real]) => `(${escapedForm(latin1(real), BREAKS)})`),
    ];
    this.#pattern = sources.length === 0 ? null : new RegExp(sources.join('|'), 'gi');
    this.#forms = [...this.#standIns.keys()].map((form) => form.toLowerCase());
    const lengths = [
      ...escapable.map(([real]) => LONGEST_ESCAPE * real.length),
      ...this.#forms.map((form) => 2 * form.length),
    ];
    this.#longest = Math.max(1, ...lengths);
  }

  get isEmpty(): boolean {
    return this.#pattern === null;
  }

  /** The text with a stand-in for every secret. */
  hide(text: string): string {
    if (this.#pattern === null) return text;
    return text.replace(this.#pattern, (match: string, ...groups: unknown[]) => {
      const standIn = this.#standIns.get(match) ?? this.#escaped[groups.indexOf(match)] ?? '';
      return fitted(standIn, match);
    });
  }

  /** How many characters at the end of a text may be the beginning of a secret. */
  begunAtEnd(text: string): number {
    const tail = text.slice(-this.#longest);
    const run = /[^\s"]*$/.exec(tail)?.[0] ?? '';
    const unbroken = tail.replace(/[\r\n]/g, '').toLowerCase();
    let left = Math.max(0, ...this.#forms.map((form) => commonLength(unbroken, form)));
    let begun = 0;
    for (; left > 0; begun += 1) if (!/[\r\n]/.test(tail.at(-1 - begun) ?? '')) left -= 1;
    return Math.max(begun, /[\\%&]/.test(run) ? run.length : 0);
  }
}

function formsOf(secret: string): string[] {
  return encodedForms(secret).map(latin1);
}

const latin1 = (text: string): string => Buffer.from(text).toString('latin1');

const fitted = (standIn: string, { length }: string): string => standIn.padEnd(length, 'x').slice(0, length);

/** How much of the end of a text is a beginning of the form, but not all of it. */
function commonLength(text: string, form: string): number {
  const [first = ''] = form;
  const from = Math.max(0, text.length - form.length + 1);
  for (let at = text.indexOf(first, from); at >= 0; at = text.indexOf(first, at + 1)) {
    if (form.startsWith(text.slice(at))) return text.length - at;
  }
  return 0;
}

/** Hides secrets in a stream of bytes; holds back only what may be the beginning of one. */
export class KeySwap {
  readonly #forms: SecretForms;
  #held: Buffer = Buffer.alloc(0);

  constructor(forms: SecretForms) {
    this.#forms = forms;
  }

  /** The bytes that can be passed on now. */
  take(piece: Buffer): Buffer {
    if (this.#forms.isEmpty) return piece;
    const bytes = this.#held.length === 0 ? piece : Buffer.concat([this.#held, piece]);
    const text = bytes.toString('latin1');
    const hidden = this.#forms.hide(text);
    const passes = hidden === text ? bytes : Buffer.from(hidden, 'latin1');
    const end = passes.length - this.#forms.begunAtEnd(hidden);
    this.#held = passes.subarray(end);
    return passes.subarray(0, end);
  }

  /** The bytes that were held back, at the end of the stream. */
  rest(): Buffer {
    const rest = this.#held;
    this.#held = Buffer.alloc(0);
    return rest;
  }
}
