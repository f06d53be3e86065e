/** What the official client does with an answer that was recorded before: nothing leaves this process. */
import { createOfficialClient, sdkChat } from './sdk.ts';

/** An answer as it was recorded; an `Answer` is one. */
export interface RecordedResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** What the official client made of a recorded answer. */
export interface Replay {
  /** HTTP requests that it sent. */
  readonly requests: number;
  /** Whether the call ended well all the same. */
  readonly recovered: boolean;
  /** The error that the program would have to catch; null when it recovered. */
  readonly errorName: string | null;
}

/** Headers of the connection and of the coding, which do not fit a body that is text by now. */
const CODING_HEADERS: ReadonlySet<string> = new Set([
  'connection',
  'content-encoding',
  'content-length',
  'keep-alive',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/**
 * Gives the official client a recorded answer to every request (from the second one on `next`, when given) and
 * sees what it does. Nothing leaves this process. Its pauses between attempts are shortened by `retry-after-ms`,
 * which has no say in whether it tries again.
 */
export async function replayToSdk(options: {
  readonly answer: RecordedResponse;
  readonly next?: RecordedResponse;
  readonly maxRetries: number;
}): Promise<Replay> {
  let requests = 0;
  const client = await createOfficialClient({
    // A name that can never exist, RFC 2606.
    baseUrl: 'http://replay.invalid/v1',
    apiKey: 'replay',
    timeoutMs: 60_000,
    maxRetries: options.maxRetries,
    fetch: async () => {
      requests++;
      return toResponse(requests === 1 ? options.answer : (options.next ?? options.answer));
    },
  });
  const outcome = await sdkChat(client, { model: 'replay', messages: [] });
  const errorName = outcome.kind === 'error' ? outcome.name : null;
  return { requests, recovered: errorName === null, errorName };
}

function toResponse({ status, headers, text }: RecordedResponse): Response {
  const kept = Object.entries(headers).filter(([name]) => !CODING_HEADERS.has(name.toLowerCase()));
  const withoutBody = status === 204 || status === 205 || status === 304;
  return new Response(withoutBody ? null : text, {
    status,
    headers: { ...Object.fromEntries(kept), 'retry-after-ms': '1' },
  });
}
