/** `retry-after` in milliseconds from now: seconds, or a date (RFC 9110, 10.2.3). */
export function readRetryAfter(header: string | null): number | null {
  if (header === null) return null;
  const wait = /^\s*\d+(\.\d+)?\s*$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - Date.now();
  return Number.isFinite(wait) ? Math.max(0, wait) : null;
}
