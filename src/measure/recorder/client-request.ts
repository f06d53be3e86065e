/** Reads a request of the program. */
import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Asked } from '../../gateway/answer.ts';
import type { ClientCall } from '../../gateway/forward.ts';
import { field, parseJson, textField } from '../../gateway/json.ts';
import { RECORD_LIMITS } from '../record.ts';
import type { Arrival } from './task-tracker.ts';

export interface ClientRequest {
  /** Without its body, if that is too large. */
  readonly call: ClientCall;
  readonly isTooLarge: boolean;
  /** Relative to the base URL and without the query, e.g. `/chat/completions`. */
  readonly endpoint: string;
  /** As the request names it; `''` if it names none. */
  readonly model: string;
  /** Whether it asks for a stream; false if the body was too large to parse. */
  readonly streams: boolean;
  /** Without the time. */
  readonly arrival: Omit<Arrival, 'atMs'>;
}

/** The header by which a program names a task; it is not forwarded. */
const TASK_HEADER = 'x-rollout-task';
const RETRY_HEADER = 'x-stainless-retry-count';

/** The largest body that is forwarded: it is held until its end. */
export const BODY_LIMIT_MB = 64;
const BODY_LIMIT_BYTES = BODY_LIMIT_MB * 1024 * 1024;

/** A larger body is not parsed. */
const PARSED_BYTES = 2 * 1024 * 1024;

/** How much of a form with files, or of a large body, is searched for the model's name, at each end. */
const SEARCHED_BYTES = 64 * 1024;

/**
 * Reads a request to its end.
 * @param basePath path of the base URL, without a slash at its end
 * @throws if the client disconnects first
 */
export async function readClientRequest(incoming: IncomingMessage, basePath: string): Promise<ClientRequest> {
  const { method = 'GET', url: path = '/', headers } = incoming;
  const { body, isTooLarge } = await readBody(incoming);
  const call = { method, path, rawHeaders: withoutTask(incoming.rawHeaders), body };
  const address = `${method} ${path}`;
  return {
    call,
    isTooLarge,
    endpoint: limited(path.slice(basePath.length).replace(/\?.*$/s, '')) || '/',
    ...readBodyFacts(body, headers['content-type'] ?? ''),
    arrival: {
      name: limited(String(headers[TASK_HEADER] ?? '').trim()) || null,
      retryCount: retryCount(headers[RETRY_HEADER]),
      fingerprint: createHash('sha256').update(`${address}\n`).update(body).digest('base64'),
      address,
    },
  };
}

async function readBody(
  incoming: IncomingMessage,
): Promise<Pick<ClientCall, 'body'> & { isTooLarge: boolean }> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of incoming) {
    bytes += piece.length;
    if (bytes <= BODY_LIMIT_BYTES) pieces.push(piece);
    // It is read to its end even so, as every request is that the recorder refuses.
    else pieces.length = 0;
  }
  return { body: Buffer.concat(pieces), isTooLarge: bytes > BODY_LIMIT_BYTES };
}

function readBodyFacts(body: Buffer, contentType: string): Pick<ClientRequest, 'model' | 'streams'> {
  const isForm = /^multipart\//i.test(contentType);
  if (isForm || body.length > PARSED_BYTES)
    return { model: limited(modelAtEnds(body, isForm)), streams: false };
  const json = parseJson(body.toString());
  return { model: limited(textField(json, 'model') ?? ''), streams: field(json, 'stream') === true };
}

/** Of a body that is not parsed. */
function modelAtEnds(body: Buffer, isForm: boolean): string {
  const ends = Buffer.concat([body.subarray(0, SEARCHED_BYTES), body.subarray(-SEARCHED_BYTES)]).toString();
  if (!isForm) return /"model"\s*:\s*"([^"\\]+)"/.exec(ends)?.[1] ?? '';
  return /name="model"\r?\n(?:[^\r\n]+\r?\n)*\r?\n([^\r\n]+)/.exec(ends)?.[1] ?? '';
}

/** What the request says about its answer. */
export function askedBy({ call, endpoint, streams }: ClientRequest, keepsContent: boolean): Asked {
  return { method: call.method, path: endpoint, streams, keepsContent };
}

/** Names in lower case; a header that came several times has its values joined. */
export function singleHeaders(incoming: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(incoming.headers).map(([name, value]) => [name, [value ?? ''].flat().join(', ')]),
  );
}

function retryCount(header: string | string[] | undefined): number | null {
  const count = /^\d{1,3}$/.exec(String(header ?? ''))?.[0];
  return count === undefined ? null : Number(count);
}

function withoutTask(rawHeaders: readonly string[]): string[] {
  return rawHeaders.filter((_, index) => rawHeaders[index - (index % 2)]?.toLowerCase() !== TASK_HEADER);
}

const limited = (text: string): string => text.slice(0, RECORD_LIMITS.textLength);
