/** How far back the opening bracket of a call is looked for, in characters. */
const MOST_BACK = 4_000;

/** A bracket that holds a place, seen from inside. */
export interface Enclosing {
  readonly open: '(' | '[' | '{';
  /** Offset of the bracket. */
  readonly at: number;
}

/** The brackets around an offset, innermost first. Brackets in strings do not count. */
export function* enclosingBrackets(code: string, offset: number): Generator<Enclosing> {
  let depth = 0;
  const start = Math.max(0, offset - MOST_BACK);
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
