/** Charts in Markdown: GitHub draws them from Mermaid's text. */

export interface Xychart {
  readonly title: string;
  readonly unit: string;
  /** No value is above it, so the axis ends there: 100 for percent. */
  readonly ceiling?: number;
  /** At least so much of the axis lies above and below the values, so that next to nothing does not look like much. */
  readonly room?: number;
  /** Below the axis, one for each value. */
  readonly labels: readonly string[];
  /** Each as long as `labels`. Mermaid knows no gaps and no legend; the title must say which line is which. */
  readonly lines: readonly { readonly color: string; readonly values: readonly number[] }[];
}

/** Digits that Mermaid gets of each value. */
const DIGITS = 6;

/** A fenced block; empty where there are fewer than two values, for they make no line. */
export function xychart({ title, unit, ceiling = Infinity, room = 0, labels, lines }: Xychart): string {
  const values = lines.flatMap((line) => line.values);
  if (labels.length < 2 || values.length === 0) return '';
  const [low, high] = range(values, ceiling, room);
  const palette = lines.map(({ color }) => color).join(', ');
  return [
    '```mermaid',
    `%%{init: {"themeVariables": {"xyChart": {"plotColorPalette": "${quoted(palette)}"}}}}%%`,
    'xychart-beta',
    `  title "${quoted(title)}"`,
    `  x-axis [${labels.map((label) => `"${quoted(label)}"`).join(', ')}]`,
    `  y-axis "${quoted(unit)}" ${low} --> ${high}`,
    ...lines.map((line) => `  line [${line.values.map(rounded).join(', ')}]`),
    '```',
  ].join('\n');
}

/** Equal values still get a height. */
function range(values: readonly number[], ceiling: number, room: number): [low: number, high: number] {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const pad = Math.max((most - least) / 10, room) || Math.abs(most) / 10 || 1;
  return [
    rounded(least >= 0 ? Math.max(0, least - pad) : least - pad),
    rounded(Math.min(ceiling, most + pad)),
  ];
}

const rounded = (value: number): number => Number(value.toPrecision(DIGITS));

/** Nothing may end the string, the line or the block. */
const quoted = (text: string): string => text.replace(/["\r\n`;]/g, ' ');
