/**
 * Markdown as HTML, as GitHub renders it: the part of the language that the App writes. Only its tags pass; all other
 * HTML is shown as text.
 */
import { chartSvg } from './mermaid-chart.ts';

/** Written by the App itself; text from outside never holds `<`. */
const TAGS = /&lt;(\/?(?:code|details|summary))&gt;/g;

export function markdownHtml(markdown: string): string {
  const lines = markdown.replace(/<!--[\s\S]*?-->/g, '').split(/\r?\n/);
  const blocks: string[] = [];
  for (let at = 0; at < lines.length; ) {
    const { html, next } = block(lines, at);
    if (html !== '') blocks.push(html);
    at = next;
  }
  return blocks.join('\n');
}

interface Block {
  readonly html: string;
  /** The line after it. */
  readonly next: number;
}

function block(lines: readonly string[], at: number): Block {
  const line = lines[at] ?? '';
  if (line.trim() === '') return { html: '', next: at + 1 };
  const fence = /^```(\w*)/.exec(line);
  if (fence !== null) return fenced(lines, at, fence[1] ?? '');
  const heading = /^(#{1,6}) (.*)/.exec(line);
  if (heading !== null) {
    const level = heading[1]?.length ?? 1;
    return { html: `<h${level}>${inline(heading[2] ?? '')}</h${level}>`, next: at + 1 };
  }
  // A folded part holds blocks of its own.
  if (/^<\/?details>/.test(line)) return { html: inline(line), next: at + 1 };
  for (const [begins, write] of KINDS) {
    const next = endOf(lines, at, begins);
    if (next > at) return { html: write(lines.slice(at, next)), next };
  }
  const next = endOf(lines, at, (each) => each.trim() !== '' && !isBlock(each));
  return { html: `<p>${lines.slice(at, next).map(inline).join('<br>')}</p>`, next };
}

const isItem = (line: string): boolean => /^[-*] /.test(line);
const isRow = (line: string): boolean => line.startsWith('|');
const isQuote = (line: string): boolean => line.startsWith('>');
const isBlock = (line: string): boolean =>
  isItem(line) || isRow(line) || isQuote(line) || /^(?:#{1,6} |```|<\/?details>)/.test(line);

const KINDS: readonly (readonly [(line: string) => boolean, (lines: readonly string[]) => string])[] = [
  [isItem, list],
  [isRow, table],
  [
    isQuote,
    (lines) =>
      `<blockquote>${markdownHtml(lines.map((line) => line.replace(/^> ?/, '')).join('\n'))}</blockquote>`,
  ],
];

function endOf(lines: readonly string[], from: number, belongs: (line: string) => boolean): number {
  const end = lines.findIndex((line, index) => index >= from && !belongs(line));
  return end < 0 ? lines.length : end;
}

function fenced(lines: readonly string[], at: number, language: string): Block {
  const end = endOf(lines, at + 1, (line) => !line.startsWith('```'));
  const text = lines.slice(at + 1, end).join('\n');
  const chart = language === 'mermaid' ? chartSvg(text) : null;
  return { html: chart ?? `<pre><code>${escaped(text)}</code></pre>`, next: end + 1 };
}

function list(lines: readonly string[]): string {
  const items = lines.map((line) => {
    const [, box, text = ''] = /^[-*] (?:\[([ xX])\] )?(.*)/.exec(line) ?? [];
    if (box === undefined) return `<li>${inline(text)}</li>`;
    return `<li class="task"><input type="checkbox" disabled${box === ' ' ? '' : ' checked'}> ${inline(text)}</li>`;
  });
  return `<ul>${items.join('')}</ul>`;
}

function table([head = '', rule = '', ...rows]: readonly string[]): string {
  const right = cellsOf(rule).map((cell) => cell.endsWith(':'));
  const row = (line: string, tag: 'th' | 'td'): string => {
    const cells = cellsOf(line).map(
      (cell, at) => `<${tag}${right[at] ? ' class="number"' : ''}>${inline(cell)}</${tag}>`,
    );
    return `<tr>${cells.join('')}</tr>`;
  };
  const body = rows.map((line) => row(line, 'td')).join('');
  return `<div class="scroll"><table><thead>${row(head, 'th')}</thead><tbody>${body}</tbody></table></div>`;
}

function cellsOf(line: string): string[] {
  return line
    .slice(1, line.lastIndexOf('|'))
    .split('|')
    .map((cell) => cell.trim());
}

/** Code spans first: nothing within them means anything. */
function inline(text: string): string {
  return text
    .split(/(`[^`]+`)/)
    .map((part) => (/^`[^`]+`$/.test(part) ? `<code>${escaped(part.slice(1, -1))}</code>` : styled(part)))
    .join('');
}

function styled(text: string): string {
  return escaped(text)
    .replace(TAGS, '<$1>')
    .replace(/\*\*(.+?)\*\*/g, '<strong>$1</strong>')
    .replace(/\[([^\]]+)\]\(((?:https?:\/\/|#)[^\s)]*)\)/g, '<a href="$2">$1</a>');
}

/** Character references stay what they are: the App writes them for text from outside. */
function escaped(text: string): string {
  return text
    .replace(/&(?!#\d+;)/g, '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
