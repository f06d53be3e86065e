/** The gateway's success rate compared with official over time, as Mermaid text that GitHub draws. */
import type { MetricVerdict } from '../judge/verdict.ts';
import { moment } from './amounts.ts';
import { differenceOf } from './difference.ts';
import { plainLine } from './foreign-text.ts';

/** Percent of the tasks at one moment; null where an arm has none. */
export interface ArmPoint {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly official: number | null;
  readonly gateway: number | null;
}

/** More points do not fit side by side. */
export const MOST_MOMENTS = 24;
/** Characters, without the legend. */
const LONGEST_TITLE = 80;
/** Digits that Mermaid gets of each value. */
const DIGITS = 6;
/** Approximate number of steps of an axis. */
const STEPS = 5;
const HOUR = 3_600_000;
/** No axis spans fewer points: a tiny difference must not look large. */
const LEAST_SPAN = 0.5;
/** A limit that is farther away would make the difference a flat line. */
const FARTHEST_LIMIT = 5;
/** Extra space, relative to the range of the values: no line touches the frame. */
const ROOM = 0.1;

/**
 * A fenced block with the difference in points wherever both arms are known, thinned evenly where the moments are too
 * many; the limits; and a line for no difference. Readable on light and dark. Empty for fewer than two moments.
 * @param title may hold text from outside
 * @param points in the order of time
 * @param verdict on the success rate, for its limits
 */
export function differenceChart(
  title: string,
  points: readonly ArmPoint[],
  verdict: MetricVerdict | undefined,
): string {
  const known = thinned(
    points.flatMap(({ at, official, gateway }) =>
      official === null || gateway === null ? [] : [{ at, change: gateway - official }],
    ),
    MOST_MOMENTS,
  );
  const [first, last] = [known[0], known.at(-1)];
  if (first === undefined || last === undefined || first === last) return '';
  const flat = (value: number) => known.map(() => value);
  const limits = (verdict && differenceOf('success_rate', verdict)?.limits) ?? [];
  const lines = [
    { color: '#818b98', legend: 'equal in gray', values: flat(0) },
    ...limits
      .filter(({ at }) => Math.abs(at) <= FARTHEST_LIMIT)
      .map(({ at }) => ({ color: '#e5534b', legend: 'limit in red', values: flat(at) })),
    { color: '#d9661f', legend: 'gateway in orange', values: known.map(({ change }) => change) },
  ];
  const [low, high] = axisOf(lines.flatMap(({ values }) => values));
  // Labels of moments would cover each other on a phone.
  const hours = Math.max(0.1, (last.at - first.at) / HOUR);
  const legends = [...new Set(lines.map(({ legend }) => legend))];
  return [
    '```mermaid',
    `%%{init: {"themeVariables": {"xyChart": {"plotColorPalette": "${lines.map(({ color }) => color).join(', ')}"}}}}%%`,
    'xychart-beta',
    `  title "${titleText(title)}: ${legends.join(', ')}"`,
    `  x-axis "hours since ${moment(first.at)}" 0 --> ${rounded(hours)}`,
    `  y-axis "points" ${low} --> ${high}`,
    ...lines.map(({ values }) => `  line [${values.map(rounded).join(', ')}]`),
    '```',
  ].join('\n');
}

/** Cannot end Mermaid's string or the fenced block, and cannot start an HTML comment. */
function titleText(title: string): string {
  return plainLine(title, LONGEST_TITLE).replace(/["`<>]/g, "'");
}

/** Evenly; the newest one is always one of them. */
export function thinned<Point>(points: readonly Point[], most: number): readonly Point[] {
  const step = Math.ceil(points.length / most);
  return points.filter((_, index) => (points.length - 1 - index) % step === 0);
}

/** Both ends are multiples of 1, 2 or 5 times a power of ten, and include every value. */
function axisOf(values: readonly number[]): readonly [low: number, high: number] {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const span = Math.max((1 + ROOM) * (most - least), LEAST_SPAN);
  const low = (least + most - span) / 2;
  const step = roundStep(span / STEPS);
  // Division of floats can miss a whole number slightly.
  const first = Math.floor(Number((low / step).toFixed(6)));
  const last = Math.ceil(Number(((low + span) / step).toFixed(6)));
  return [rounded(first * step), rounded(last * step)];
}

/** The smallest of 1, 2, 5 and 10 times a power of ten that is not below the value. */
function roundStep(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5].find((factor) => factor * power >= value) ?? 10) * power;
}

const rounded = (value: number): number => Number(value.toPrecision(DIGITS));
