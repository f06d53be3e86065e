/** Reads an answer while it passes through: tokens, ending and errors, without holding the answer up or keeping it. */
import type { Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, constants as zlib } from 'node:zlib';
import { createParser } from 'eventsource-parser';
import {
  costIn,
  endsOf,
  finishOfResponse,
  isDelta,
  isEmpty,
  reportedCost,
  saysSomething,
  TERMINAL_EVENTS,
} from './completion-facts.ts';
import { classify, refusalOf } from './errors.ts';
import { beginsLikeEventStream, errorInEvent, eventName, isDone } from './event-stream.ts';
import { brokenOff, clientLeft, failedMidway, unfinished } from './incomplete.ts';
import { field, listField, parseJson, textField } from './json.ts';
import type { Profile } from './profiles/profile.ts';
import type { Refusal } from './refusal.ts';
import { findRequestId } from './request-id.ts';
import { readUsage, type Usage } from './usage.ts';

/** What an answer turned out to be. */
export interface ResponseFacts {
  readonly usage: Usage | null;
  /** What the endpoint itself says that the request cost. */
  readonly reportedCostUsd: number | null;
  /** The model that answered, by the answer's own word. */
  readonly model: string | null;
  readonly finishReason: string | null;
  /** Whether the answer holds neither text nor a tool call; null where it is no answer of a model. */
  readonly empty: boolean | null;
  /** Arrival of the first piece of output of a stream, in milliseconds from sending. */
  readonly firstTokenMs: number | null;
  /** Why it is no success; null when it is one. */
  readonly refusal: Refusal | null;
  readonly requestId: string | null;
}

export interface ResponseHead {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

/** How the body ended: in order, by a broken connection, or because the client left. */
export type Ending = 'complete' | 'broken' | 'left';

/** A whole JSON body is kept up to here; of a longer one its two ends, where model and usage stand. */
const KEPT_BYTES = 2 * 1024 * 1024;
const KEPT_END_BYTES = 64 * 1024;

/** Reads one answer. Feed it every piece of the body as it arrives, still compressed; it never throws. */
export class ResponseReader {
  readonly #head: ResponseHead;
  readonly #profile: Profile | null;
  readonly #decoder: Transform | null;
  readonly #decoded: Promise<void>;
  #body: BodyReader | null = null;
  readonly #startedAtMs: number;

  /** @param startedAtMs `performance.now()` at the sending of the request */
  constructor(head: ResponseHead, startedAtMs: number, profile: Profile | null) {
    this.#head = head;
    this.#profile = profile;
    this.#startedAtMs = startedAtMs;
    this.#decoder = decoderFor(head.headers['content-encoding'] ?? '');
    this.#decoded = this.#decoder === null ? Promise.resolve() : this.#readDecoded(this.#decoder);
  }

  feed(piece: Uint8Array): void {
    if (this.#decoder === null) this.#take(piece);
    else this.#decoder.write(piece);
  }

  /** Call it once, when no more will come. */
  async end(ending: Ending): Promise<ResponseFacts> {
    this.#decoder?.end();
    await this.#decoded;
    const body = this.#body ?? new JsonBody();
    return body.finish(this.#head, ending, this.#profile);
  }

  #take(piece: Uint8Array): void {
    this.#body ??= isEventStream(this.#head, piece) ? new StreamBody(this.#startedAtMs) : new JsonBody();
    this.#body.feed(piece);
  }

  async #readDecoded(decoder: Transform): Promise<void> {
    try {
      for await (const piece of decoder) this.#take(piece);
    } catch {
      // A body that does not decompress says nothing: it has neither usage nor an ending.
    }
  }
}

interface BodyReader {
  feed(piece: Uint8Array): void;
  finish(head: ResponseHead, ending: Ending, profile: Profile | null): ResponseFacts;
}

/** One JSON value, or anything else that is no event stream. */
class JsonBody implements BodyReader {
  readonly #pieces: Uint8Array[] = [];
  #bytes = 0;
  #tail = Buffer.alloc(0);

