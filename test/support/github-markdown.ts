/**
 * The Markdown of this project's issues and summaries as HTML, about as GitHub shows it, with its line charts. Only for
 * texts that this project wrote: their HTML is kept.
 */
import { Marked, type Tokens } from 'marked';

const marked = new Marked({
  gfm: true,
  renderer: {
    code: ({ text, lang }: Tokens.Code) => (lang === 'mermaid' ? lineChart(text) : false),
    listitem(item: Tokens.ListItem) {
      const box = `<input type="checkbox" disabled${item.checked ? ' checked' : ''}>`;
      const text = this.parser.parse(item.tokens.filter(({ type }) => type !== 'checkbox'));
      return item.task ? `<li class="box"><label>${box} ${text}</label></li>` : `<li>${text}</li>`;
    },
    table(table: Tokens.Table) {
      const row = (cells: readonly Tokens.TableCell[]) =>
        `<tr>${cells.map((cell) => this.tablecell(cell)).join('')}</tr>`;
      const body = table.rows.map(row).join('');
      // A wide table scrolls by itself, also by keyboard.
      return `<div class="table" role="group" aria-label="Table" tabindex="0"><table><thead>${row(table.header)}</thead><tbody>${body}</tbody></table></div>`;
    },
    // A header without a text heads nothing.
    tablecell({ header, align, tokens }: Tokens.TableCell) {
      const name = header && tokens.length > 0 ? 'th' : 'td';
      return `<${name} align="${align ?? 'left'}">${this.parser.parseInline(tokens)}</${name}>`;
    },
    // Only addresses and anchors are followed.
    link: ({ href, raw }: Tokens.Link) => (/^(?:https:|#)/.test(href) ? false : raw),
  },
});

/** @returns HTML without a frame */
export function markdownToHtml(markdown: string): string {
  return marked.parse(markdown.replaceAll(/<!--[\s\S]*?-->/g, ''), { async: false }).trim();
}

const WIDTH = 760;
const HEIGHT = 300;
const MARGIN = { left: 64, right: 40, top: 44, bottom: 64 };

/** At most eight round numbers, as Mermaid chooses them. */
function roundTicks(low: number, high: number): number[] {
  const power = 10 ** Math.floor(Math.log10((high - low) / 8));
  const step =
    [1, 2, 5, 10].map((factor) => factor * power).find((each) => (high - low) / each <= 8) ?? power;
  const first = Math.ceil(low / step);
  return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, at) => (first + at) * step);
}

/** The `xychart-beta` of Mermaid as SVG: a title, two axes, and lines. */
function lineChart(text: string): string {
  const [, title = ''] = /title "(.*)"/.exec(text) ?? [];
  const [, low = '0', high = '1'] = /y-axis .* (\S+) --> (\S+)/.exec(text) ?? [];
  const colors = (/plotColorPalette": "([^"]*)"/.exec(text)?.[1] ?? '').split(', ');
  const [, axis = '', first = '0', last = '1'] = /x-axis "(.*)" (\S+) --> (\S+)/.exec(text) ?? [];
  const lines = [...text.matchAll(/^ *line \[(.*)\]$/gm)].map(([, values = '']) =>
    values.split(', ').map(Number),
  );
  const [bottom, top] = [HEIGHT - MARGIN.bottom, MARGIN.top];
  const step = (WIDTH - MARGIN.left - MARGIN.right) / Math.max(1, (lines[0]?.length ?? 1) - 1);
  const x = (index: number) => MARGIN.left + index * step;
  const y = (value: number) =>
    bottom - ((value - Number(low)) / (Number(high) - Number(low))) * (bottom - top);
  const grid = roundTicks(Number(low), Number(high));
  return [
    `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" role="img" aria-label="${title}">`,
    `<text x="${WIDTH / 2}" y="22" text-anchor="middle" font-size="15">${title}</text>`,
    ...grid.map(
      (value) =>
        `<line x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${y(value)}" y2="${y(value)}" stroke="#d1d9e0"/><text x="${MARGIN.left - 8}" y="${y(value) + 4}" text-anchor="end">${Number(value.toFixed(3))}</text>`,
    ),
    `<text x="${MARGIN.left}" y="${bottom + 20}" font-size="11">${first}</text>`,
    `<text x="${WIDTH / 2}" y="${bottom + 20}" text-anchor="middle" font-size="11">${axis}</text>`,
    `<text x="${WIDTH - MARGIN.right}" y="${bottom + 20}" text-anchor="end" font-size="11">${last}</text>`,
    ...lines.map(
      (values, index) =>
        `<polyline fill="none" stroke="${colors[index]}" stroke-width="2" points="${values.map((value, at) => `${x(at)},${y(value)}`).join(' ')}"/>`,
    ),
    '</svg>',
  ].join('\n');
}
