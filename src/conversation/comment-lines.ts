/** The lines of a comment that its author says: what is text, code, quote or HTML is decided by a Markdown parser. */
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmTableFromMarkdown } from 'mdast-util-gfm-table';
import { gfmTable } from 'micromark-extension-gfm-table';
import { isReplySeparator } from './reply-separator.ts';

export interface CommentLine {
  /** As it is written. */
  readonly text: string;
  /** The same with `⋯` for each stretch of code, tags, marks and quotes. */
  readonly visible: string;
  /**
   * `line`: text stands at its beginning. `inside`: text comes behind something else, such as a list mark or a cell's
   * edge. `original`: in the e-mail that is answered.
   */
  readonly place: 'line' | 'inside' | 'original';
}

/** GitHub allows 65,536 characters. */
const LONGEST_TEXT = 70_000;

/** Spaces that no keyboard has, which come from other programs. */
const EXOTIC_INDENTATION = /^[^\S \t\n]+/gm;

/** Quotes and lists nested deeper than any reader follows; the parser's time grows with their square. */
const DEEP = /^(?:[ \t]*(?:>|[-+*]|\d{1,9}[.)])){16}.*/gm;

/** Emphasis, links and underlined headings don't decide where text is, and their time grows with the square. */
const OPTIONS = {
  extensions: [
    gfmTable(),
    { disable: { null: ['attention', 'labelStartImage', 'labelStartLink', 'labelEnd', 'setextUnderline'] } },
  ],
  mdastExtensions: [gfmTableFromMarkdown()],
};

/**
 * The lines with text outside of code, quotes and hidden HTML, in their order. A line that continues a quote without a
 * `>` of its own is text: its author means it.
 */
export function commentLines(comment: string): CommentLine[] {
  const source = comment
    .slice(0, LONGEST_TEXT)
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(EXOTIC_INDENTATION, '')
    .replaceAll(DEEP, '> ');
  const isText = textIn(source);
  const lines = source.split('\n');
  const original = lines.findIndex((_, index) => isReplySeparator(lines, index));
  let end = -1;
  return lines.flatMap((text, index) => {
    const start = end + 1;
    end = start + text.length;
    if (!isText.includes(1, start) || isText.indexOf(1, start) >= end) return [];
    const indentation = /^ {0,3}(?=\S)/.exec(text)?.[0].length;
    const begins = indentation !== undefined && isText[start + indentation] === 1;
    const place = original >= 0 && index >= original ? 'original' : begins ? 'line' : 'inside';
    return [{ text, visible: visibleIn(text, isText.subarray(start, end)), place }];
  });
}

function visibleIn(text: string, isText: Uint8Array): string {
  const hidden = '\0';
  const characters = Array.from(isText, (is, at) => (is === 1 ? text.charAt(at) : hidden));
  return characters.join('').replaceAll(/\0+/g, '⋯');
}

/** What is read of a node of the parser's tree. */
interface MarkdownNode {
  readonly type: string;
  readonly position?:
    | {
        readonly start: { readonly offset?: number | undefined };
        readonly end: { readonly offset?: number | undefined };
      }
    | undefined;
  readonly children?: readonly MarkdownNode[];
}

/** For each UTF-16 unit of the source 1 where it is text that a reader sees as the author's. */
function textIn(source: string): Uint8Array {
  const isText = new Uint8Array(source.length);
  const hiddenBy: string[] = [];
  const mark = (from: number, to: number): void => {
    if (hiddenBy.length === 0) isText.fill(1, from, to);
  };
  const walk = ({ type, position, children = [] }: MarkdownNode, isQuoted: boolean): void => {
    const [from, to] = [position?.start.offset ?? 0, position?.end.offset ?? 0];
    if (type === 'text' && isQuoted) {
      for (const [start, end] of continuedLines(source, from, to)) mark(start, end);
    } else if (type === 'text') {
      mark(from, to);
    } else if (type === 'html') {
      walkHtml(source.slice(from, to), hiddenBy, (start, end) => {
        if (!isQuoted) mark(from + start, from + end);
      });
    }
    for (const child of children) walk(child, isQuoted || type === 'blockquote');
  };
  walk(fromMarkdown(source, OPTIONS), false);
  return isText;
}

/** Of a quoted text, the lines after its first that go without the mark of the quote. */
function continuedLines(source: string, from: number, to: number): (readonly [number, number])[] {
  const lines: (readonly [number, number])[] = [];
  for (let start = source.indexOf('\n', from) + 1; start > from && start < to; ) {
    const end = source.indexOf('\n', start);
    const stop = end < 0 || end > to ? to : end;
    if (!/^\s*>/.test(source.slice(start, stop))) lines.push([start, stop]);
    start = stop + 1;
  }
  return lines;
}

const HTML = /<!--[\s\S]*?(?:-->|$)|<(\/?)([a-z][a-z0-9-]{0,40})\b[^>]{0,2000}>|[^<]+|</gi;
/** What a page shows as code or as a quote, or does not show. */
const HIDING = ['pre', 'code', 'blockquote', 'script', 'style', 'template', 'textarea'];

/** @param hiddenBy the elements that are open; kept from one piece of HTML to the next */
function walkHtml(html: string, hiddenBy: string[], onText: (from: number, to: number) => void): void {
  for (const { index, 0: piece, 1: closing, 2: name } of html.matchAll(HTML)) {
    const element = name?.toLowerCase() ?? '';
    if (piece.startsWith('<') && name === undefined) continue;
    if (name === undefined) onText(index, index + piece.length);
    else if (HIDING.includes(element) && closing === '') hiddenBy.push(element);
    else if (closing === '/' && hiddenBy.includes(element)) hiddenBy.splice(hiddenBy.lastIndexOf(element), 1);
  }
}
