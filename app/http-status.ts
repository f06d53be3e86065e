/** What GitHub's refusals mean; every other error is thrown on. */

/** The status of GitHub's answer; null for what is no answer, such as a broken connection. */
export function statusOf(error: unknown): number | null {
  const status = error instanceof Error && 'status' in error ? error.status : null;
  return typeof status === 'number' ? status : null;
}

/** Gone for good, or out of the App's sight. */
export function isMissing(error: unknown): boolean {
  const status = statusOf(error);
  return status === 404 || status === 410;
}

/**
 * The answer of a request, or null where there is no such thing.
 * @param also further statuses that say the same of this request
 */
export async function orNull<T>(request: Promise<T>, also: readonly number[] = []): Promise<T | null> {
  try {
    return await request;
  } catch (error) {
    if (isMissing(error) || also.includes(statusOf(error) ?? 0)) return null;
    throw error;
  }
}

/** A refusal that time will heal. */
export function isRateLimit(error: unknown): boolean {
  return statusOf(error) === 403 && /rate limit|abuse/i.test(wordsOf(error));
}

/** One line of an error for the log and for people; GitHub's own words without its link to the documentation. */
export function wordsOf(error: unknown): string {
  const words = error instanceof Error ? error.message : String(error);
  return words
    .replace(/ - https?:\/\/\S+$/, '')
    .replaceAll(/\s+/g, ' ')
    .slice(0, 300);
}
