/** Which window comes next; pure. Windows follow each other without gaps and overlaps. */
import { MINUTE } from '../config/durations-and-shares.ts';
import { formatInstant, type Window } from './instant.ts';

/** All in milliseconds, instants since 1970. */
export interface NextWindowInput {
  readonly now: number;
  /** How long after an event the sources' data is complete. */
  readonly lag: number;
  /** How often production is measured. */
  readonly interval: number;
  readonly last: Window | null;
  /** The length of the first window; null: the interval. */
  readonly since: number | null;
}

export type NextWindow =
  | { readonly kind: 'window'; readonly window: Window }
  /** All complete data is already measured. */
  | { readonly kind: 'too-soon'; readonly reason: string }
  | { readonly kind: 'error'; readonly reasonCode: 'clock_skew'; readonly reason: string };

/** A clock that is off by more than this part of the interval puts too many tasks into the wrong window. */
export const MOST_SKEW = 0.1;

/**
 * The window from the end of the last one to the last whole minute whose data is complete. It is half-open: what
 * happened at its end belongs to the next window.
 */
export function nextWindow({ now, lag, interval, last, since }: NextWindowInput): NextWindow {
  const to = wholeMinute(now - lag);
  if (last === null) return { kind: 'window', window: { from: wholeMinute(to - (since ?? interval)), to } };
  if (last.to > now + MOST_SKEW * interval) {
    const reason = `The last window ends at ${formatInstant(last.to)}, after the current time (${formatInstant(now)}); expected clocks to agree within a tenth of the interval. Set the clock of this machine, or of the one that stored that window.`;
    return { kind: 'error', reasonCode: 'clock_skew', reason };
  }
  if (last.to < to) return { kind: 'window', window: { from: last.to, to } };
  const at = formatInstant(last.to + MINUTE + lag);
  const reason = `Everything up to ${formatInstant(last.to)} is measured; later data is complete at ${at}. Measure again then.`;
  return { kind: 'too-soon', reason };
}

/** The whole minute at or before an instant, or after it; windows of whole minutes fit all sources. */
export function wholeMinute(instant: number, round: (minutes: number) => number = Math.floor): number {
  return round(instant / MINUTE) * MINUTE;
}
