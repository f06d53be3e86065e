/** Replays recorded responses to the official client, to see whether it retries. Nothing leaves this process. */
import type { HttpResponse } from './exchange.ts';
import { CONNECTION_HEADERS } from './forward.ts';
import { createOfficialClient, sdkChat } from './sdk.ts';

type RecordedResponse = Pick<HttpResponse, 'status' | 'headers' | 'text'>;

/** What the official client did with a recorded response. */
export interface SdkReplay {
  /** HTTP requests that it sent. */
  readonly requests: number;
  /** Whether the call succeeded in the end. */
  readonly recovered: boolean;
}

/** Headers of the connection and of the encoding; they no longer fit a body that has been decoded to text. */
const CODING_HEADERS = new Set([...CONNECTION_HEADERS, 'content-encoding', 'content-length']);

/**
 * Gives the official client a recorded response to each request (from the second one on `next`, when given) and
 * counts its attempts. Its pauses between attempts are shortened by `retry-after-ms`, which does not influence
 * whether it tries again.
 */
export async function replayToSdk(options: {
  readonly response: RecordedResponse;
  readonly next?: RecordedResponse;
  readonly maxRetries: number;
}): Promise<SdkReplay> {
  let requests = 0;
  const client = await createOfficialClient({
    // A name that can never resolve (RFC 2606).
    baseUrl: 'http://replay.invalid/v1',
    apiKey: 'replay',
    timeoutMs: 60_000,
    maxRetries: options.maxRetries,
    fetch: async () => {
      requests++;
      return toResponse(requests === 1 ? options.response : (options.next ?? options.response));
    },
  });
  const outcome = await sdkChat(client, { model: 'replay', messages: [] });
  return { requests, recovered: outcome.kind === 'completion' };
}

function toResponse({ status, headers, text }: RecordedResponse): Response {
  const kept = Object.entries(headers).filter(([name]) => !CODING_HEADERS.has(name.toLowerCase()));
  const withoutBody = status === 204 || status === 205 || status === 304;
  return new Response(withoutBody ? null : text, {
    status,
    headers: { ...Object.fromEntries(kept), 'retry-after-ms': '1' },
  });
}
