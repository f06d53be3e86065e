/** Reads a whole event stream. */
import { createParser, type EventSourceMessage, type EventSourceParser } from 'eventsource-parser';
import { errorInEvent, eventName, isDone } from './event-stream.ts';
import { parseJson } from './json.ts';
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
  /** When the first chunk and the end of the stream arrived, in milliseconds from sending. */
  readonly firstChunkMs: number | null;
  readonly totalMs: number;
}

/** Characters of a payload that are kept as text; its JSON is complete. */
const DATA_LIMIT = 16 * 1024;

export interface TranscriptOptions {
  /** `performance.now()` at the sending of the request; times count from here. */
  readonly startedAtMs: number;
  /** Reading stops after this many bytes. */
  readonly limitBytes: number;
  /** Aborted by the request's deadline; distinguishes a deadline from a broken connection. */
  readonly signal?: AbortSignal;
}

export interface ReadStream {
  readonly transcript: Transcript;
  /** Everything that arrived, as text. */
  readonly text: string;
  /** Whether the stream was larger than the limit; its `end` is then `cut`. */
  readonly overflow: boolean;
}

/**
 * Reads an event stream to its end and never throws: the transcript says how it ended. Follows the event stream
 * format of the HTML standard (comments, several `data:` lines, CR, LF, CRLF, byte order mark), with one addition: a
 * last event without its blank line counts when the body ended in order, because many gateways end with a bare
 * `data: [DONE]`.
 */
export async function readTranscript(
  body: AsyncIterable<Uint8Array>,
  options: TranscriptOptions,
): Promise<ReadStream> {
  const reader = new TranscriptReader(options.startedAtMs);
  let end: Transcript['end'] = 'eof';
  let bytes = 0;
  let overflow = false;
  try {
    for await (const part of body) {
      bytes += part.byteLength;
      reader.feed(part);
      overflow = bytes > options.limitBytes;
      if (overflow) break;
    }
  } catch {
    end = options.signal?.aborted ? 'deadline' : 'cut';
  }
  return { ...reader.finish(overflow ? 'cut' : end), overflow };
}

class TranscriptReader {
  readonly #startedAtMs: number;
  readonly #decoder = new TextDecoder();
  readonly #parser: EventSourceParser;
  readonly #chunks: Chunk[] = [];
  #text = '';
  #done = false;
  #malformed = 0;

  constructor(startedAtMs: number) {
    this.#startedAtMs = startedAtMs;
    this.#parser = createParser({
      onEvent: (event) => this.#take(event),
      onError: () => {
        this.#malformed++;
      },
    });
  }

  feed(part: Uint8Array): void {
    this.#feedText(this.#decoder.decode(part, { stream: true }));
  }

  finish(end: Transcript['end']): { transcript: Transcript; text: string } {
    // The last piece of a body that broke off stays unread, as in the official clients.
    if (end === 'eof') {
      this.#feedText(this.#decoder.decode());
      this.#parser.feed('\n\n');
    }
    const transcript = {
      chunks: this.#chunks,
      done: this.#done,
      end,
      malformed: this.#malformed,
      firstChunkMs: this.#chunks[0]?.atMs ?? null,
      totalMs: this.#elapsedMs(),
    };
    return { transcript, text: this.#text };
  }

  #feedText(text: string): void {
    if (text === '') return;
    this.#text += text;
    this.#parser.feed(text);
  }

  #take(event: EventSourceMessage): void {
    if (isDone(event.data)) {
      this.#done = true;
      return;
    }
    this.#chunks.push({
      json: parseJson(event.data),
      data: event.data.slice(0, DATA_LIMIT),
      event: event.event ?? '',
      atMs: this.#elapsedMs(),
    });
  }

  #elapsedMs(): number {
    return performance.now() - this.#startedAtMs;
  }
}

/** The first error inside the stream, under HTTP 200; null where there is none. */
export function errorInside({ chunks }: Transcript): Refusal | null {
  for (const { json, data, event } of chunks) {
    const error = errorInEvent(eventName(event, json), json, data);
    if (error !== null) return error.refusal;
  }
  return null;
}
