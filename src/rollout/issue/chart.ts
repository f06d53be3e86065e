/** The success rates of the present stage as a chart: GitHub draws it from Mermaid's text. */
import { moment } from '../messages/amounts.ts';
import type { Point } from '../stage-state.ts';

/** Readable on light and dark. */
const ARMS = [
  { arm: 'official', color: '#1f7fe0', legend: 'official in blue' },
  { arm: 'gateway', color: '#d9661f', legend: 'gateway in orange' },
] as const;
/** More have no room below the axis. */
const MOST_POINTS = 24;

/** A fenced block; empty where fewer than two looks have values, for they make no line. */
export function stageChart(all: readonly Point[]): string {
  const shown = ARMS.filter(({ arm }) => all.some((point) => point[arm] !== null));
  // Mermaid knows no gaps: a look stands in the chart when every arm that has values has one then.
  const complete = thinned(all.filter((point) => shown.every(({ arm }) => point[arm] !== null)));
  if (complete.length < 2 || shown.length === 0) return '';
  const values = complete.flatMap((point) => shown.map(({ arm }) => point[arm] ?? 0));
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const room = Math.max((high - low) / 10, 0.05);
  return [
    '```mermaid',
    `%%{init: {"themeVariables": {"xyChart": {"plotColorPalette": "${shown.map(({ color }) => color).join(', ')}"}}}}%%`,
    'xychart-beta',
    `  title "Success rate: ${shown.map(({ legend }) => legend).join(', ')}"`,
    `  x-axis [${complete.map(({ at }) => `"${moment(at).slice(5, 16)}"`).join(', ')}]`,
    `  y-axis "percent" ${digits(Math.max(0, low - room))} --> ${digits(Math.min(100, high + room))}`,
    ...shown.map(({ arm }) => `  line [${complete.map((point) => digits(point[arm] ?? 0)).join(', ')}]`),
    '```',
  ].join('\n');
}

/** Every second, third, … look, the newest one included. */
function thinned(points: readonly Point[]): readonly Point[] {
  const step = Math.ceil(points.length / MOST_POINTS);
  return points.filter((_, index) => (points.length - 1 - index) % step === 0);
}

const digits = (value: number): number => Number(value.toPrecision(6));
