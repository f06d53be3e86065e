/** The success rates of the present stage as a chart: GitHub draws it from Mermaid's text. */
import { moment } from '../messages/amounts.ts';
import type { Point } from '../stage-state.ts';

/** Readable on light and dark. */
const ARMS = [
  { arm: 'official', color: '#1f7fe0', legend: 'official in blue' },
  { arm: 'gateway', color: '#d9661f', legend: 'gateway in orange' },
] as const;
const MOST_POINTS = 48;
const MOST_LABELS = 12;

/** A fenced block; empty where fewer than two looks have values, for they make no line. */
export function stageChart(all: readonly Point[]): string {
  const shown = ARMS.filter(({ arm }) => all.some((point) => point[arm] !== null));
  // Mermaid knows no gaps: a look stands in the chart when every arm that has values has one then.
  const complete = all.filter((point) => shown.every(({ arm }) => point[arm] !== null)).slice(-MOST_POINTS);
  if (complete.length < 2 || shown.length === 0) return '';
  const values = complete.flatMap((point) => shown.map(({ arm }) => point[arm] ?? 0));
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const room = Math.max((high - low) / 10, 0.05);
  return [
    '```mermaid',
    `%%{init: {"themeVariables": {"xyChart": {"plotColorPalette": "${shown.map(({ color }) => color).join(', ')}"}}}}%%`,
    'xychart-beta',
    `  title "Success rate: ${shown.map(({ legend }) => legend).join(', ')}"`,
    `  x-axis [${axisLabels(complete)
      .map((label) => `"${label}"`)
      .join(', ')}]`,
    `  y-axis "percent" ${digits(Math.max(0, low - room))} --> ${digits(Math.min(100, high + room))}`,
    ...shown.map(({ arm }) => `  line [${complete.map((point) => digits(point[arm] ?? 0)).join(', ')}]`),
    '```',
  ].join('\n');
}

/** Month, day and time; only some, so that they do not stand in each other's way. Mermaid wants each to differ. */
function axisLabels(points: readonly Point[]): string[] {
  const step = Math.ceil(points.length / MOST_LABELS);
  return points.map(({ at }, index) =>
    index % step === 0 ? moment(at).slice(5, 16) : ' '.repeat(index + 1),
  );
}

const digits = (value: number): number => Number(value.toPrecision(6));
