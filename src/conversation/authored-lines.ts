/** The lines of a Markdown text that its author wrote as text: no quotes, no code, no HTML comments. */

/** GitHub allows 65,536 characters in a comment. */
const LONGEST_TEXT = 70_000;

/**
 * The author's own lines, without HTML comments. Left out are quoted lines, fenced and indented code, lines inside a
 * code span, and the content of `<pre>`, `<code>` and `<blockquote>`.
 */
export function authoredLines(text: string): string[] {
  const lines = text.slice(0, LONGEST_TEXT).split(/\r\n|\r|\n/);
  return outsideBlocks(lines)
    .flatMap((paragraph) => outsideCodeSpans(paragraph))
    .filter((line) => !/^(?: {4}| {0,3}\t| {0,3}>)/.test(line));
}

/** The block that the scan is inside, with what ends it. */
type Block =
  | { readonly kind: 'fence'; readonly mark: string }
  | { readonly kind: 'html'; readonly end: string };

const FENCE = /^ {0,3}(`{3,}|~{3,})/;
const HTML_BLOCK = /^ {0,3}<(pre|code|blockquote)\b/i;

/** Paragraphs of lines outside fences and HTML; an unclosed block reaches to the end, as on GitHub. */
function outsideBlocks(lines: readonly string[]): string[][] {
  const paragraphs: string[][] = [[]];
  let block: Block | null = null;
  for (const written of lines) {
    let line = written;
    if (block !== null) {
      const rest = afterEnd(block, line);
      if (rest === null) continue;
      block = null;
      // Text after the end of a block is not the start of a line.
      line = rest.trim() === '' ? '' : `…${rest}`;
    }
    block = beginning(line);
    const outside = withoutComments(line);
    if (outside.open) block = { kind: 'html', end: '-->' };
    const own = block?.kind === 'fence' || HTML_BLOCK.test(line) ? '' : outside.line;
    if (own.trim() === '') paragraphs.push([]);
    else paragraphs.at(-1)?.push(own);
  }
  return paragraphs;
}

function beginning(line: string): Block | null {
  const [, mark] = FENCE.exec(line) ?? [];
  // A line such as ```code``` is a code span.
  if (mark !== undefined && !(mark.startsWith('`') && line.trim().slice(mark.length).includes('`'))) {
    return { kind: 'fence', mark };
  }
  const [, tag] = HTML_BLOCK.exec(line) ?? [];
  if (tag === undefined) return null;
  const end = `</${tag.toLowerCase()}>`;
  return line.toLowerCase().includes(end) ? null : { kind: 'html', end };
}

/** What follows the end of the block on this line; null while the block continues. */
function afterEnd(block: Block, line: string): string | null {
  if (block.kind === 'html') {
    const at = line.toLowerCase().indexOf(block.end);
    return at < 0 ? null : line.slice(at + block.end.length);
  }
  const mark = /^ {0,3}(`{3,}|~{3,})[ \t]*$/.exec(line)?.[1] ?? '';
  const ends = mark.length >= block.mark.length && mark[0] === block.mark[0];
  return ends ? '' : null;
}

/** The line without HTML comments that end on it, and whether one stays open. */
function withoutComments(line: string): { readonly line: string; readonly open: boolean } {
  let [left, rest] = ['', line];
  for (;;) {
    const from = rest.indexOf('<!--');
    if (from < 0) return { line: left + rest, open: false };
    const to = rest.indexOf('-->', from + 4);
    // Text after a leading comment must not count as the start of the line.
    left += rest.slice(0, from) + (left === '' && rest.slice(0, from).trim() === '' ? '…' : '');
    if (to < 0) return { line: left, open: true };
    rest = rest.slice(to + 3);
  }
}

/** The lines of a paragraph that do not begin inside a code span. */
function outsideCodeSpans(lines: readonly string[]): string[] {
  const spans = codeSpans(lines.join('\n'));
  let [start, next] = [0, 0];
  return lines.filter((line) => {
    const begin = start;
    start += line.length + 1;
    while ((spans[next]?.to ?? Infinity) < begin) next += 1;
    return (spans[next]?.from ?? Infinity) >= begin;
  });
}

/** In order. A span goes from one run of backticks to the next of the same length. */
function codeSpans(text: string): { readonly from: number; readonly to: number }[] {
  const runs = [...text.matchAll(/`+/g)].map(({ index, 0: run }) => ({ index, length: run.length }));
  const byLength = new Map<number, number[]>();
  // From the end, so that the next one of a length is the last of its list.
  for (const [at, { length }] of [...runs.entries()].reverse()) {
    const list = byLength.get(length);
    if (list === undefined) byLength.set(length, [at]);
    else list.push(at);
  }
  const spans: { from: number; to: number }[] = [];
  for (let at = 0; at < runs.length; at += 1) {
    const run = runs[at];
    const later = byLength.get(run?.length ?? 0);
    if (run === undefined || later === undefined) continue;
    while (later.length > 0 && (later.at(-1) ?? 0) <= at) later.pop();
    const end = runs[later.at(-1) ?? -1];
    if (end === undefined) continue;
    spans.push({ from: run.index, to: end.index });
    at = later.at(-1) ?? at;
  }
  return spans;
}
