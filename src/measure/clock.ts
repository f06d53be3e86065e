/** Whether this machine's clock and that of a server agree. */

export interface ClockReading {
  /** Milliseconds since 1970, when we asked and when we had the answer. */
  readonly asked: number;
  readonly answered: number;
  /** The server's header `Date`. */
  readonly date: string;
}

/** A header `Date` knows no parts of a second (RFC 9110, 6.6.1). */
const DATE_STEP_MS = 1_000;
const DEADLINE_MS = 10_000;

/**
 * The least by which the server's clock is ahead of ours (negative: behind), in milliseconds: 0 where some moment
 * between question and answer fits the header. NaN for a header that is no date.
 */
export function clockDifference({ asked, answered, date }: ClockReading): number {
  const earliest = Date.parse(date);
  const latest = earliest + DATE_STEP_MS;
  if (Number.isNaN(earliest)) return Number.NaN;
  if (earliest > answered) return earliest - answered;
  return latest < asked ? latest - asked : 0;
}

/**
 * Asks a server for its clock; its status does not matter, and no credentials are sent.
 * @param now milliseconds since 1970
 * @returns {@link clockDifference}; null where the server does not answer or does not say, which is for others to tell
 */
export async function askClock(url: string, now: () => number): Promise<number | null> {
  const { origin } = new URL(url);
  const asked = now();
  try {
    const signal = AbortSignal.timeout(DEADLINE_MS);
    const response = await fetch(origin, { method: 'HEAD', redirect: 'manual', signal });
    const date = response.headers.get('date');
    // A cache repeats the time of the answer that it kept.
    if (date === null || response.headers.has('age')) return null;
    const difference = clockDifference({ asked, answered: now(), date });
    return Number.isNaN(difference) ? null : difference;
  } catch {
    return null;
  }
}
