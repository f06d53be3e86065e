/** A raw HTTP client for OpenAI-compatible endpoints. It shows what the official client hides. */
import './address-guard.ts';
import { notAnAnswer } from './answer.ts';
import { refusalOf } from './errors.ts';
import { beginsLikeEventStream } from './event-stream.ts';
import type { Exchange, HttpResponse } from './exchange.ts';
import { tooLong } from './incomplete.ts';
import { field, parseJson } from './json.ts';
import { deadlinePassed, noResponse } from './no-response.ts';
import type { Profile } from './profiles/profile.ts';
import { findRequestId } from './request-id.ts';
import { readTranscript, type Transcript } from './transcript.ts';
import { joinUrl } from './url.ts';

/** Reading stops here: well above the largest real responses, model lists of about a megabyte. */
const BODY_LIMIT_MIB = 4;
const BODY_LIMIT_BYTES = BODY_LIMIT_MIB * 1024 * 1024;

/** Characters of a body that are kept as text; its JSON is complete. */
const TEXT_LIMIT = 1024 * 1024;

type Headers = Readonly<Record<string, string>>;

export interface ClientOptions {
  /** As users configure it, e.g. `https://gateway.example/v1`. A query is kept; a trailing slash does not matter. */
  readonly baseUrl: string;
  /** null: no `authorization` header is sent. */
  readonly apiKey: string | null;
  /** Sent with every request to the base URL's origin; values may be secret. */
  readonly headers?: Headers;
  /** Adds the platform's error rules and request ID headers. */
  readonly profile?: Profile | null;
  /** Instead of `profile`, where the responses tell it: given each of them, this one included. */
  readonly recognise?: (response: Parameters<Profile['recognise']>[0]) => Profile | null;
  /** Replaces the global `fetch`. */
  readonly fetch?: typeof fetch;
}

export interface Call {
  readonly method: 'GET' | 'POST';
  /** Relative to the base URL, e.g. `/chat/completions`. */
  readonly path?: string;
  /** An absolute URL instead of `path`. To another origin than the base URL's, neither key nor headers are sent. */
  readonly url?: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Instead of the client's key; null: none. */
  readonly apiKey?: string | null;
  /** For this call alone; they override the client's. */
  readonly headers?: Headers;
  readonly acceptEncoding?: string;
  /** From sending to the last byte, in milliseconds. */
  readonly deadlineMs: number;
  /** Ends the call early, as if its deadline had passed. */
  readonly signal?: AbortSignal;
}

export interface EndpointClient {
  /** One request, without retries. Never throws for what an endpoint does. */
  call(call: Call): Promise<Exchange>;
}

/**
 * A client for one endpoint.
 *
 * - Redirects are not followed: a 3xx is an {@link HttpResponse} whose refusal names the target.
 * - The key goes only to the base URL's origin.
 * - Bodies and event streams are read up to 4 MiB; the refusal of a longer one says so.
 * - Nothing is read from the environment.
 *
 * @throws TypeError when `baseUrl` is not a URL; the config has checked it before
 */
export function createClient(options: ClientOptions): EndpointClient {
  const base = new URL(options.baseUrl);
  const send = options.fetch ?? fetch;
  return {
    async call(call) {
      const startedAtMs = performance.now();
      const elapsedMs = () => performance.now() - startedAtMs;
      const url = call.url === undefined ? joinUrl(base, call.path ?? '') : new URL(call.url);
      const abort = new AbortController();
      const end = () => abort.abort();
      const deadline = setTimeout(end, call.deadlineMs);
      call.signal?.addEventListener('abort', end, { once: true });
      let status: number | null = null;
      try {
        const response = await send(url, {
          method: call.method,
          headers: checked(headersFor(call, url, base, options)),
          ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
          redirect: 'manual',
          signal: abort.signal,
        });
        status = response.status;
        const received = await receive(response, startedAtMs, abort.signal);
        return toHttpResponse(response, received, elapsedMs(), options, call);
      } catch (error) {
        if (abort.signal.aborted) return deadlinePassed(url, call.deadlineMs, elapsedMs(), status);
        return noResponse(error, url, elapsedMs());
      } finally {
        clearTimeout(deadline);
        call.signal?.removeEventListener('abort', end);
      }
    },
  };
}

