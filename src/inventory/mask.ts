import type { CommentSyntax } from './languages.ts';

/** In characters; nobody writes longer lines by hand. */
const LONGEST_LINE = 2_000;

/** Replaces very long lines (data, minified code) with spaces: same length, same newlines. */
export function maskLongLines(text: string): string {
  let masked = '';
  let copied = 0;
  for (let start = 0; start + LONGEST_LINE < text.length; ) {
    // The last line that starts within reach: those before it are short.
    const last = text.lastIndexOf('\n', start + LONGEST_LINE);
    if (last >= start) {
      start = last + 1;
      continue;
    }
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    masked += text.slice(copied, start) + blank(text.slice(start, end));
    copied = end;
    start = end + 1;
  }
  return copied === 0 ? text : masked + text.slice(copied);
}

/**
 * Replaces every comment and docstring with spaces: same length, same newlines, so offsets stay valid. Strings are kept.
 * An unclosed comment or string runs to the end of the file (a string that cannot span lines: to the end of its line).
 */
export function maskComments(text: string, syntax: CommentSyntax): string {
  const next = nextToken(syntax);
  if (next === null) return text;
  const parts: string[] = [];
  let copied = 0;
  next.lastIndex = 0;
  for (let token = next.exec(text); token !== null; token = next.exec(text)) {
    const { 0: found, index: start } = token;
    const end = syntax.strings.some((mark) => found.startsWith(mark))
      ? endOfDocstring(text, start, next.lastIndex, syntax)
      : endOfComment(text, start, found, syntax);
    if (end === null) continue;
    parts.push(text.slice(copied, start), blank(text.slice(start, end)));
    copied = end;
    next.lastIndex = end;
  }
  return copied === 0 ? text : parts.join('') + text.slice(copied);
}

const tokens = new Map<CommentSyntax, RegExp | null>();

/** Marks of comments, and whole strings; longer marks first, so `"""` isn't read as three quotes. */
function nextToken(syntax: CommentSyntax): RegExp | null {
  const known = tokens.get(syntax);
  if (known !== undefined) return known;
  const marks = [...syntax.line, ...syntax.block.map(([open]) => open), ...syntax.strings];
  const sources = [...new Set(marks)]
    .sort((a, b) => b.length - a.length)
    .map((mark) => (syntax.strings.includes(mark) ? wholeString(mark, syntax) : escapeForRegex(mark)));
  const compiled = sources.length === 0 ? null : new RegExp(sources.join('|'), 'g');
  tokens.set(syntax, compiled);
  return compiled;
}

/** A string up to its end, or if it is never closed, to the end of its line or, if it may span lines, of the file. */
function wholeString(mark: string, { longStrings }: CommentSyntax): string {
  const first = mark.slice(0, 1);
  const plain = `[^\\\\${first}${longStrings.includes(mark) ? '' : '\\n'}]*`;
  const inside = mark === first ? '\\\\[^]?' : `(?:\\\\[^]?|${first}(?!${mark.slice(1)}))`;
  return `${mark}${plain}(?:${inside}${plain})*(?:${mark})?`;
}

/** The end of a string that is documentation, not a value: it stands alone on its lines, or after a mark. */
function endOfDocstring(
  text: string,
  start: number,
  end: number,
  { docstrings }: CommentSyntax,
): number | null {
  if (docstrings === null) return null;
  if (docstrings !== 'statements')
    return docstrings.test(text.slice(Math.max(0, start - 30), start)) ? end : null;
  const triple = text[start] === text[start + 1] && text[start] === text[start + 2];
  return triple && isStatement(text, start, end) ? end : null;
}

function endOfComment(text: string, start: number, mark: string, syntax: CommentSyntax): number | null {
  const block = syntax.block.find(([open]) => open === mark);
  if (block !== undefined) return after(text, block[1], start + mark.length);
  if (!opensComment(text, start, mark, syntax)) return null;
  const newline = text.indexOf('\n', start);
  return newline < 0 ? text.length : newline;
}
/** `https://…` is not a comment, nor is the `#` of `${#list}` or of a URL's fragment in languages that need a space. */
function opensComment(text: string, start: number, mark: string, { hashNeedsSpace }: CommentSyntax): boolean {
  const previous = text[start - 1] ?? '\n';
  if (mark === '//') return previous !== ':';
  if (mark === '#') return !hashNeedsSpace || /[\s;]/.test(previous);
  if (/[!;:]|rem/i.test(mark)) return /^\s*$/.test(text.slice(text.lastIndexOf('\n', start - 1) + 1, start));
  return true;
}

function isStatement(text: string, start: number, end: number): boolean {
  let before = start - 1;
  while (text[before] === ' ' || text[before] === '\t') before--;
  if (before >= 0 && text[before] !== '\n' && text[before] !== '\r') return false;
  if (/[=(,[{\\+]\s*$/.test(text.slice(Math.max(0, before - 200), before + 1))) return false;
  return /^[ \t]*(?:\r?\n|$)/.test(text.slice(end, end + 200));
}

function after(text: string, mark: string, from: number): number {
  const at = text.indexOf(mark, from);
  return at < 0 ? text.length : at + mark.length;
}

const blank = (text: string): string => text.replace(/[^\n\r]+/g, (line) => ' '.repeat(line.length));

const escapeForRegex = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
