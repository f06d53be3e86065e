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
 * Waits after a failed attempt.
 * @param attempt counted from 1
 * @param again whether a retry can help
 * @param retryAfterMs the source's own `retry-after`, or null
 * @returns false if this was the last attempt: none can help, the source wants a longer pause than the longest, or the
 * pause was interrupted
 */
export async function mayRetry(
  attempt: number,
  { again, retryAfterMs }: { readonly again: boolean; readonly retryAfterMs: number | null },
  { attempts, firstPauseMs, longestPauseMs }: Patience,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  if (!again || attempt >= attempts || (retryAfterMs ?? 0) > longestPauseMs) return false;
  // Random, so that many clients do not retry at the same moment.
  const spread = 0.5 + Math.random() / 2;
  const usual = Math.min(firstPauseMs * 2 ** (attempt - 1) * spread, longestPauseMs);
  return sleep(retryAfterMs ?? usual, true, { signal }).catch(() => false);
}
