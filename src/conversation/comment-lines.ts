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
const DEEP = /^(?:[ \t]*(?:>|(?:[-+*]|\d{1,9}[.)])(?=[ \t]))){16}.*/gm;

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
  const marksOf = textIn(source);
  const lines = source.split('\n');
  let end = -1;
  let isOriginal = false;
  return lines.flatMap((text, index) => {
    const start = end + 1;
    end = start + text.length;
    const marks = marksOf.subarray(start, end);
    if (!marks.some((mark) => mark !== HIDDEN)) return [];
    isOriginal ||= isReplySeparator(lines, index);
    const indentation = /^ {0,3}(?=\S)/.exec(text)?.[0].length;
    const begins = indentation !== undefined && marks[indentation] === TEXT;
    const place = isOriginal ? 'original' : begins ? 'line' : 'inside';
    return [{ text, visible: visibleIn(text, marks), place }];
  });
}

function visibleIn(text: string, marks: Uint8Array): string {
  const hidden = '\0';
  const characters = Array.from(marks, (mark, at) => (mark === HIDDEN ? hidden : text.charAt(at)));
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

/** What a reader sees of the source as the author's. */
const [HIDDEN, TEXT, CELL] = [0, 1, 2];

/** What the nodes above a text say about it. */
interface Around {
  readonly kind: typeof TEXT | typeof CELL;
  readonly isQuoted: boolean;
}

/** The mark of each UTF-16 unit of the source. */
function textIn(source: string): Uint8Array {
  const marks = new Uint8Array(source.length);
  const hiddenBy: string[] = [];
  const walk = ({ type, position, children = [] }: MarkdownNode, around: Around): void => {
    const [from, to] = [position?.start.offset ?? 0, position?.end.offset ?? 0];
    const written = source.slice(from, to);
    const mark = (start: number, end: number): void => {
      if (hiddenBy.length === 0) marks.fill(around.kind, start, end);
    };
    if (isTextNode(type, written)) {
      const stretches = around.isQuoted ? continuedLines(source, from, to) : [[from, to] as const];
      for (const [start, end] of stretches) mark(start, end);
    } else if (type === 'html') {
      walkHtml(written, hiddenBy, (start, end) => {
        if (!around.isQuoted) mark(from + start, from + end);
      });
    }
    for (const child of children) walk(child, below(type, written, around));
  };
  walk(fromMarkdown(source, OPTIONS), { kind: TEXT, isQuoted: false });
  return marks;
}

/** To the parser a footnote of one word is the address of a link. */
function isTextNode(type: string, written: string): boolean {
  return type === 'text' || (type === 'definition' && written.startsWith('[^'));
}

function below(type: string, written: string, around: Around): Around {
  if (type === 'blockquote') return { ...around, isQuoted: true };
  // A line directly below a table is a row of it to the parser, and a line to its author.
  if (type === 'tableRow' && written.includes('|')) return { ...around, kind: CELL };
  return around;
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

const HTML = /<!--[\s\S]*?(?:-->|$)|<[!?][^>]*(?:>|$)|<(\/?)([a-z][a-z0-9-]{0,40})\b[^>]{0,2000}>|[^<]+|</gi;
/** What a page shows as code, as a quote or struck out, or does not show. */
const HIDING = ['pre', 'code', 'blockquote', 'del', 's', 'strike', 'script', 'style', 'template', 'textarea'];

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
