/** Reads a whole event stream. */
import { createParser } from 'eventsource-parser';
import { TERMINAL_EVENTS } from './completion-facts.ts';
import { errorInEvent, eventName, isDone } from './event-stream.ts';
import { field, parseJson } from './json.ts';
import type { Refusal } from './refusal.ts';

/** One `data:` payload of an event stream. */
export interface Chunk {
  /** Parsed payload, or `undefined` where it is not JSON. */
  readonly json: unknown;
  /** The payload as received (at most 16 KiB). */
  readonly data: string;
  /** `event:` field, e.g. `response.completed`; `''` where there is none. */
  readonly event: string;
  /** Milliseconds from sending the request to the arrival of the last byte of this chunk. */
  readonly atMs: number;
}

/** A whole event stream, as received. */
export interface Transcript {
  readonly chunks: readonly Chunk[];
  /** Whether `data: [DONE]` arrived. */
  readonly done: boolean;
  /** `eof`: the body ended in order; `cut`: the connection broke, or the chunked body was incomplete; `deadline`. */
  readonly end: 'eof' | 'cut' | 'deadline';
  /** Lines that are not event-stream fields. */
  readonly malformed: number;
  /** When the end of the stream arrived, in milliseconds from sending. */
  readonly totalMs: number;
}

/** Characters of a payload that are kept as text; its JSON is complete. */
const DATA_LIMIT = 16 * 1024;

/**
 * Reads an event stream to its end and never throws: the transcript says how it ended. Follows the event stream
 * format of the HTML standard (comments, several `data:` lines, CR, LF, CRLF, byte order mark), with one addition: a
 * last event without its blank line counts when the body ended in order, because many gateways end with a bare
 * `data: [DONE]`.
 *
 * @param startedAtMs `performance.now()` at the sending of the request; times count from here
 * @param limitBytes reading stops after so many
 * @param signal aborted by the request's deadline; distinguishes a deadline from a broken connection
 * @returns the transcript; everything that arrived, as text; and whether it was larger than the limit: its `end` is
 * then `cut`
 */
export async function readTranscript(
  body: AsyncIterable<Uint8Array>,
  { startedAtMs, limitBytes, signal }: { startedAtMs: number; limitBytes: number; signal?: AbortSignal },
) {
  const elapsedMs = () => performance.now() - startedAtMs;
  const chunks: Chunk[] = [];
  const decoder = new TextDecoder();
  let [text, bytes, malformed, done, overflow] = ['', 0, 0, false, false];
  let end: Transcript['end'] = 'eof';
  const parser = createParser({
    onEvent({ event = '', data }) {
      if (isDone(data)) done = true;
      else chunks.push({ json: parseJson(data), data: data.slice(0, DATA_LIMIT), event, atMs: elapsedMs() });
    },
    onError: () => {
      malformed += 1;
    },
  });
  const feed = (piece: string) => {
    text += piece;
    if (piece !== '') parser.feed(piece);
  };
  try {
    for await (const part of body) {
      bytes += part.byteLength;
      feed(decoder.decode(part, { stream: true }));
      overflow = bytes > limitBytes;
      if (overflow) break;
    }
  } catch {
    end = signal?.aborted ? 'deadline' : 'cut';
  }
  if (overflow) end = 'cut';
  // The last piece of a body that broke off stays unread, as in the official clients.
  if (end === 'eof') {
    feed(decoder.decode());
    parser.feed('\n\n');
  }
  const transcript: Transcript = { chunks, done, end, malformed, totalMs: elapsedMs() };
  return { transcript, text, overflow };
}

/** The first error inside the stream, under HTTP 200; null where there is none. */
export function errorInside({ chunks }: Transcript): Refusal | null {
  for (const { json, data, event } of chunks) {
    const error = errorInEvent(eventName(event, json), json, data);
    if (error !== null) return error.refusal;
  }
  return null;
}

/** The whole response, as the last event of a stream of `/responses` brings it; undefined where there is none. */
export function streamedResponse({ chunks }: Transcript): unknown {
  const terminal = chunks.find(({ event, json }) => {
    const name = eventName(event, json);
    return name === 'error' || Object.hasOwn(TERMINAL_EVENTS, name);
  });
  return field(terminal?.json, 'response');
}
