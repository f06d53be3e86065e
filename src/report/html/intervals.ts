/** A small picture of a metric: the interval of each arm against the limits. It needs no script. */
import type { Estimate, MetricVerdict } from '../../judge/verdict.ts';
import { amount, type MetricUnit } from '../../wording/amounts.ts';
import { estimateText, limitText } from '../../wording/verdicts.ts';
import { limitPosition } from '../verdict-sentences.ts';
import { type Html, html, NOTHING } from './markup.ts';

/** In the picture's own coordinates; the style sheet sets its real size. */
const WIDTH = 1000;
const HEIGHT = 60;
const ROWS = { official: 18, gateway: 42 } as const;
const HALF_BAR = 6;
/** On each side, as a part of the range that is shown. */
const PADDING = 0.08;

/** Nothing if no arm has a value yet. */
export function intervalPicture(metric: string, verdict: MetricVerdict): Html {
  const { unit, official, gateway } = verdict;
  const limits = verdict.limits.flatMap((limit) => {
    const position = limitPosition(limit, verdict, metric);
    return position === null || !Number.isFinite(position) ? [] : [{ limit, position }];
  });
  const known = [official, gateway].flatMap((each) => (each ? [each.low, each.value, each.high] : []));
  const numbers = [...known, ...limits.map(({ position }) => position)].filter((value) => value !== null);
  if (known.every((value) => value === null)) return NOTHING;
  const scale = scaleOf(numbers, unit);
  const marks = limits.map(({ limit, position }) => limitMark(scale.x(position), limit.kind, metric));
  const words = [
    `gateway ${estimateText(gateway, unit)}`,
    `official ${estimateText(official, unit)}`,
    ...verdict.limits.map((limit) => `limit ${limitText(metric, verdict.unit, limit)}`),
  ].join('; ');
  return html`<svg class="interval" viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${metric}: ${words}">${marks}${bar('official', official, scale)}${bar('gateway', gateway, scale)}</svg>
<p class="ends" aria-hidden="true"><span>${amount(scale.low, unit)}</span><span>${amount(scale.high, unit)}</span></p>`;
}

interface Scale {
  readonly low: number;
  readonly high: number;
  readonly x: (value: number) => number;
}

/** Ends are rounded to read better. No quantity here is negative, and no share is above 100 %. */
function scaleOf(numbers: readonly number[], unit: MetricUnit): Scale {
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
  const range = most - least || Math.abs(most) || 1;
  const low = Math.max(0, round(least - PADDING * range));
  const high = Math.min(unit === 'share' ? 100 : Infinity, round(most + PADDING * range));
  const x = (value: number) => Number((((value - low) / (high - low || 1)) * WIDTH).toFixed(1));
  return { low, high, x: (value) => Math.min(WIDTH, Math.max(0, x(value))) };

  function round(value: number): number {
    const step = 10 ** Math.floor(Math.log10(range) - 1);
    return Number((Math.round(value / step) * step).toPrecision(12));
  }
}

/** An open end runs to the border of the picture. */
function bar(arm: keyof typeof ROWS, estimate: Estimate | null, { x }: Scale): Html {
  if (estimate === null) return NOTHING;
  const y = ROWS[arm];
  const { value, low, high } = estimate;
  const hasInterval = low !== null || high !== null;
  const [from, to] = [low === null ? 0 : x(low), high === null ? WIDTH : x(high)];
  const width = Number(Math.max(2, to - from).toFixed(1));
  const span = hasInterval
    ? html`<rect class="${arm}" x="${from}" y="${y - HALF_BAR}" width="${width}" height="${2 * HALF_BAR}"/>`
    : NOTHING;
  const tick =
    value === null
      ? NOTHING
      : html`<line class="${arm}" x1="${x(value)}" x2="${x(value)}" y1="${y - 10}" y2="${y + 10}"/>`;
  return html`${span}${tick}`;
}

/** The area outside the limit is shaded. */
function limitMark(x: number, kind: string, metric: string): Html {
  const atLeast = kind === 'min' || kind === 'max_drop' || (kind === 'frozen' && metric === 'success_rate');
  const [from, width] = atLeast ? [0, x] : [x, Number((WIDTH - x).toFixed(1))];
  return html`<rect class="outside" x="${from}" y="0" width="${width}" height="${HEIGHT}"/><line class="limit" x1="${x}" x2="${x}" y1="0" y2="${HEIGHT}"/>`;
}
