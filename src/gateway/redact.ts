/** Takes secrets out of everything that is shown: bodies, headers, messages, reports. */

export interface Redactor {
  /** The text with every secret, its encoded forms, its echoed fragments and anybody's key-shaped token as `***`. */
  text(value: string): string;
  /** The same for every string inside a JSON-like value, keys of objects included; all else stays as it is. */
  value<T>(value: T): T;
}

const MASK = '***';

/** Shorter secrets would take ordinary words with them; they are masked only where they stand alone. */
const LEAST_ANYWHERE = 4;

/** Secrets shorter than this have no fragments worth the name. */
const LEAST_WITH_FRAGMENTS = 12;

/** A run of this many characters of a secret's start or end gives it away. */
const LEAST_FRAGMENT = 8;

/** `sk-p…wxyz`: with the mark of a shortening between them, this many characters of start and end are enough. */
const LEAST_SHORTENED = 5;

/** A base64 stub shorter than this stands in too many innocent texts. */
const LEAST_BASE64 = 5;

/** Tokens that are a key by their shape, whoever's they are. What the group takes stays. */
const KEY_SHAPES: readonly RegExp[] = [
  // OpenAI, Anthropic, OpenRouter and most gateways, with the stars and dots of a shortened echo.
  /\b(?:sk|rk|pk|gsk|xai|sess)-(?:[\w*…-]|\.(?=[\w.*-])){6,}(?:(?<=\.)\.)?/g,
  /\b(?:AIza[\w-]{20,}|gh[pousr]_\w{16,}|github_pat_\w{16,})/g,
  // A word after "Bearer" is a token when it has a digit or a star, or is too long for a word.
  /(\bBearer\s+)(?=\S{0,80}[\d*]|\S{20})[\w.~+/=*-]{6,}/gi,
  /(\b(?:x-)?api[-_ ]?key["']?\s*[:=]\s*["']?)(?=\S{0,80}[\d*]|\S{20})[\w.~+/=*-]{6,}/gi,
];

/** Marks that endpoints put where they leave out the middle of a key. */
const SHORTENING = /\*{2,}|\.{2,}|…+|•{2,}/g;

/**
 * A redactor for these secrets.
 *
 * - A secret of 4 characters or more goes wherever it stands: raw, URL-encoded, JSON-escaped, in base64 (also
 *   at any offset inside a longer base64 text).
 * - Of a secret of 12 characters or more, so do the fragments that endpoints echo: 8 or more characters of its
 *   start or its end, and fewer on both sides of `***` or `...`. Not of a URL: its start is anybody's.
 * - A secret of 1 to 3 characters goes only where it is a word of its own: `ab` must not empty `table`.
 * - Secrets without a letter or a digit among fewer than 4 characters, of stars alone, and blank ones are ignored.
 *
 * Redacting twice gives the same as redacting once.
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
  // A mask beside a remainder may spell a secret again, so the passes go on until nothing changes. They end:
  // each replacement shortens the text, or (short secrets) takes a letter or a digit out of it.
  const text = (value: string): string => {
    let before = value;
    for (;;) {
      const after = once(before);
      if (after === before) return after;
      before = after;
    }
  };
  return { text, value: (value) => redactDeep(value, text) };
}

function maskMatch(_match: string, kept: unknown): string {
  return (typeof kept === 'string' ? kept : '') + MASK;
}

function wholeForms(secrets: readonly string[]): RegExp[] {
  const anywhere = secrets.filter((secret) => secret.length >= LEAST_ANYWHERE).flatMap(encodedForms);
  const alone = secrets.filter((secret) => secret.length < LEAST_ANYWHERE && /[\p{L}\p{N}]/u.test(secret));
  // Longest first, so that of two secrets, one inside the other, the longer one goes whole.
  const byLength = [...new Set(anywhere)].sort((a, b) => b.length - a.length);
  const patterns = byLength.length > 0 ? [new RegExp(byLength.map(escapePattern).join('|'), 'g')] : [];
  return [
    ...patterns,
    ...alone.map(
      (secret) => new RegExp(`(?<![\\p{L}\\p{N}_])${escapePattern(secret)}(?![\\p{L}\\p{N}_])`, 'gu'),
    ),
  ];
}

function encodedForms(secret: string): string[] {
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
    // As writers of pure ASCII and of HTML-safe JSON escape it.
    json.replace(/[<>&\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
    ...base64Forms(secret),
  ].filter((form) => form.length >= LEAST_ANYWHERE && !/^\*+$/.test(form));
}

/** The characters of base64 that depend on the secret alone, for each of its three offsets in a longer text. */
function base64Forms(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [0, 1, 2].flatMap((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
    const stub = encoded.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6));
    return stub.length < LEAST_BASE64 ? [] : [stub, stub.replaceAll('+', '-').replaceAll('/', '_')];
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
  // Almost no text holds one, and turning a text around is dear.
  if (!text.includes(secret.slice(-LEAST_FRAGMENT))) return text;
  return reverse(maskPrefixes(reverse(text), reverse(secret)));
}

/** By code units: the halves of a surrogate pair come back together when it is reversed again. */
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

/** The greatest n below {@link LEAST_FRAGMENT} (longer ones are gone by now) for which the two sides are equal. */
function commonLength(available: number, equal: (n: number) => boolean): number {
  for (let n = Math.min(available, LEAST_FRAGMENT); n > 0; n--) if (equal(n)) return n;
  return 0;
}

function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, (special) => `\\${special}`);
}

function redactDeep<T>(value: T, text: (value: string) => string): T;
function redactDeep(value: unknown, text: (value: string) => string): unknown {
  if (typeof value === 'string') return text(value);
  if (Array.isArray(value)) return value.map((each) => redactDeep(each, text));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [text(key), redactDeep(each, text)]));
}
