/** How far from a place its brackets are looked for, in characters. */
const MOST_INSIDE = 4_000;

/** A bracket that holds a place, seen from inside. */
export interface Enclosing {
  readonly open: '(' | '[' | '{';
  /** Offset of the bracket. */
  readonly at: number;
}

/** The brackets around an offset, innermost first. Brackets in strings do not count. */
export function* enclosingBrackets(code: string, offset: number): Generator<Enclosing> {
  let depth = 0;
  const start = Math.max(0, offset - MOST_INSIDE);
  for (let at = offset - 1; at >= start; at--) {
    const char = code[at] ?? '';
    if (char === '"' || char === "'" || char === '`') at = startOfQuote(code, at, start);
    else if (char === ')' || char === ']' || char === '}') depth++;
    else if (char === '(' || char === '[' || char === '{') {
      if (depth > 0) depth--;
      else yield { open: char, at };
    }
  }
}

/**
 * The name of the call in whose arguments an offset stands, with its receivers: `client.chat.completions.create`,
 * `OpenAI` for `new OpenAI({ … })`. Objects and lists between are passed, a function's body is not. `def` for the
 * parameters of a function's definition, `''` where there is no call.
 */
export function enclosingCall(code: string, offset: number): string {
  for (const { open, at } of enclosingBrackets(code, offset)) {
    const before = code.slice(Math.max(0, at - 160), at).trimEnd();
    if (open === '{' && /(?:=>|\)|[;}]|\b(?:else|try|finally|do))$/.test(before)) return '';
    if (open !== '(') continue;
    if (/\b(?:def|function|constructor|func)\s*[\w$]*$/.test(before)) return 'def';
    const name = /[\w$\])](?:[\w$.\])?!]|\s*\.\s*)*(?:<[^<>()]{0,80}>)?$/.exec(before)?.[0] ?? '';
    if (name !== '' && !KEYWORD.test(name)) return name.replace(/\s+|<[^<>]*>$|^[\])]+/g, '');
  }
  return '';
}

/** Words before a parenthesis that only groups. */
const KEYWORD =
  /^(?:if|while|for|return|await|yield|in|and|or|not|is|else|case|of|throw|typeof|void|except|with|assert)$/;

function startOfQuote(code: string, close: number, start: number): number {
  for (let at = close - 1; at >= start; at--) {
    if (code[at] === code[close] && code[at - 1] !== '\\') return at;
    // A quote without a partner on its line is an apostrophe, not a string.
    if (code[at] === '\n' && code[close] !== '`') return close;
  }
  return close;
}

/** What stands between the bracket at `open` and its partner; brackets in strings do not count. */
export function textInBrackets(code: string, open: number): string {
  let depth = 0;
  const end = Math.min(code.length, open + MOST_INSIDE);
  for (let at = open; at < end; at++) {
    const role = ROLES[code.charCodeAt(at)] ?? 0;
    if (role === QUOTE) at = endOfQuote(code, at, end);
    else depth += role;
    if (depth === 0) return code.slice(open + 1, at);
  }
  return code.slice(open + 1, end);
}

const QUOTE = 2;

/** By character code: 1 opens, -1 closes, {@link QUOTE} quotes. A loop over text is the place to save time. */
const ROLES = new Int8Array(128);
for (const open of '([{') ROLES[open.charCodeAt(0)] = 1;
for (const close of ')]}') ROLES[close.charCodeAt(0)] = -1;
for (const quote of '"\'`') ROLES[quote.charCodeAt(0)] = QUOTE;

function endOfQuote(code: string, open: number, end: number): number {
  for (let at = open + 1; at < end; at++) {
    if (code[at] === '\\') at++;
    else if (code[at] === code[open]) return at;
    // A quote without a partner on its line is an apostrophe or a lifetime, not a string.
    else if (code[at] === '\n' && code[open] !== '`') return open;
  }
  return open;
}