  feed(piece: Uint8Array): void {
    if (this.#bytes < KEPT_BYTES) this.#pieces.push(piece);
    else this.#tail = Buffer.concat([this.#tail, piece]).subarray(-KEPT_END_BYTES);
    this.#bytes += piece.byteLength;
  }

  finish(head: ResponseHead, ending: Ending, profile: Profile | null): ResponseFacts {
    const text = Buffer.concat(this.#pieces).toString();
    const whole = this.#tail.length === 0;
    const json = whole ? parseJson(text) : endsOf(text.slice(0, KEPT_END_BYTES), this.#tail.toString());
    const choice = listField(json, 'choices')[0];
    return {
      usage: readUsage(json),
      reportedCostUsd: reportedCost(head.headers, json),
      model: textField(json, 'model'),
      finishReason: textField(choice, 'finish_reason') ?? finishOfResponse(json),
      empty: isEmpty(json),
      firstTokenMs: null,
      refusal: refusalOfBody({ ...head, text, json }, ending, profile),
      requestId: findRequestId(head.headers, json, text, profile)?.value ?? null,
    };
  }
}

/** An event stream of chat completions, completions or responses. */
class StreamBody implements BodyReader {
  readonly #startedAtMs: number;
  readonly #decoder = new TextDecoder();
  readonly #parser = createParser({ onEvent: ({ event, data }) => this.#take(event ?? '', data) });
  #usage: Usage | null = null;
  #costUsd: number | null = null;
  #model: string | null = null;
  #finishReason: string | null = null;
  #firstTokenMs: number | null = null;
  #ofAModel = false;
  #done = false;
  #spoken: unknown;
  #refusal: Refusal | null = null;

  constructor(startedAtMs: number) {
    this.#startedAtMs = startedAtMs;
  }

  feed(piece: Uint8Array): void {
    this.#parser.feed(this.#decoder.decode(piece, { stream: true }));
  }

  finish(head: ResponseHead, ending: Ending, profile: Profile | null): ResponseFacts {
    // Many gateways end with a bare `data: [DONE]`; a body that broke off keeps its last piece unread.
    if (ending === 'complete') this.#parser.feed('\n\n');
    return {
      usage: this.#usage,
      reportedCostUsd: this.#costUsd ?? reportedCost(head.headers, undefined),
      model: this.#model,
      finishReason: this.#finishReason,
      empty: this.#ofAModel ? this.#firstTokenMs === null : null,
      firstTokenMs: this.#firstTokenMs,
      refusal:
        this.#refusal ?? (head.status >= 400 ? classify(this.#parts(head), profile) : this.#cutShort(ending)),
      requestId: findRequestId(head.headers, this.#spoken, '', profile)?.value ?? null,
    };
  }

  #parts(head: ResponseHead) {
    return { ...head, text: '', json: this.#spoken };
  }

  /** A stream is whole when it said why it ended; until `[DONE]`, a broken connection may have kept something back. */
  #cutShort(ending: Ending): Refusal | null {
    if (ending === 'broken' && !this.#done) return brokenOff();
    if (this.#finishReason === 'error') return failedMidway();
    if (!this.#ofAModel || this.#finishReason !== null) return null;
    return ending === 'left' ? clientLeft() : unfinished();
  }

  #take(event: string, data: string): void {
    if (isDone(data)) {
      this.#done = true;
      return;
    }
    const json = parseJson(data);
    const name = eventName(event, json);
    const error = errorInEvent(name, json, data);
    if (error !== null) {
      this.#spoken ??= error.body;
      this.#refusal ??= error.refusal;
    }
    const choices = listField(json, 'choices');
    const terminal = TERMINAL_EVENTS[name];
    this.#ofAModel ||= choices.length > 0 || name.startsWith('response.');
    if (terminal !== undefined) this.#done = true;
    this.#finishReason = textField(choices[0], 'finish_reason') ?? terminal ?? this.#finishReason;
    this.#model = textField(json, 'model') ?? textField(field(json, 'response'), 'model') ?? this.#model;
    this.#usage = readUsage(json) ?? this.#usage;
    this.#costUsd = costIn(json) ?? this.#costUsd;
    if (this.#firstTokenMs === null && (choices.some(saysSomething) || isDelta(name, json))) {
      this.#firstTokenMs = performance.now() - this.#startedAtMs;
    }
  }
}

function decoderFor(encoding: string): Transform | null {
  const flush = { flush: zlib.Z_SYNC_FLUSH, finishFlush: zlib.Z_SYNC_FLUSH };
  switch (encoding.trim().toLowerCase()) {
    case 'gzip':
    case 'x-gzip':
      return createGunzip(flush);
    case 'deflate':
      return createInflate(flush);
    case 'br':
      return createBrotliDecompress({
        flush: zlib.BROTLI_OPERATION_FLUSH,
        finishFlush: zlib.BROTLI_OPERATION_FLUSH,
      });
    default:
      return null;
  }
}

function isEventStream({ headers }: ResponseHead, first: Uint8Array): boolean {
  return /^\s*text\/event-stream\b/i.test(headers['content-type'] ?? '') || beginsLikeEventStream(first);
}

function refusalOfBody(
  answer: ResponseHead & { readonly text: string; readonly json: unknown },
  ending: Ending,
  profile: Profile | null,
): Refusal | null {
  if (ending !== 'complete') return ending === 'left' ? clientLeft() : brokenOff();
  // Speech, files and deletions are answered by something other than JSON, or by nothing.
  const type = answer.headers['content-type'] ?? '';
  const claimsJson = type === '' || /json|text\/html/i.test(type);
  const served = answer.status >= 200 && answer.status < 300;
  if (served && (!claimsJson || answer.text === '')) return null;
  const failed = field(listField(answer.json, 'choices')[0], 'finish_reason') === 'error';
  return refusalOf(answer, profile) ?? (failed ? failedMidway() : null);
}
