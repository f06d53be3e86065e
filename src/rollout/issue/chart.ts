/** The success rates of the present stage as a chart. */
import { minute } from '../../wording/amounts.ts';
import { xychart } from '../../wording/xychart.ts';
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
  return xychart({
    title: `Success rate: ${shown.map(({ legend }) => legend).join(', ')}`,
    unit: 'percent',
    ceiling: 100,
    room: 0.05,
    labels: complete.map(({ at }) => minute(at).slice(5)),
    lines: shown.map(({ arm, color }) => ({ color, values: complete.map((point) => point[arm] ?? 0) })),
  });
}

/** Every second, third, … look, the newest one included. */
function thinned(points: readonly Point[]): readonly Point[] {
  const step = Math.ceil(points.length / MOST_POINTS);
  return points.filter((_, index) => (points.length - 1 - index) % step === 0);
}
