import type { CommentSyntax } from './languages.ts';

/** In characters; nobody writes longer lines by hand. */
const LONGEST_LINE = 2_000;

/** Replaces very long lines (data, minified code) with spaces: same length, same newlines. */
export function maskLongLines(text: string): string {
  let masked = '';
  let copied = 0;
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    if (end - start > LONGEST_LINE) {
      masked += text.slice(copied, start) + blank(text.slice(start, end));
      copied = end;
    }
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
    const start = token.index;
    const end = endOfToken(text, start, token[0], syntax);
    if (isComment(text, start, token[0], end, syntax)) {
      parts.push(text.slice(copied, start), blank(text.slice(start, end)));
      copied = end;
    }
    next.lastIndex = Math.max(end, start + 1);
  }
  return copied === 0 ? text : parts.join('') + text.slice(copied);
}

const tokens = new Map<CommentSyntax, RegExp | null>();

/** Everything that may open a comment or a string; longer marks first, so `"""` isn't read as three quotes. */
function nextToken(syntax: CommentSyntax): RegExp | null {
  const known = tokens.get(syntax);
  if (known !== undefined) return known;
  const marks = [...syntax.line, ...syntax.block.map(([open]) => open), ...syntax.strings];
  const longest = [...new Set(marks)].sort((a, b) => b.length - a.length).map(escapeForRegex);
  const compiled = longest.length === 0 ? null : new RegExp(longest.join('|'), 'g');
  tokens.set(syntax, compiled);
  return compiled;
}

function endOfToken(text: string, start: number, mark: string, syntax: CommentSyntax): number {
  if (syntax.strings.includes(mark))
    return endOfString(text, start + mark.length, mark, syntax.longStrings.includes(mark));
  const block = syntax.block.find(([open]) => open === mark);
  if (block !== undefined) return after(text, block[1], start + mark.length);
  if (!opensComment(text, start, mark, syntax)) return start + mark.length;
  const newline = text.indexOf('\n', start);
  return newline < 0 ? text.length : newline;
}

function isComment(text: string, start: number, mark: string, end: number, syntax: CommentSyntax): boolean {
  if (syntax.strings.includes(mark))
    return syntax.docstrings && mark.length === 3 && isStatement(text, start, end);
  return syntax.line.includes(mark) ? opensComment(text, start, mark, syntax) : true;
}

/** `https://…` is not a comment, nor is the `#` of `${#list}` or of a URL's fragment in languages that need a space. */
function opensComment(text: string, start: number, mark: string, { hashNeedsSpace }: CommentSyntax): boolean {
  const previous = text[start - 1] ?? '\n';
  if (mark === '//') return previous !== ':';
  if (mark === '#') return !hashNeedsSpace || /[\s;]/.test(previous);
  if (/[!;:]|rem/i.test(mark)) return /^\s*$/.test(text.slice(text.lastIndexOf('\n', start - 1) + 1, start));
  return true;
}

function endOfString(text: string, from: number, mark: string, long: boolean): number {
  for (let at = from; at < text.length; at++) {
    const char = text[at];
    if (char === '\\') at++;
    else if (char === '\n' && !long) return at;
    else if (char === mark[0] && text.startsWith(mark, at)) return at + mark.length;
  }
  return text.length;
}

/** A string alone on its lines is a statement: documentation, not a value. */
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

const blank = (text: string): string => text.replace(/[^\n\r]/g, ' ');

const escapeForRegex = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
