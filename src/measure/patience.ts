/** How long a source is waited for, and when it is asked again. */
import { setTimeout as sleep } from 'node:timers/promises';

export interface Patience {
  /** For one request, in milliseconds. */
  readonly deadlineMs: number;
  /** Requests before the source counts as silent. */
  readonly attempts: number;
  /** The pause before the second request, in milliseconds; it doubles from one to the next. */
  readonly firstPauseMs: number;
  /** The longest pause; a source that asks for a longer one by `retry-after` is an error at once. */
  readonly longestPauseMs: number;
  /** A longer body is an error, in bytes. */
  readonly bodyLimitBytes: number;
}

export const PATIENCE: Patience = {
  deadlineMs: 30_000,
  attempts: 4,
  firstPauseMs: 500,
  longestPauseMs: 60_000,
  bodyLimitBytes: 64 * 1024 * 1024,
};

/** `retry-after` in milliseconds from now: seconds, or a date (RFC 9110, 10.2.3). */
export function readRetryAfter(header: string | null): number | null {
  if (header === null) return null;
  const wait = /^\s*\d+(\.\d+)?\s*$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - Date.now();
  return Number.isFinite(wait) ? Math.max(0, wait) : null;
}

/**
 * How long to wait after an attempt that came to nothing, in milliseconds.
 * @param attempt counted from 1
 * @param again whether asking again can help
 * @param retryAfterMs what the source asked for; null: nothing
 * @returns null where asking again cannot help, or where the source wants more time than there is
 */
export function pauseAfter(
  attempt: number,
  { again, retryAfterMs }: { readonly again: boolean; readonly retryAfterMs: number | null },
  patience: Patience,
): number | null {
  if (!again || attempt >= patience.attempts) return null;
  if (retryAfterMs !== null) return retryAfterMs <= patience.longestPauseMs ? retryAfterMs : null;
  // Spread, so that many readers do not come back together.
  const spread = 0.5 + Math.random() / 2;
  return Math.min(patience.firstPauseMs * 2 ** (attempt - 1) * spread, patience.longestPauseMs);
}

/** @returns whether the pause was not interrupted */
export function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<boolean> {
  return sleep(milliseconds, true, { signal }).catch(() => false);
}
