/** Forwards a client's own request to an endpoint, byte for byte, and returns the response as it arrives. */
import {
  type ClientRequest,
  Agent as HttpAgent,
  type IncomingMessage,
  request as requestHttp,
} from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import './address-guard.ts';
import { withoutBrackets } from './url.ts';

export interface EndpointAccess {
  /** As users configure it, e.g. `https://gateway.example/v1`. */
  readonly baseUrl: string;
  /** Replaces the key that the client sent. */
  readonly apiKey: string;
  /** Sent with every request; they override the client's. Values may be secret. */
  readonly headers: Readonly<Record<string, string>>;
}

/** A request as a client sent it. */
export interface ClientCall {
  readonly method: string;
  /** Path and query, below the path of the base URL. */
  readonly path: string;
  /** Alternating names and values, as received. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
}

export interface Forwarder {
  /**
   * Forwards one call. Nothing is retried and no redirect is followed.
   * @param signal ends the call, also while its response is being read
   * @returns the head of the response; its body is still to be read, undecoded
   * @throws the error of Node's client when no response begins
   */
  send(call: ClientCall, signal: AbortSignal): Promise<IncomingMessage>;
  /** Closes the idle connections. */
  close(): void;
}

/** Idle connections are closed before the server closes them, as Node's own `fetch` does. */
const IDLE_MS = 4_000;

/** Headers that belong to one connection, not to the message (RFC 9110, 7.6.1). */
export const CONNECTION_HEADERS: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Headers that are set again for the endpoint, and two by which some servers choose another path. */
const REPLACED_HEADERS: ReadonlySet<string> = new Set([
  ...['authorization', 'content-length', 'expect', 'host'],
  ...['x-original-url', 'x-rewrite-url'],
]);

/** A forwarder to one endpoint. It keeps connections open between calls and connects to no other origin. */
export function createForwarder(access: EndpointAccess): Forwarder {
  const { protocol, hostname, port } = new URL(access.baseUrl);
  const secure = protocol === 'https:';
  const agent = new (secure ? HttpsAgent : HttpAgent)({ keepAlive: true, timeout: IDLE_MS });
  const host = { hostname: withoutBrackets(hostname), ...(port !== '' && { port }) };
  return {
    send: ({ method, path, rawHeaders, body }, signal) =>
      new Promise((resolve, reject) => {
        const headers = outgoingHeaders(rawHeaders, access, body);
        const open: ClientRequest = (secure ? requestHttps : requestHttp)(
          { ...host, agent, method, path, headers, signal },
          resolve,
        );
        // `on`, because a connection that breaks after the head emits another error; whoever reads the body sees that.
        open.on('error', reject);
        open.end(body);
      }),
    close: () => agent.destroy(),
  };
}

/**
 * The headers of a response that a client may see: all but those of the connection, as received.
 * @param without others that are left out, in lower case
 */
export function responseHeaders(rawHeaders: readonly string[], without: readonly string[] = []): string[] {
  return entriesOf(rawHeaders)
    .filter(([name]) => !CONNECTION_HEADERS.has(name.toLowerCase()) && !without.includes(name.toLowerCase()))
    .flat();
}

function outgoingHeaders(
  rawHeaders: readonly string[],
  { apiKey, headers }: EndpointAccess,
  body: Buffer,
): Record<string, string | string[]> {
  const sent: Record<string, string | string[]> = {};
  for (const [name, value] of entriesOf(rawHeaders)) {
    const key = name.toLowerCase();
    if (CONNECTION_HEADERS.has(key) || REPLACED_HEADERS.has(key)) continue;
    const before = sent[key];
    sent[key] = before === undefined ? value : [before, value].flat();
  }
  sent.authorization = `Bearer ${apiKey}`;
  if (body.length > 0) sent['content-length'] = String(body.length);
  for (const [name, value] of Object.entries(headers)) sent[name.toLowerCase()] = value;
  return sent;
}

function entriesOf(rawHeaders: readonly string[]): [name: string, value: string][] {
  return Array.from({ length: Math.floor(rawHeaders.length / 2) }, (_, index) => [
    rawHeaders[index * 2] ?? '',
    rawHeaders[index * 2 + 1] ?? '',
  ]);
}
