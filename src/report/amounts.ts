/** Numbers with their units, as every report writes them. */
import type { Money } from '../measure/money.ts';

// Made once: a formatter costs more than a thousand numbers.
const WHOLE = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const FOUR_DIGITS = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 4 });
const SEVEN_DIGITS = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 7 });
const CENTS = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });

/** What is not known. */
export const UNKNOWN = '–';

/** A value of the judge or of a measurement: percent, milliseconds, US dollars, tokens, or a plain ratio. */
export type Unit = 'share' | 'duration' | 'usd' | 'tokens' | 'ratio';

export function amount(value: number, unit: Unit): string {
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
  return WHOLE.format(value);
}

/** Four digits, thousands apart. */
export function figure(value: number): string {
  return (Math.abs(value) >= 1000 ? SEVEN_DIGITS : FOUR_DIGITS).format(value);
}

/** `99.53 %`. What is not all is never rounded to 100 %. */
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

/** Three digits at least: a task may cost a millionth of a dollar. */
export function usd(value: number): string {
  if (value === 0) return '0 USD';
  if (value >= 1) return `${CENTS.format(value)} USD`;
  const digits = Math.min(12, 2 - Math.floor(Math.log10(value)));
  return `${value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })} USD`;
}

/** `12.40 USD`, and how many tasks are not in it. */
export function money({ usd: value, priced, unpriced }: Money): string {
  if (priced + unpriced === 0) return UNKNOWN;
  const rest = `${count(unpriced, 'task')} unpriced`;
  if (priced === 0) return `unknown (${rest})`;
  return unpriced === 0 ? usd(value) : `${usd(value)} (${rest})`;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** How long a stage takes: `12 min`, `5.5 h`, `3.2 days`. @param value milliseconds */
export function span(value: number): string {
  if (value >= 48 * HOUR) return `${figure(Number((value / (24 * HOUR)).toFixed(1)))} days`;
  return value >= HOUR ? `${Number((value / HOUR).toFixed(1))} h` : `${Math.ceil(value / MINUTE)} min`;
}

/** `2026-11-22 17:31`, in UTC. @param value milliseconds since 1970 */
export function moment(value: number): string {
  return new Date(value).toISOString().slice(0, 16).replace('T', ' ');
}
