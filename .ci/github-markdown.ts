/**
 * The Markdown of this project's issues and summaries as HTML, about as GitHub shows it: headings, tables, lists,
 * check boxes, code, folded parts and line charts. Only for texts that this project wrote: their HTML is kept.
 */

interface Read {
  readonly html: string;
  /** The line behind what was read. */
  readonly next: number;
}
type Reader = (lines: readonly string[], at: number) => Read | null;

/** @returns HTML without a frame */
export function markdownToHtml(markdown: string): string {
  const lines = markdown.replaceAll(/<!--[\s\S]*?-->/g, '').split('\n');
  const parts: string[] = [];
  for (let at = 0; at < lines.length; ) {
    const read = readBlock(lines, at);
    parts.push(read.html);
    at = read.next;
  }
  return parts.join('\n');
}

const READERS: readonly Reader[] = [readFence, readHeading, readTable, readList, readTag];

function readBlock(lines: readonly string[], at: number): Read {
  if ((lines[at] ?? '').trim() === '') return { html: '', next: at + 1 };
  for (const reader of READERS) {
    const read = reader(lines, at);
    if (read !== null) return read;
  }
  const [text, next] = takeWhile(lines, at, (line) => line.trim() !== '');
  return { html: `<p>${inline(text.join('\n'))}</p>`, next };
}

function readFence(lines: readonly string[], at: number): Read | null {
  const [, language] = /^```(\w*)$/.exec(lines[at] ?? '') ?? [];
  if (language === undefined) return null;
  const [code, end] = takeWhile(lines, at + 1, (line) => line !== '```');
  const html =
    language === 'mermaid' ? lineChart(code) : `<pre><code>${escaped(code.join('\n'))}</code></pre>`;
  return { html, next: end + 1 };
}

