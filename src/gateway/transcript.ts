import { createParser, type EventSourceMessage, type EventSourceParser } from 'eventsource-parser';
import { classify, type Refusal } from './errors.ts';
import { field, isRecord, listField, numberField, parseJson, textField } from './json.ts';
import { readUsage, type Usage } from './usage.ts';

/** One `data:` payload of an event stream. */
export interface Chunk {
  /** Parsed payload, or `undefined` where it is not JSON. */
  readonly json: unknown;
  /** The payload as it came (at most 16 KiB). */
  readonly data: string;
  /** `event:` field, e.g. `response.completed`; `''` where none was given. */
  readonly event: string;
  /** Milliseconds from sending the request to the arrival of the last byte of this chunk. */
  readonly atMs: number;
}

/** A whole event stream, as it was received. */
export interface Transcript {
  readonly chunks: readonly Chunk[];
  /** Whether `data: [DONE]` arrived. */
  readonly done: boolean;
  /** `eof`: the body ended in order; `cut`: the socket died or the chunked body was incomplete; `deadline`. */
  readonly end: 'eof' | 'cut' | 'deadline';
  /** Comment lines (keep-alives), and bytes that are no valid event-stream field. */
  readonly comments: number;
  readonly malformed: number;
  /** Arrival of the first chunk and of the end of the stream, in milliseconds from sending. */
  readonly firstChunkMs: number | null;
  readonly totalMs: number;
}

/** What is kept of one payload's text; its JSON is whole. */
const DATA_LIMIT = 16 * 1024;

export interface ReadOptions {
  /** `performance.now()` at the sending of the request; times count from here. */
  readonly startedAtMs: number;
  /** Reading stops beyond so many bytes. */
  readonly limitBytes: number;
  /** Aborted by the request's deadline; tells a deadline from a socket that died. */
  readonly signal?: AbortSignal;
}

export interface ReadStream {
  readonly transcript: Transcript;
  /** All that arrived, as text. */
  readonly text: string;
  /** Whether the stream went on beyond the limit; its `end` is `cut` then. */
  readonly overflow: boolean;
}

/**
 * Reads an event stream to its end, whatever that is: never throws, a stream that breaks off is a transcript
 * that says so. Follows the event stream format of the HTML standard (comments, several `data:` lines, CR,
 * LF, CRLF, byte order mark), with one addition: a last event without its blank line counts when the body
 * ended in order, because many gateways end with a bare `data: [DONE]`.
 */
