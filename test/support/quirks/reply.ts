/** Requests to the quirky gateway and its replies, as values: quirks rewrite them, one writer sends them. */
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { createGzip } from 'node:zlib';

export type JsonObject = Readonly<Record<string, unknown>>;
export type Headers = Readonly<Record<string, string>>;

export interface GatewayRequest {
  readonly method: string;
  /** As in the URL, without the query. */
  readonly path: string;
  /** Relative to the base path, e.g. `/chat/completions`; null for an address outside it. */
  readonly route: string | null;
  readonly query: Readonly<Record<string, string>>;
  /** Names in lower case. */
  readonly headers: Headers;
  /** The parsed body; empty where it is missing or not a JSON object. */
  readonly body: JsonObject;
  /** The bearer key, or null. */
  readonly key: string | null;
}

/** One event of a stream; a string is sent unchanged, everything else as JSON. */
export interface Frame {
  readonly event?: string;
  readonly data: unknown;
}

interface Common {
  readonly status: number;
  readonly headers: Headers;
  /** Time before the first byte, on top of the gateway's latency. */
  readonly waitMs: number;
}

export interface JsonReply extends Common {
  readonly kind: 'json';
  readonly body: JsonObject;
}

export interface TextReply extends Common {
  readonly kind: 'text';
  readonly contentType: string;
  readonly body: string;
}

export interface StreamReply extends Common {
  readonly kind: 'stream';
  readonly contentType: string;
  readonly frames: readonly Frame[];
  /** Time between the headers and the first frame, and from the first frame to the last. */
  readonly quietMs: number;
  readonly overMs: number;
  /** `cut` destroys the socket after the last frame; `never` leaves it open. */
  readonly end: 'eof' | 'cut' | 'never';
  /** Sent before each frame. */
  readonly between?: string;
  readonly gzip: boolean;
}

/** Accepts the request and never writes a byte. */
export interface Silence {
  readonly kind: 'silence';
}

export type Reply = JsonReply | TextReply | StreamReply | Silence;

export const json = (body: JsonObject, status = 200): JsonReply => ({
  kind: 'json',
  status,
  headers: {},
  waitMs: 0,
  body,
});

export const text = (body: string, status: number, contentType: string): TextReply => ({
  kind: 'text',
  status,
  headers: {},
  waitMs: 0,
  contentType,
  body,
});

export const html = (body: string, status: number): TextReply =>
  text(body, status, 'text/html; charset=utf-8');

export const stream = (frames: readonly Frame[], overMs: number): StreamReply => ({
  kind: 'stream',
  status: 200,
  headers: {},
  waitMs: 0,
  contentType: 'text/event-stream; charset=utf-8',
  frames,
  quietMs: 0,
  overMs,
  end: 'eof',
  gzip: false,
});

export const SILENCE: Silence = { kind: 'silence' };

/** The same reply with more headers; a reply without bytes has none. */
export function withHeaders<T extends Reply>(reply: T, headers: Headers): T {
  return reply.kind === 'silence' ? reply : { ...reply, headers: { ...reply.headers, ...headers } };
}

/** Whether a reply refuses the request by its status. */
export function isRefusal(reply: Reply): reply is Exclude<Reply, Silence> {
  return reply.kind !== 'silence' && reply.status >= 400;
}

/** Writes a reply; stops without an error when the client or the test has ended. */
export async function send(response: ServerResponse, reply: Reply, latencyMs: number): Promise<void> {
  if (reply.kind === 'silence') return;
  if (latencyMs + reply.waitMs > 0) await sleep(latencyMs + reply.waitMs, undefined, { ref: false });
  if (response.destroyed) return;
  if (reply.kind === 'stream') return sendStream(response, reply);
  const contentType = reply.kind === 'json' ? 'application/json' : reply.contentType;
  const body = reply.kind === 'json' ? JSON.stringify(reply.body) : reply.body;
  response.writeHead(reply.status, { 'content-type': contentType, ...reply.headers }).end(body);
}

/** Frames that are due within this time are sent together: a timer for each would cost more than the check under test. */
const LEAST_PAUSE_MS = 10;

async function sendStream(response: ServerResponse, reply: StreamReply): Promise<void> {
  const encoding = reply.gzip ? { 'content-encoding': 'gzip' } : {};
  response.writeHead(reply.status, { 'content-type': reply.contentType, ...encoding, ...reply.headers });
  response.flushHeaders();
  const out = reply.gzip ? createGzip({ flush: 2 }) : response;
  if (out !== response) out.pipe(response);
  if (reply.quietMs > 0) await sleep(reply.quietMs, undefined, { ref: false });
  const start = performance.now();
  const step = reply.overMs / Math.max(1, reply.frames.length - 1);
  for (const [index, frame] of reply.frames.entries()) {
    const early = start + index * step - performance.now();
    if (early >= LEAST_PAUSE_MS) await sleep(early, undefined, { ref: false });
    if (response.destroyed) return;
    out.write((reply.between ?? '') + encode(frame));
  }
  if (reply.end === 'never') return;
  if (reply.end === 'eof') out.end();
  // Flushes the socket's buffer first, so that what was sent also arrives.
  else response.write('', () => response.socket?.destroySoon());
}

function encode(frame: Frame): string {
  const name = frame.event === undefined ? '' : `event: ${frame.event}\n`;
  const data = typeof frame.data === 'string' ? frame.data : JSON.stringify(frame.data);
  return `${name}data: ${data}\n\n`;
}