function readHeading(lines: readonly string[], at: number): Read | null {
  const [, marks, text] = /^(#{1,6}) (.*)$/.exec(lines[at] ?? '') ?? [];
  if (marks === undefined) return null;
  return { html: `<h${marks.length}>${inline(text ?? '')}</h${marks.length}>`, next: at + 1 };
}

function readTable(lines: readonly string[], at: number): Read | null {
  if (!/^\|[\s:|-]+\|$/.test(lines[at + 1] ?? '')) return null;
  const [rows, next] = takeWhile(lines, at, (line) => line.startsWith('|'));
  const [head = [], rule = [], ...body] = rows.map((row) => row.split('|').slice(1, -1));
  const aligns = rule.map((mark) => (mark.trim().startsWith(':') ? 'left' : 'right'));
  const row = (cells: readonly string[], tag: string) =>
    `<tr>${cells.map((cell, column) => tableCell(cell.trim(), tag, aligns[column] ?? 'left')).join('')}</tr>`;
  const table = `<table><thead>${row(head, 'th')}</thead><tbody>${body.map((cells) => row(cells, 'td')).join('')}</tbody></table>`;
  // A wide table scrolls by itself, also by keyboard.
  const html = `<div class="table" role="group" aria-label="Table" tabindex="0">${table}</div>`;
  return { html, next };
}

/** A header without a text heads nothing. */
function tableCell(text: string, tag: string, align: string): string {
  const name = text === '' ? 'td' : tag;
  return `<${name} align="${align}">${inline(text)}</${name}>`;
}

function readList(lines: readonly string[], at: number): Read | null {
  const [items, next] = takeWhile(lines, at, (line) => line.startsWith('- '));
  if (items.length === 0) return null;
  const html = items.map((item) => {
    const [, mark, text = ''] = /^- (?:\[([ x])\] )?(.*)$/.exec(item) ?? [];
    if (mark === undefined) return `<li>${inline(text)}</li>`;
    return `<li class="box"><label><input type="checkbox" disabled${mark === 'x' ? ' checked' : ''}> ${inline(text)}</label></li>`;
  });
  return { html: `<ul>${html.join('')}</ul>`, next };
}

/** A line that is HTML; preformatted text up to its end. */
function readTag(lines: readonly string[], at: number): Read | null {
  const line = lines[at] ?? '';
  if (!line.startsWith('<') || line.startsWith('<code>')) return null;
  if (!line.startsWith('<pre>')) return { html: line, next: at + 1 };
  const [text, end] = takeWhile(lines, at, (each) => !each.endsWith('</pre>'));
  return { html: [...text, lines[end] ?? ''].join('\n'), next: end + 1 };
}

function takeWhile(
  lines: readonly string[],
  from: number,
  holds: (line: string) => boolean,
): [taken: readonly string[], next: number] {
  const length = lines.slice(from).findIndex((line) => !holds(line));
  const next = length === -1 ? lines.length : from + length;
  return [lines.slice(from, next), next];
}

/** Code first: nothing in it means anything. */
function inline(text: string): string {
  const parts = text.split(/`([^`]+)`/);
  return parts
    .map((part, index) => (index % 2 === 1 ? `<code>${escaped(part)}</code>` : prose(part)))
    .join('');
}

function prose(text: string): string {
  return text
    .replaceAll(/\*\*(.+?)\*\*/g, '<b>$1</b>')
    .replaceAll(/\[([^\]]+)\]\(((?:https:\/\/|#)[^)\s"]*)\)/g, '<a href="$2">$1</a>')
    .replaceAll(/(?<!["'>])\bhttps:\/\/[^\s<)]+/g, '<a href="$&">$&</a>');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

const WIDTH = 760;
const HEIGHT = 300;
const MARGIN = { left: 64, right: 16, top: 44, bottom: 64 };

/** The `xychart-beta` of Mermaid as SVG: a title, two axes, and lines. */
function lineChart(source: readonly string[]): string {
  const text = source.join('\n');
  const [, title = ''] = /title "(.*)"/.exec(text) ?? [];
  const [, low = '0', high = '1'] = /y-axis .* (\S+) --> (\S+)/.exec(text) ?? [];
  const colors = (/plotColorPalette": "([^"]*)"/.exec(text)?.[1] ?? '').split(', ');
  const labels = [...(/x-axis \[(.*)\]/.exec(text)?.[1] ?? '').matchAll(/"([^"]*)"/g)].map(
    ([, label]) => label,
  );
  const lines = [...text.matchAll(/^ *line \[(.*)\]$/gm)].map(([, values = '']) =>
    values.split(', ').map(Number),
  );
  const [bottom, top] = [HEIGHT - MARGIN.bottom, MARGIN.top];
  const step = (WIDTH - MARGIN.left - MARGIN.right) / Math.max(1, labels.length - 1);
  const x = (index: number) => MARGIN.left + index * step;
  const y = (value: number) =>
    bottom - ((value - Number(low)) / (Number(high) - Number(low))) * (bottom - top);
  const grid = [0, 0.25, 0.5, 0.75, 1].map((part) => Number(low) + part * (Number(high) - Number(low)));
  return [
    `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" role="img" aria-label="${title}">`,
    `<text x="${WIDTH / 2}" y="22" text-anchor="middle" font-size="15">${title}</text>`,
    ...grid.map(
      (value) =>
        `<line x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${y(value)}" y2="${y(value)}" stroke="#d1d9e0"/><text x="${MARGIN.left - 8}" y="${y(value) + 4}" text-anchor="end">${Number(value.toFixed(3))}</text>`,
    ),
    ...labels.map((label, index) =>
      index % 3 === 0
        ? `<text x="${x(index)}" y="${bottom + 20}" text-anchor="middle" font-size="11">${label}</text>`
        : '',
    ),
    ...lines.map(
      (values, index) =>
        `<polyline fill="none" stroke="${colors[index]}" stroke-width="2" points="${values.map((value, at) => `${x(at)},${y(value)}`).join(' ')}"/>`,
    ),
    '</svg>',
  ].join('\n');
}