function headersFor(call: Call, url: URL, base: URL, options: ClientOptions): Record<string, string> {
  const home = url.origin === base.origin;
  const key = call.apiKey === undefined ? options.apiKey : call.apiKey;
  const layers: readonly Headers[] = [
    { accept: 'application/json, text/event-stream', 'user-agent': 'gateway-rollout' },
    call.body === undefined ? {} : { 'content-type': 'application/json' },
    call.acceptEncoding === undefined ? {} : { 'accept-encoding': call.acceptEncoding },
    home ? withoutKey(options.headers ?? {}, call.apiKey !== undefined) : {},
    home && key !== null ? { authorization: `Bearer ${key}` } : {},
    call.headers ?? {},
  ];
  return Object.fromEntries(
    layers.flatMap((layer) => Object.entries(layer).map(([name, value]) => [name.toLowerCase(), value])),
  );
}

/** A call with its own key (or none) must not be accepted because of a key among the configured headers. */
function withoutKey(headers: Headers, ownKey: boolean): Headers {
  const carriesKey = /^(authorization|(x-)?api-key)$/i;
  return ownKey
    ? Object.fromEntries(Object.entries(headers).filter(([name]) => !carriesKey.test(name)))
    : headers;
}

/** fetch's own message would quote the header, and with it the key. */
function checked(headers: Record<string, string>): globalThis.Headers {
  try {
    return new globalThis.Headers(headers);
  } catch {
    throw Object.assign(new Error('a header contains a character that HTTP cannot carry'), {
      code: 'INVALID_HEADER',
    });
  }
}

interface Received {
  readonly text: string;
  readonly transcript: Transcript | null;
  /** Whether the body was larger than the limit. */
  readonly overflow: boolean;
}

async function receive(response: Response, startedAtMs: number, signal: AbortSignal): Promise<Received> {
  if (response.body === null) return { text: '', transcript: null, overflow: false };
  const parts = response.body[Symbol.asyncIterator]();
  const declared = mediaType(response) === 'text/event-stream';
  const first = declared ? null : await parts.next();
  const body = chain(first?.done === false ? first.value : null, first?.done ? null : parts);
  if (declared || (first?.done === false && beginsLikeEventStream(first.value))) {
    return readTranscript(body, { startedAtMs, limitBytes: BODY_LIMIT_BYTES, signal });
  }
  return readBody(body);
}

async function* chain(
  first: Uint8Array | null,
  rest: AsyncIterator<Uint8Array> | null,
): AsyncGenerator<Uint8Array> {
  try {
    if (first) yield first;
    for (let next = await rest?.next(); next && !next.done; next = await rest?.next()) yield next.value;
  } finally {
    // To stop reading early also closes the connection.
    await rest?.return?.();
  }
}

async function readBody(body: AsyncIterable<Uint8Array>): Promise<Received> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of body) {
    parts.push(part);
    bytes += part.byteLength;
    if (bytes > BODY_LIMIT_BYTES) break;
  }
  const text = new TextDecoder().decode(Buffer.concat(parts));
  return { text, transcript: null, overflow: bytes > BODY_LIMIT_BYTES };
}

function mediaType(response: Response): string {
  return (response.headers.get('content-type') ?? '').split(/[;,]/, 1)[0]?.trim().toLowerCase() ?? '';
}

function toHttpResponse(
  response: Response,
  received: Received,
  durationMs: number,
  options: Pick<ClientOptions, 'profile' | 'recognise'>,
  { method, path = '', body }: Call,
): HttpResponse {
  const { transcript } = received;
  const { status } = response;
  const headers = Object.fromEntries(response.headers);
  const json = parseJson(received.text);
  const text = received.text.slice(0, TEXT_LIMIT);
  // Errors and request IDs are read from the body, or from the error chunk of a stream, never from a model's text.
  const readable = json ?? transcript?.chunks.find((chunk) => field(chunk.json, 'error'))?.json;
  const profile = options.recognise?.({ headers, json: readable }) ?? options.profile ?? null;
  const servedStream = transcript !== null && json === undefined && response.ok;
  const asked = { method, path, streams: field(body, 'stream') === true };
  const refused = servedStream ? null : refusalOf({ status, headers, text, json: readable }, profile);
  const refusal = refused ?? (servedStream || received.overflow ? null : notAnAnswer(asked, json));
  return {
    kind: 'response',
    status,
    headers,
    contentType: mediaType(response),
    text,
    json,
    durationMs,
    requestId: findRequestId(headers, readable, transcript === null ? text : '', profile),
    transcript,
    refusal: received.overflow ? tooLong(`the body is larger than ${BODY_LIMIT_MIB} MiB`, refusal) : refusal,
  };
}
