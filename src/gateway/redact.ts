/** Removes secrets from everything that is shown: bodies, headers, messages, reports. */

export interface Redactor {
  /** The text with `***` for every secret, its encoded forms, its echoed fragments and every key-shaped token. */
  text(value: string): string;
  /** The same for every string inside a JSON-like value, keys of objects included; everything else is unchanged. */
  value<T>(value: T): T;
  /** The same for a report: its keys stay, and so do the fields of these names, since a secret may be an ordinary word. */
  report<T>(value: T, fixed: ReadonlySet<string>): T;
}

const MASK = '***';

/** Shorter secrets also occur inside ordinary words; they are masked only as whole words. */
const LEAST_ANYWHERE = 4;

/** Fragments of shorter secrets are not masked. */
const LEAST_WITH_FRAGMENTS = 12;

/** This many characters of a secret's start or end identify it. */
const LEAST_FRAGMENT = 8;

/** `sk-p…wxyz`: with an ellipsis between them, this many characters of start and end are enough. */
const LEAST_SHORTENED = 5;

/** A shorter piece of base64 occurs in too many harmless texts. */
const LEAST_BASE64 = 5;

/** Tokens that look like a key, whoever owns them. The captured group stays. */
const KEY_SHAPES: readonly RegExp[] = [
  // OpenAI, Anthropic, OpenRouter and most gateways, with the stars and dots of a shortened echo.
  /\b(?:sk|rk|pk|gsk|xai|sess)-(?:[\w*…-]|\.(?=[\w.*-])){6,}(?:(?<=\.)\.)?/g,
  /\b(?:AIza[\w-]{20,}|gh[pousr]_\w{16,}|github_pat_\w{16,})/g,
  // A word after "Bearer" is a token when it has a digit or a star, or is too long for a word.
  /(\bBearer\s+)(?=\S{0,80}[\d*]|\S{20})[\w.~+/=*-]{6,}/gi,
  /(\b(?:x-)?api[-_ ]?key["']?\s*[:=]\s*["']?)(?=\S{0,80}[\d*]|\S{20})[\w.~+/=*-]{6,}/gi,
];

/** What endpoints put in place of the middle of a key. */
const SHORTENING = /\*{2,}|\.{2,}|…+|•{2,}/g;

/**
 * A redactor for these secrets.
 *
 * - A secret of 4 characters or more is masked everywhere: raw, URL-encoded, JSON-escaped, in base64 (also at any
 *   offset inside a longer base64 text).
 * - Of a secret of 12 characters or more, the fragments that endpoints echo are masked too: 8 or more characters of
 *   its start or its end, and fewer on both sides of `***` or `...`. Not of a URL, whose start is common.
 * - A secret of 1 to 3 characters is masked only as a whole word: `ab` must not be masked in `table`.
 * - Blank secrets, secrets of stars alone, and those of 1 to 3 characters without a letter or digit are ignored.
 *
 * Redacting twice gives the same result as redacting once.
 */
export function createRedactor(secrets: readonly string[]): Redactor {
  const known = [...new Set(secrets)].filter((secret) => secret.trim() !== '' && !/^\*+$/.test(secret));
  const patterns = [...wholeForms(known), ...KEY_SHAPES];
  const long = known.filter((secret) => secret.length >= LEAST_WITH_FRAGMENTS && !URL.canParse(secret));

  const once = (value: string): string => {
    let text = value;
    for (const pattern of patterns) text = text.replace(pattern, maskMatch);
    for (const secret of long) text = maskFragments(text, secret);
    return text;
  };
  // A mask beside a remainder may spell a secret again, so this repeats until nothing changes. It ends, because
  // each replacement shortens the text or (for short secrets) removes a letter or a digit.
  const text = (value: string): string => {
    let before = value;
    for (;;) {
      const after = once(before);
      if (after === before) return after;
      before = after;
    }
  };
  return {
    text,
    value: (value) => redactDeep(value, text, null),
    report: (value, fixed) => redactDeep(value, text, fixed),
  };
}

function maskMatch(_match: string, kept: unknown): string {
  return (typeof kept === 'string' ? kept : '') + MASK;
}

function wholeForms(secrets: readonly string[]): RegExp[] {
  const anywhere = secrets.filter((secret) => secret.length >= LEAST_ANYWHERE).flatMap(encodedForms);
  const alone = secrets.filter((secret) => secret.length < LEAST_ANYWHERE && /[\p{L}\p{N}]/u.test(secret));
  // Longest first, so that of two secrets, one inside the other, the longer one is masked whole.
  const byLength = [...new Set(anywhere)].sort((a, b) => b.length - a.length).map(escapePattern);
  const escapable = secrets.filter((secret) => secret.length <= MOST_ESCAPED && ESCAPABLE.test(secret));
  const anyCase = escapable.flatMap((secret) => [escapedForm(secret), hexOf(secret)]);
  return [
    ...(byLength.length > 0 ? [new RegExp(byLength.join('|'), 'g')] : []),
    ...(anyCase.length > 0 ? [new RegExp(anyCase.join('|'), 'gi')] : []),
    ...alone.map(
      (secret) => new RegExp(`(?<![\\p{L}\\p{N}_])${escapePattern(secret)}(?![\\p{L}\\p{N}_])`, 'gu'),
    ),
  ];
}

/** The secret as it is, and as URLs, JSON, base64 and dumps write it; in the same order for every secret. */
export function encodedForms(secret: string): string[] {
  // Through UTF-8, because a lone surrogate has no URL encoding.
  const url = encodeURIComponent(Buffer.from(secret).toString());
  const json = JSON.stringify(secret).slice(1, -1);
  return [
    secret,
    url,
    url.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    url.replaceAll('%20', '+'),
    json,
    json.replaceAll('/', '\\/'),
    // As serialisers of pure ASCII and of HTML-safe JSON escape it.
    json.replace(/[<>&\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
    ...base64Forms(secret),
    hexOf(secret),
  ].filter((form) => form.length >= LEAST_ANYWHERE && !/^\*+$/.test(form));
}

const hexOf = (secret: string): string => Buffer.from(secret).toString('hex');

/** Each character may be escaped on its own; of longer secrets, only whole encodings are found. */
export const MOST_ESCAPED = 256;

/** Shorter or other secrets are masked only as they are, and in whole encodings. */
const ESCAPABLE = /^[ -~]{16,}$/;

/**
 * A pattern for a secret whose characters stand as they are, or as `\u0073`, `\x73`, `%73`, `&#115;` or `&#x73;`, also
 * escaped twice.
 * @param between a pattern for what may stand between two characters
 */
export function escapedForm(secret: string, between = ''): string {
  const forms = [...secret].map((character) => {
    const code = character.charCodeAt(0);
    const hex = code.toString(16).padStart(2, '0');
    const plain = /\w/.test(character) ? character : `\\\\{0,4}${escapePattern(character)}`;
    return `(?:${plain}|\\\\{1,4}(?:u00|x)${hex}|%(?:25){0,2}${hex}|&#(?:0{0,4}${code}|x0{0,2}${hex});)`;
  });
  return forms.join(between);
}

/** The characters of base64 that depend on the secret alone, for each of its three offsets in a longer text. */
function base64Forms(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [0, 1, 2].flatMap((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
    const stub = encoded.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6));
    const url = stub.replaceAll('+', '-').replaceAll('/', '_');
    return stub.length < LEAST_BASE64
      ? []
      : [stub, url, stub.replaceAll('/', '\\/'), encodeURIComponent(stub)];
  });
}

function maskFragments(text: string, secret: string): string {
  return maskShortened(maskSuffixes(maskPrefixes(text, secret), secret), secret);
}

function maskPrefixes(text: string, secret: string): string {
  const head = secret.slice(0, LEAST_FRAGMENT);
  let masked = '';
  let from = 0;
  for (let at = text.indexOf(head); at >= 0; at = text.indexOf(head, from)) {
    let length = head.length;
    while (length < secret.length && text[at + length] === secret[length]) length++;
    masked += text.slice(from, at) + MASK;
    from = at + length;
  }
  return masked + text.slice(from);
}

function maskSuffixes(text: string, secret: string): string {
  // Almost no text contains one, and reversing a text is slow.
  if (!text.includes(secret.slice(-LEAST_FRAGMENT))) return text;
  return reverse(maskPrefixes(reverse(text), reverse(secret)));
}

/** By code units: the halves of a surrogate pair are rejoined when the text is reversed again. */
function reverse(text: string): string {
  return text.split('').reverse().join('');
}

function maskShortened(text: string, secret: string): string {
  let masked = '';
  let from = 0;
  for (const mark of text.matchAll(SHORTENING)) {
    const end = mark.index + mark[0].length;
    const left = commonLength(
      mark.index - from,
      (n) => text.slice(mark.index - n, mark.index) === secret.slice(0, n),
    );
    const right = commonLength(text.length - end, (n) => text.slice(end, end + n) === secret.slice(-n));
    if (left + right < LEAST_SHORTENED) continue;
    masked += text.slice(from, mark.index - left) + MASK;
    from = end + right;
  }
  return masked + text.slice(from);
}

/** The greatest n below {@link LEAST_FRAGMENT} (longer ones are already masked) for which the two sides are equal. */
function commonLength(available: number, equal: (n: number) => boolean): number {
  for (let n = Math.min(available, LEAST_FRAGMENT); n > 0; n--) if (equal(n)) return n;
  return 0;
}

export const escapePattern = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

type Fixed = ReadonlySet<string> | null;

function redactDeep<T>(value: T, text: (value: string) => string, fixed: Fixed): T;
function redactDeep(value: unknown, text: (value: string) => string, fixed: Fixed): unknown {
  if (typeof value === 'string') return text(value);
  if (Array.isArray(value)) return value.map((each) => redactDeep(each, text, fixed));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, each]) => {
    const kept = fixed?.has(key) ? each : redactDeep(each, text, fixed);
    return [fixed === null ? text(key) : key, kept];
  });
  return Object.fromEntries(entries);
}
