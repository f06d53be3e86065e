/** How far from an offset to look for its brackets, in characters. */
const MAX_DISTANCE = 4_000;

/** An opening bracket that encloses an offset. */
export interface Enclosing {
  readonly open: '(' | '[' | '{';
  /** Offset of the bracket. */
  readonly at: number;
}

/** The brackets around an offset, innermost first. Brackets in strings are ignored. */
export function* enclosingBrackets(code: string, offset: number): Generator<Enclosing> {
  let depth = 0;
  const start = Math.max(0, offset - MAX_DISTANCE);
  for (let at = offset - (isQuoted(code, offset) ? 2 : 1); at >= start; at--) {
    const role = ROLES[code.charCodeAt(at)] ?? 0;
    if (role === QUOTE) at = startOfQuote(code, at, start);
    else if (role < 0 || depth > 0) depth -= role;
    else if (role > 0) yield { open: code[at] as Enclosing['open'], at };
  }
}

/**
 * The name of the call whose arguments contain an offset, with its receivers: `client.chat.completions.create`, or
 * `OpenAI` for `new OpenAI({ … })`. Looks through objects and lists, but not out of a function's body. Returns `def`
 * for the parameters of a function definition and `''` if there is no call.
 */
export function enclosingCall(code: string, offset: number): string {
  if (last.code !== code || last.offset !== offset) last = { code, offset, call: findCall(code, offset) };
  return last.call;
}

/** Several questions are asked of one place, one after the other. */
let last = { code: '', offset: 0, call: '' };

function findCall(code: string, offset: number): string {
  for (const { open, at } of enclosingBrackets(code, offset)) {
    const before = code.slice(Math.max(0, at - 160), at).trimEnd();
    if (open === '{' && /(?:=>|\)|[;}]|\b(?:else|try|finally|do))$/.test(before)) return '';
    if (open !== '(') continue;
    if (/\b(?:def|function|constructor|func|fun|fn)\s*[\w$]*$/.test(before)) return 'def';
    const name = CALLED.exec(before)?.groups?.name ?? '';
    if (name === '' || KEYWORD.test(name)) continue;
    const applied = CALLS_ANOTHER.test(name) ? /\(\s*(?<name>[\w$.]+)\s*,/y : null;
    if (applied !== null) applied.lastIndex = at;
    return applied?.exec(code)?.groups?.name ?? name.replace(/\s+|<[^<>]*>$|^[\])]+/g, '');
  }
  return '';
}

/** The type or the method before the brace that an offset is in: `OpenAIClientOptions` for `new OpenAIClientOptions { … }`. */
export function enclosingType(code: string, offset: number): string {
  for (const { open, at } of enclosingBrackets(code, offset)) {
    if (open !== '{') return '';
    const name = /$(?<=(?<name>[\w.:]+)\s*(?:\([^()\n]{0,120}\))?\s*)/.exec(
      code.slice(Math.max(0, at - 200), at),
    );
    if (name !== null) return name.groups?.name ?? '';
  }
  return '';
}

/** What is called, read backwards from the parenthesis. */
const CALLED = /$(?<=(?<name>[\w$\])](?:[\w$.\])?!]|::|->|\s*\.\s*)*(?:<[^<>()]{0,80}>)?))/;

/** Calls that call their first argument with the others. */
const CALLS_ANOTHER = /(?:^|\.)(?:partial|to_thread|wrap_future|apply_async|call_soon|run_sync)$/;

/** Words before a parenthesis that isn't a call's. */
const KEYWORD =
  /^(?:if|while|for|return|await|yield|in|and|or|not|is|else|case|of|throw|typeof|void|except|with|assert)$/;

/** Whether a word in quotes starts at an offset. */
function isQuoted(code: string, offset: number): boolean {
  WORD.lastIndex = offset - 1;
  return WORD.test(code);
}
const WORD = /(["'`])[\w.-]+\1/y;

function startOfQuote(code: string, close: number, start: number): number {
  for (let at = close - 1; at >= start; at--) {
    if (code[at] === code[close] && code[at - 1] !== '\\') return at;
    // A quote without a partner on its line is an apostrophe, not a string.
    if (code[at] === '\n' && code[close] !== '`') return close;
  }
  return close;
}

/** The text between the bracket at `open` and its partner. Brackets in strings are ignored. */
export function textInBrackets(code: string, open: number): string {
  let depth = 0;
  const end = Math.min(code.length, open + MAX_DISTANCE);
  for (let at = open; at < end; at++) {
    const role = ROLES[code.charCodeAt(at)] ?? 0;
    if (role === QUOTE) at = endOfQuote(code, at, end);
    else depth += role;
    if (depth === 0) return code.slice(open + 1, at);
  }
  return code.slice(open + 1, end);
}

const QUOTE = 2;

/** By character code: 1 opens, -1 closes, {@link QUOTE} quotes. A table, because this is a hot loop. */
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
