/** Webhooks over HTTP: nothing of a body is parsed, kept or logged before its size and its signature are right. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import pLimit from 'p-limit';
import type { Logger } from 'pino';
import { parseJson } from '../src/gateway/json.ts';

export const WEBHOOK_PATH = '/api/github/webhooks';

/** GitHub sends no larger payload. */
const LARGEST_BODY = 25 * 1024 * 1024;
/** Nearly all payloads are smaller, and so many are read side by side. A larger one waits for the one before it. */
const SMALL_BODY = 256 * 1024;
const SMALL_AT_ONCE = 200;
/** GitHub waits 10 s for the response and then counts the delivery as failed. */
const LONGEST_WAIT = 9_000;

interface Delivery {
  readonly id: string;
  readonly name: string;
  readonly payload: unknown;
}

export interface WebhookSettings {
  readonly secret: string;
  readonly log: Logger;
  /** Handles a delivery whose signature is right; never throws for what its handlers do. */
  readonly receive: (delivery: Delivery) => Promise<void>;
}

/** Limits what a client may hold open, in milliseconds. */
export function limitConnections(server: Server): void {
  server.headersTimeout = 10_000;
  server.requestTimeout = 60_000;
  server.keepAliveTimeout = 5_000;
  server.maxConnections = 2_000;
}

/** @returns a handler of `POST` requests to {@link WEBHOOK_PATH} */
export function webhookIntake({ secret, log, receive }: WebhookSettings) {
  const [small, large] = [pLimit(SMALL_AT_ONCE), pLimit(1)];
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const refuse = ({ status, text }: Refused): void => {
      const size = request.headers['content-length'] ?? 'unknown';
      log.debug({ address: request.socket.remoteAddress, size, status }, `webhook refused: ${text}`);
      response.writeHead(status, { 'content-type': 'text/plain', connection: 'close' }).end(`${text}\n`);
      // What is left of the body is not read.
      response.once('finish', () => request.destroy());
    };
    const head = readHead(request);
    if ('status' in head) return refuse(head);
    await (head.size <= SMALL_BODY ? small : large)(async () => {
      const payload = await readPayload(request, head.signature, secret);
      if (payload === 'cut') return;
      if ('status' in payload) return refuse(payload);
      await respondInTime(response, receive({ id: head.id, name: head.name, payload: payload.json }));
    });
  };
}

interface Refused {
  readonly status: number;
  readonly text: string;
}

interface Head {
  readonly id: string;
  readonly name: string;
  readonly signature: Buffer;
  /** Bytes; the most that is allowed where the request does not say. */
  readonly size: number;
}

const TOO_LARGE: Refused = { status: 413, text: 'the body is larger than 25 MB' };

function readHead({ headers }: IncomingMessage): Head | Refused {
  const [id, name] = [headers['x-github-delivery'], headers['x-github-event']];
  const hex = /^sha256=([0-9a-f]{64})$/.exec(String(headers['x-hub-signature-256'] ?? ''))?.[1];
  if (typeof id !== 'string' || typeof name !== 'string' || hex === undefined) {
    return { status: 400, text: 'x-github-delivery, x-github-event and x-hub-signature-256 are required' };
  }
  if (!/^application\/json\b/.test(headers['content-type'] ?? '')) {
    return { status: 415, text: "set the webhook's content type to application/json" };
  }
  const size = Number(headers['content-length'] ?? LARGEST_BODY);
  return size > LARGEST_BODY ? TOO_LARGE : { id, name, signature: Buffer.from(hex, 'hex'), size };
}

/** Signs the body as it arrives, and parses it only when the signature is right. */
async function readPayload(
  request: IncomingMessage,
  signature: Buffer,
  secret: string,
): Promise<{ readonly json: unknown } | Refused | 'cut'> {
  const hmac = createHmac('sha256', secret);
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      size += chunk.length;
      if (size > LARGEST_BODY) return TOO_LARGE;
      hmac.update(chunk);
      chunks.push(chunk);
    }
  } catch {
    return 'cut';
  }
  if (!timingSafeEqual(signature, hmac.digest())) {
    return { status: 400, text: 'the signature does not match the webhook secret' };
  }
  const json = parse(Buffer.concat(chunks).toString('utf8'));
  return json === undefined ? { status: 400, text: 'the body is not a JSON object' } : { json };
}

function parse(text: string): unknown {
  const payload = parseJson(text);
  return typeof payload === 'object' && payload !== null ? payload : undefined;
}

/** 200 when the work is done, 202 when it takes longer than GitHub waits. */
async function respondInTime(response: ServerResponse, work: Promise<void>): Promise<void> {
  const patience = new AbortController();
  const late = once(patience.signal, 'abort').then(() => 202);
  const timer = setTimeout(() => patience.abort(), LONGEST_WAIT);
  const status = await Promise.race([work.then(() => 200), late]);
  clearTimeout(timer);
  response
    .writeHead(status, { 'content-type': 'text/plain' })
    .end(status === 200 ? 'ok\n' : 'still working\n');
  await work;
}