export async function readTranscript(
  body: AsyncIterable<Uint8Array>,
  options: ReadOptions,
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
  #comments = 0;
  #malformed = 0;

  constructor(startedAtMs: number) {
    this.#startedAtMs = startedAtMs;
    this.#parser = createParser({
      onEvent: (event) => this.#take(event),
      onComment: () => {
        this.#comments++;
      },
      onError: () => {
        this.#malformed++;
      },
    });
  }

  feed(part: Uint8Array): void {
    this.#feedText(this.#decoder.decode(part, { stream: true }));
  }

  finish(end: Transcript['end']): { transcript: Transcript; text: string } {
    // A body that broke off keeps its last piece unread, as the official clients do.
    if (end === 'eof') {
      this.#feedText(this.#decoder.decode());
      this.#parser.feed('\n\n');
    }
    const transcript = {
      chunks: this.#chunks,
      done: this.#done,
      end,
      comments: this.#comments,
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
    if (event.data.trim() === '[DONE]') {
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

/** A tool call put together from the pieces of a stream, with what is odd about them. */
export interface StreamedToolCall {
  readonly id: string | null;
  readonly name: string | null;
  /** The pieces of `arguments` joined; JSON when all is well. */
  readonly arguments: string;
  /** Whether every piece came with its `index`; clients cannot put together pieces without one. */
  readonly indexed: boolean;
  /** Whether every piece of `arguments` was text, as it must be; an object was written out as JSON. */
  readonly argumentsAreText: boolean;
}

/** What a streamed chat completion says, chunk by chunk, of its first choice. */
export interface ChatStream {
  readonly text: string;
  /** Every `finish_reason` in its order. */
  readonly finishReasons: readonly string[];
  /** Distinct `id` and `model` values, in the order of their first appearance. */
  readonly ids: readonly string[];
  readonly models: readonly string[];
  /** One entry for each chunk that carries a usage, zeros included. */
  readonly usageChunks: readonly Usage[];
  readonly toolCalls: readonly StreamedToolCall[];
  /** Chunks whose delta names a role; one is usual. */
  readonly roleChunks: number;
  /** Payloads that are no JSON. */
  readonly unreadable: number;
  /** The first error inside the stream, which arrives under HTTP 200. */
  readonly error: Refusal | null;
}

/** Reads a transcript as a streamed chat completion; pure, and patient with every oddity. */
export function chatStream(transcript: Transcript): ChatStream {
  const chunks = transcript.chunks.map((chunk) => chunk.json);
  const choices = chunks.flatMap((json) => listField(json, 'choices').slice(0, 1));
  const deltas = choices.map((choice) => field(choice, 'delta'));
  return {
    text: deltas.map((delta) => textOf(delta, 'content')).join(''),
    finishReasons: choices.flatMap((choice) => textField(choice, 'finish_reason') ?? []),
    ids: distinct(chunks.flatMap((json) => textField(json, 'id') ?? [])),
    models: distinct(chunks.flatMap((json) => textField(json, 'model') ?? [])),
    usageChunks: chunks.flatMap((json) => readUsage(json) ?? []),
    toolCalls: assembleToolCalls(deltas.flatMap((delta) => listField(delta, 'tool_calls'))),
    roleChunks: deltas.filter((delta) => textField(delta, 'role') !== null).length,
    unreadable: chunks.filter((json) => json === undefined).length,
    error: firstError(transcript),
  };
}

/** What a streamed response (`/responses`) says. */
export interface ResponsesStream {
  readonly text: string;
  /** `response.completed`, `response.incomplete`, `response.failed` or `error`; null when none arrived. */
  readonly terminalEvent: string | null;
  readonly usage: Usage | null;
  readonly error: Refusal | null;
}

const TERMINAL_EVENTS: ReadonlySet<string> = new Set([
  'response.completed',
  'response.incomplete',
  'response.failed',
  'error',
]);

/** Reads a transcript as a streamed response. An event's name may stand in `event:` or in its `type`. */
export function responsesStream(transcript: Transcript): ResponsesStream {
  const events = transcript.chunks.map(({ event, json }) => ({
    name: event || (textField(json, 'type') ?? ''),
    json,
  }));
  const terminal = events.find(({ name }) => TERMINAL_EVENTS.has(name));
  return {
    text: events
      .flatMap(({ name, json }) => (name === 'response.output_text.delta' ? textOf(json, 'delta') : []))
      .join(''),
    terminalEvent: terminal?.name ?? null,
    usage: readUsage(terminal?.json),
    error: firstError(transcript),
  };
}

function firstError(transcript: Transcript): Refusal | null {
  for (const { json, data, event } of transcript.chunks) {
    // A failed response carries its error inside; the event `error` is the error itself.
    const body = event === 'error' && isRecord(json) && !json.error ? { error: json } : json;
    const error = field(body, 'error') ?? field(field(body, 'response'), 'error');
    if (error) return classify({ status: 200, headers: {}, text: data, json: { error } });
  }
  return null;
}

function assembleToolCalls(pieces: readonly unknown[]): StreamedToolCall[] {
  const calls = new Map<number, unknown[]>();
  for (const piece of pieces) {
    // Without an index, a piece with an id begins a new call and one without continues the last.
    const guessed = textField(piece, 'id') === null ? Math.max(calls.size - 1, 0) : calls.size;
    const index = numberField(piece, 'index') ?? guessed;
    calls.set(index, [...(calls.get(index) ?? []), piece]);
  }
  return [...calls.values()].map(assembleToolCall);
}

function assembleToolCall(pieces: readonly unknown[]): StreamedToolCall {
  const functions = pieces.map((piece) => field(piece, 'function'));
  const given = functions
    .map((each) => field(each, 'arguments'))
    .filter((each) => each !== undefined && each !== null);
  return {
    id: pieces.map((piece) => textField(piece, 'id')).find((id) => id !== null) ?? null,
    name: functions.map((each) => textField(each, 'name')).find((name) => name !== null) ?? null,
    arguments: given.map((each) => (typeof each === 'string' ? each : JSON.stringify(each))).join(''),
    indexed: pieces.every((piece) => numberField(piece, 'index') !== null),
    argumentsAreText: given.every((each) => typeof each === 'string'),
  };
}

/** Text as it stands, blanks and line breaks included. */
function textOf(value: unknown, name: string): string {
  const found = field(value, name);
  return typeof found === 'string' ? found : '';
}

function distinct(values: readonly string[]): string[] {
  return [...new Set(values)];
}
