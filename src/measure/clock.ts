/** Whether this machine's clock agrees with a server's. */

/** A `Date` header has whole seconds (RFC 9110, 6.6.1). */
const DATE_STEP_MS = 1_000;
const DEADLINE_MS = 10_000;

/**
 * The least by which the server's clock is ahead of ours (negative: behind), in milliseconds: 0 if the header fits any
 * moment between request and response. NaN for a header that is not a date.
 * @param sent when the request was sent, and `received` when the response arrived, in milliseconds since 1970
 * @param date the server's header `Date`
 */
export function clockDifference(sent: number, received: number, date: string): number {
  const earliest = Date.parse(date);
  const latest = earliest + DATE_STEP_MS;
  if (Number.isNaN(earliest)) return Number.NaN;
  if (earliest > received) return earliest - received;
  return latest < sent ? latest - sent : 0;
}

/**
 * Reads a server's clock; its status does not matter, and no credentials are sent.
 * @param now milliseconds since 1970
 * @returns {@link clockDifference}; null if the server does not respond or sends no date
 */
export async function askClock(url: string, now: () => number): Promise<number | null> {
  const { origin } = new URL(url);
  const sent = now();
  try {
    const signal = AbortSignal.timeout(DEADLINE_MS);
    const response = await fetch(origin, { method: 'HEAD', redirect: 'manual', signal });
    const date = response.headers.get('date');
    // A cache repeats the date of the response that it kept.
    if (date === null || response.headers.has('age')) return null;
    const difference = clockDifference(sent, now(), date);
    return Number.isNaN(difference) ? null : difference;
  } catch {
    return null;
  }
}
