/** How long to wait for a source, and when to retry. */
import { setTimeout as sleep } from 'node:timers/promises';

export interface Patience {
  /** For one request, in milliseconds. */
  readonly deadlineMs: number;
  /** Requests before giving up. */
  readonly attempts: number;
  /** The pause before the second request, in milliseconds; it doubles each time. */
  readonly firstPauseMs: number;
  /** The longest pause; a longer `retry-after` is an error at once. */
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

/**
 * How long to wait after a failed attempt, in milliseconds.
 * @param attempt counted from 1
 * @param again whether a retry can help
 * @param retryAfterMs the source's own `retry-after`, or null
 * @returns null if a retry cannot help, or if the source wants a longer pause than the longest
 */
export function pauseAfter(
  attempt: number,
  { again, retryAfterMs }: { readonly again: boolean; readonly retryAfterMs: number | null },
  patience: Patience,
): number | null {
  if (!again || attempt >= patience.attempts) return null;
  if (retryAfterMs !== null) return retryAfterMs <= patience.longestPauseMs ? retryAfterMs : null;
  // Random, so that many clients do not retry at the same moment.
  const spread = 0.5 + Math.random() / 2;
  return Math.min(patience.firstPauseMs * 2 ** (attempt - 1) * spread, patience.longestPauseMs);
}

/** @returns false if the pause was interrupted */
export function interruptiblePause(milliseconds: number, signal: AbortSignal | undefined): Promise<boolean> {
  return sleep(milliseconds, true, { signal }).catch(() => false);
}
