/** A figure of both arms over time, as Mermaid text that GitHub draws. */
import { moment } from './amounts.ts';
import { plainLine } from './foreign-text.ts';

/** The figure at one moment; null where an arm has none. */
export interface ArmPoint {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly official: number | null;
  readonly gateway: number | null;
}

export interface ArmChart {
  /** May hold text from outside. */
  readonly title: string;
  readonly unit: keyof typeof AXES;
  /** In the order of time. */
  readonly points: readonly ArmPoint[];
}

/** Readable on light and dark. */
const ARMS = [
  { arm: 'official', color: '#1f7fe0', legend: 'official in blue' },
  { arm: 'gateway', color: '#d9661f', legend: 'gateway in orange' },
] as const;

/** No axis exceeds `least` and `most`, or spans less than `leastSpan`: a tiny difference must not look large. */
const AXES = {
  percent: { least: 0, most: 100, leastSpan: 0.5 },
  seconds: { least: 0, most: Infinity, leastSpan: 0 },
  USD: { least: 0, most: Infinity, leastSpan: 0 },
  points: { least: -Infinity, most: Infinity, leastSpan: 0.5 },
} as const;

/** More points do not fit side by side. */
export const MOST_MOMENTS = 24;
/** Characters, without the legend. */
const LONGEST_TITLE = 80;
/** Digits that Mermaid gets of each value. */
const DIGITS = 6;
/** Approximate number of steps of an axis. */
const STEPS = 5;
const HOUR = 3_600_000;
/** Extra space, relative to the range of the values: no line touches the frame, except at a limit of the unit. */
const ROOM = 0.1;

/**
 * A fenced block with a line for each arm that has values. Mermaid has no gaps, so only moments at which every such
 * arm has a value are shown, thinned evenly where they are too many. Empty where fewer than two moments are left.
 */
export function armChart({ title, unit, points }: ArmChart): string {
  const shown = ARMS.filter(({ arm }) => points.some((point) => point[arm] !== null));
  const complete = thinned(points.filter((point) => shown.every(({ arm }) => point[arm] !== null)));
  if (shown.length === 0 || complete.length < 2) return '';
  const lines = shown.map(({ arm, color, legend }) => ({
    color,
    legend,
    values: complete.map((point) => point[arm] ?? 0),
  }));
  return xyChart(title, unit, complete, lines);
}

/** The gateway's difference to official in one figure. */
export interface DifferenceChart extends Pick<ArmChart, 'title' | 'points'> {
  /** On the scale of the difference. */
  readonly limits: readonly number[];
}

/** A limit that is farther away would make the difference a flat line. */
const FARTHEST_LIMIT = 5;

/** By how many points the gateway's percentage is above official, where both are known; the limits; and zero. */
export function differenceChart({ title, points, limits }: DifferenceChart): string {
  const known = thinned(points.filter(({ official, gateway }) => official !== null && gateway !== null));
  if (known.length < 2) return '';
  const flat = (value: number) => known.map(() => value);
  const near = limits.filter((limit) => Math.abs(limit) <= FARTHEST_LIMIT);
  return xyChart(title, 'points', known, [
    { color: '#818b98', legend: 'equal in gray', values: flat(0) },
    ...near.map((limit) => ({ color: '#e5534b', legend: 'limit in red', values: flat(limit) })),
    {
      color: ARMS[1].color,
      legend: 'gateway in orange',
      values: known.map(({ official, gateway }) => (gateway ?? 0) - (official ?? 0)),
    },
  ]);
}

interface ChartLine {
  readonly color: string;
  readonly legend: string;
  readonly values: readonly number[];
}

/** @param points at least two: the moments of the values */
function xyChart(
  title: string,
  unit: keyof typeof AXES,
  points: readonly ArmPoint[],
  lines: readonly ChartLine[],
): string {
  const [low, high] = axisOf(
    lines.flatMap(({ values }) => values),
    unit,
  );
  const [from, to] = [points[0]?.at ?? 0, points.at(-1)?.at ?? 0];
  // Labels of moments would cover each other on a phone.
  const hours = Math.max(0.1, (to - from) / HOUR);
  const legends = [...new Set(lines.map(({ legend }) => legend))];
  return [
    '```mermaid',
    `%%{init: {"themeVariables": {"xyChart": {"plotColorPalette": "${lines.map(({ color }) => color).join(', ')}"}}}}%%`,
    'xychart-beta',
    `  title "${titleText(title)}: ${legends.join(', ')}"`,
    `  x-axis "hours since ${moment(from)}" 0 --> ${rounded(hours)}`,
    `  y-axis "${unit}" ${low} --> ${high}`,
    ...lines.map(({ values }) => `  line [${values.map(rounded).join(', ')}]`),
    '```',
  ].join('\n');
}

/** Cannot end Mermaid's string or the fenced block, and cannot start an HTML comment. */
function titleText(title: string): string {
  return plainLine(title, LONGEST_TITLE).replace(/["`<>]/g, "'");
}

/** The newest moment is always one of them. */
function thinned(points: readonly ArmPoint[]): readonly ArmPoint[] {
  const step = Math.ceil(points.length / MOST_MOMENTS);
  return points.filter((_, index) => (points.length - 1 - index) % step === 0);
}

/** Both ends are multiples of 1, 2 or 5 times a power of ten, and include every value. */
function axisOf(values: readonly number[], unit: keyof typeof AXES): readonly [low: number, high: number] {
  const { least: bottom, most, leastSpan } = AXES[unit];
  const [least, largest] = [Math.min(...values), Math.max(...values)];
  const span = Math.max((1 + ROOM) * (largest - least), leastSpan) || largest / 10 || 1;
  const middle = (least + largest) / 2;
  const low = Math.max(bottom, Math.min(middle - span / 2, most - span));
  const step = roundStep(span / STEPS);
  // Division of floats can miss a whole number slightly.
  const first = Math.floor(Number((low / step).toFixed(6)));
  const last = Math.ceil(Number(((low + span) / step).toFixed(6)));
  return [rounded(first * step), Math.min(most, rounded(last * step))];
}

/** The smallest of 1, 2, 5 and 10 times a power of ten that is not below the value. */
function roundStep(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5].find((factor) => factor * power >= value) ?? 10) * power;
}

const rounded = (value: number): number => Number(value.toPrecision(DIGITS));
