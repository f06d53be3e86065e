/** A line chart of Mermaid's `xychart-beta`, as the App writes it, drawn as SVG. */

const WIDTH = 720;
const HEIGHT = 260;
/** Room for the title above, and for the axes to the left and below. */
const PLOT = { left: 60, right: WIDTH - 12, top: 36, bottom: HEIGHT - 30 };

/** @returns null for another kind of chart */
export function chartSvg(mermaid: string): string | null {
  const title = /^\s*title "([^"]*)"/m.exec(mermaid)?.[1] ?? '';
  const times = [...(/^\s*x-axis \[(.*)\]/m.exec(mermaid)?.[1] ?? '').matchAll(/"([^"]*)"/g)].map(
    ([, time = '']) => time,
  );
  const [, low, high] = /^\s*y-axis "[^"]*" (\S+) --> (\S+)/m.exec(mermaid) ?? [];
  const lines = [...mermaid.matchAll(/^\s*line \[(.*)\]/gm)].map(([, values = '']) =>
    values.split(',').map(Number),
  );
  const colors = (/"plotColorPalette": "([^"]*)"/.exec(mermaid)?.[1] ?? '')
    .split(',')
    .map((color) => color.trim());
  const [from, to] = [Number(low), Number(high)];
  if (!/^\s*xychart-beta/m.test(mermaid) || !(from < to) || lines.length === 0) return null;

  const x = (at: number): number => round(PLOT.left + ((PLOT.right - PLOT.left) * (at + 0.5)) / times.length);
  const y = (value: number): number =>
    round(PLOT.bottom - ((PLOT.bottom - PLOT.top) * (value - from)) / (to - from));
  const drawn = lines.map((values, at) => {
    const points = values.map((value, index) => `${x(index)},${y(value)}`).join(' ');
    return `<polyline fill="none" stroke-width="2" stroke="${escaped(colors[at] ?? 'currentColor')}" points="${points}"/>`;
  });
  const texts = [
    text(WIDTH / 2, 20, 'middle', title),
    ...[from, to].map((value) => text(PLOT.left - 8, y(value) + 4, 'end', `${value} %`)),
    ...times.map((time, at) => text(x(at), PLOT.bottom + 20, 'middle', time)),
  ];
  const frame = `<path d="M${PLOT.left} ${PLOT.top}V${PLOT.bottom}H${PLOT.right}" fill="none" stroke="currentColor" opacity="0.4"/>`;
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escaped(title)}">${frame}${drawn.join('')}${texts.join('')}</svg>`;
}

function text(x: number, y: number, anchor: string, words: string): string {
  return `<text x="${x}" y="${y}" text-anchor="${anchor}" fill="currentColor" font-size="12">${escaped(words)}</text>`;
}

const round = (value: number): number => Math.round(value * 10) / 10;

function escaped(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
