/** Numbers, times and lists in words, the same everywhere. */
import type { MetricVerdict } from '../judge/verdict.ts';
import type { Money } from '../measure/money.ts';

/** Stands for an unknown value. */
export const UNKNOWN = '–';

const asWhole = formatter({ maximumFractionDigits: 0 });
const withFourDigits = formatter({ maximumSignificantDigits: 4 });
const withSevenDigits = formatter({ maximumSignificantDigits: 7 });
const withCents = formatter({ minimumFractionDigits: 2, maximumFractionDigits: 2 });

/** Created when it is first needed, and then kept: the first one takes as long as starting the program. */
function formatter(options: Intl.NumberFormatOptions): (value: number) => string {
  let format: Intl.NumberFormat | undefined;
  return (value) => {
    format ??= new Intl.NumberFormat('en-US', options);
    return format.format(value);
  };
}

/** A value of the judge or of a measurement: percent, milliseconds, US dollars, tokens, or a plain ratio. */
export type MetricUnit = MetricVerdict['unit'];

export function amount(value: number, unit: MetricUnit): string {
  switch (unit) {
    case 'share':
      return percent(value);
    case 'duration':
      return milliseconds(value);
    case 'usd':
      return usd(value);
    case 'tokens':
      return `${figure(value)} tokens`;
    case 'ratio':
      return figure(value);
  }
}

/** `1 probe`, `2 probes`, `1,204 probes`. */
export function count(n: number, noun: string): string {
  return `${whole(n)} ${noun}${n === 1 ? '' : 's'}`;
}

/** `1,204`. */
export function whole(value: number): string {
  return asWhole(value);
}

/** `1,204`, or a dash where it is unknown. */
export function known(value: number | null | undefined): string {
  return value === null || value === undefined ? UNKNOWN : whole(value);
}

/** Four significant digits, with thousands separators. */
export function figure(value: number): string {
  return Math.abs(value) >= 1000 ? withSevenDigits(value) : withFourDigits(value);
}

/** `99.53 %`. Anything below 100 is never rounded up to 100 %. */
export function percent(value: number): string {
  const shown = value > 99 && value < 100 ? Math.floor(value * 1000) / 1000 : Number(value.toPrecision(4));
  return `${shown} %`;
}

/** `120 ms`, `1.26 s`, `95 s`. */
export function milliseconds(value: number): string {
  if (value < 1000) return `${Number(value.toPrecision(3))} ms`;
  const seconds = value / 1000;
  return `${seconds < 100 ? Number(seconds.toPrecision(3)) : Math.round(seconds)} s`;
}

/** At least three significant digits: a task may cost a millionth of a dollar. */
export function usd(value: number): string {
  if (value === 0) return '0 USD';
  if (value >= 1) return `${withCents(value)} USD`;
  return `${value.toFixed(Math.min(12, 2 - Math.floor(Math.log10(value))))} USD`;
}

/** `12.40 USD`, and how many tasks it leaves out. */
export function money({ usd: value, priced, unpriced }: Money): string {
  if (priced + unpriced === 0) return UNKNOWN;
  const rest = `${count(unpriced, 'task')} unpriced`;
  if (priced === 0) return `unknown (${rest})`;
  return unpriced === 0 ? usd(value) : `${usd(value)} (${rest})`;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** The last moment that a JavaScript Date can hold. */
const LAST_MOMENT = 8.64e15 - 1;

/** How long something takes: `12 min`, `5.5 h`, `3.2 days`. @param value milliseconds */
export function span(value: number): string {
  if (value >= 48 * HOUR) return `${figure(Number((value / (24 * HOUR)).toFixed(1)))} days`;
  return value >= HOUR ? `${Number((value / HOUR).toFixed(1))} h` : `${Math.ceil(value / MINUTE)} min`;
}

/** `2026-11-22 17:31 UTC`. @param value milliseconds since 1970 */
export function moment(value: number): string {
  return `${minute(value)} UTC`;
}

/** `2026-11-22 17:31`, where the reader knows that it is UTC. @param value milliseconds since 1970 */
export function minute(value: number): string {
  const date = new Date(Math.min(Math.max(value, 0), LAST_MOMENT));
  return date.toISOString().slice(0, 16).replace('T', ' ');
}

/** `17:31`, where the reader knows the day. @param value milliseconds since 1970 */
export function timeOfDay(value: number): string {
  return minute(value).slice(11);
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(items: readonly string[], last = 'and'): string {
  const final = items.at(-1) ?? '';
  return items.length < 2 ? final : `${items.slice(0, -1).join(', ')} ${last} ${final}`;
}

/** The first ones, and how many more there are. */
export function shortList(items: readonly string[], most = 10): string[] {
  return items.length <= most ? [...items] : [...items.slice(0, most), `${whole(items.length - most)} more`];
}
