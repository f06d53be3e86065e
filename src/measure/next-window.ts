/** Which window comes next; pure. Windows follow each other without gaps and without overlaps. */
import { formatInstant, type Window } from './instant.ts';

/** All in milliseconds, instants since 1970. */
export interface NextWindowInput {
  readonly now: number;
  /** Younger than this, the sources' numbers are not complete. */
  readonly lag: number;
  /** How often production is looked at. */
  readonly interval: number;
  /** The last window that was measured and stored. */
  readonly last: Window | null;
  /** How long the first window is; the interval where it is null. */
  readonly since: number | null;
}

export type NextWindow =
  | { readonly kind: 'window'; readonly window: Window }
  /** All that can be known is known already. */
  | { readonly kind: 'too-soon'; readonly reason: string }
  | { readonly kind: 'error'; readonly reasonCode: 'clock_skew'; readonly reason: string };

/** Some sources count by whole minutes: windows that begin and end with one fit them all. */
export const STEP = 60_000;

/** A clock that is off by more than this part of the interval puts too much into the wrong window. */
export const MOST_SKEW = 0.1;

/**
 * The window from the end of the last one (of the first: from so long before) to the last whole minute that the
 * sources know all of. It is half-open: what happened at its end belongs to the next.
 */
export function nextWindow({ now, lag, interval, last, since }: NextWindowInput): NextWindow {
  const to = wholeMinute(now - lag);
  if (last === null) return { kind: 'window', window: { from: wholeMinute(to - (since ?? interval)), to } };
  if (last.to > now + MOST_SKEW * interval) {
    return {
      kind: 'error',
      reasonCode: 'clock_skew',
      reason: `The last window ends at ${formatInstant(last.to)}, which is after now (${formatInstant(now)}); expected clocks that agree to a tenth of the interval. Set the clock of this machine, or of the one that stored that window.`,
    };
  }
  if (last.to < to) return { kind: 'window', window: { from: last.to, to } };
  const at = formatInstant(last.to + STEP + lag);
  return {
    kind: 'too-soon',
    reason: `Everything up to ${formatInstant(last.to)} is measured, and what came later is not complete before ${at}. Measure again then.`,
  };
}

/** The whole minute before or at an instant, or after it. */
export function wholeMinute(instant: number, round: (minutes: number) => number = Math.floor): number {
  return round(instant / STEP) * STEP;
}
