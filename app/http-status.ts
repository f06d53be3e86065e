/** Reads the HTTP status and message of errors of GitHub's client. */

/** The status of GitHub's response; null where there is none, such as after a broken connection. */
export function statusOf(error: unknown): number | null {
  const status = error instanceof Error && 'status' in error ? error.status : null;
  return typeof status === 'number' ? status : null;
}

/** The thing is gone, or the App may not see it. */
export function isMissing(error: unknown): boolean {
  const status = statusOf(error);
  return status === 404 || status === 410;
}

/**
 * The response of a request; null where there is no such thing.
 * @param also further statuses that mean the same for this request
 */
export async function nullIfMissing<T>(request: Promise<T>, also: readonly number[] = []): Promise<T | null> {
  try {
    return await request;
  } catch (error) {
    if (isMissing(error) || also.includes(statusOf(error) ?? 0)) return null;
    throw error;
  }
}

/** A refusal that ends with time. */
export function isRateLimit(error: unknown): boolean {
  return statusOf(error) === 403 && /rate limit|abuse/i.test(wordsOf(error));
}

/** GitHub's trouble or a limit, which ends without anybody's help: a later tick makes good what was left undone. */
export function isPassing(error: unknown): boolean {
  const status = statusOf(error) ?? 0;
  return status >= 500 || status === 429 || isRateLimit(error);
}

/** An error's message in one line, without GitHub's link to its documentation. */
export function wordsOf(error: unknown): string {
  const words = error instanceof Error ? error.message : String(error);
  return words
    .replace(/ - https?:\/\/\S+$/, '')
    .replaceAll(/\s+/g, ' ')
    .slice(0, 300);
}
