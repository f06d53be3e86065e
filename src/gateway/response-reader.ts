/** Reads a response while it is passed on: tokens, ending and errors, without delaying or keeping it. */
import { createParser } from 'eventsource-parser';
import { type Asked, generates, messageDefect, notAnAnswer, unreadable } from './answer.ts';
import { type AnswerContent, contentOf, contentOfEvents } from './answer-content.ts';
import {
  costIn,
  endsOf,
  finishOfResponse,
  hasAnswer,
  hasOutput,
  isDelta,
  isEmpty,
  reportedCost,
  TERMINAL_EVENTS,
} from './completion-facts.ts';
import { classify, type ResponseParts, refusalOf } from './errors.ts';
import { beginsLikeEventStream, errorInEvent, eventName, isDone } from './event-stream.ts';
import {
  BROKEN_OFF,
  CLIENT_LEFT,
  failedMidway,
  finishReasonOf,
  tooLong,
  UNDECODED,
  UNFINISHED,
} from './incomplete.ts';
import { field, isRecord, listField, parseJson, textField } from './json.ts';
import type { Profile } from './profiles/profile.ts';
import type { Refusal } from './refusal.ts';
import { findRequestId } from './request-id.ts';
import { readUsage, type Usage } from './usage.ts';

/** What is known of a response once it has ended. */
export interface ResponseFacts {
  /** Null where it tells none, or 0 tokens beside content. */
  readonly usage: Usage | null;
  readonly reportedCostUsd: number | null;
  /** The model that the response names. */
  readonly model: string | null;
  readonly finishReason: string | null;
  /** Whether a completion has neither text nor a tool call; null where the response is not a completion. */
  readonly empty: boolean | null;
  /** When the first output of a stream arrived, in milliseconds from sending. */
  readonly firstTokenMs: number | null;
  /** Why it failed; null when it succeeded. */
  readonly refusal: Refusal | null;
  readonly requestId: string | null;
  /** What it says; null where that is not kept, where it failed, and where nothing is generated. */
  readonly content: AnswerContent | null;
}

export type ResponseHead = Pick<ResponseParts, 'status' | 'headers'>;

/** How the body ended: in order, with a broken connection or compression, or because the client disconnected. */
export type Ending = 'complete' | 'broken' | 'undecodable' | 'left';

/** Longer JSON bodies are not kept whole: only their two ends are, which hold model and usage. */
const KEPT_BYTES = 2 * 1024 * 1024;
const KEPT_END_BYTES = 64 * 1024;

/** A longer line of a stream is not kept, and nothing after it is read. */
const LINE_LIMIT_MB = 16;

/** Reads one response. Feed it every piece of the body as it arrives, decompressed; it never throws. */
export class ResponseReader {
  readonly #about: About;
  #body: JsonBody | StreamBody | null = null;

  /** @param startedAtMs `performance.now()` at the sending of the request */
  constructor(head: ResponseHead, startedAtMs: number, profile: Profile | null, asked: Asked = UNKNOWN) {
    this.#about = { head, startedAtMs, profile, asked };
  }

  feed(piece: Uint8Array): void {
    this.#body ??= isEventStream(this.#about.head, piece)
      ? new StreamBody(this.#about)
      : new JsonBody(this.#about);
    this.#body.feed(piece);
  }

  /** Call it once, after the last piece. */
  end(ending: Ending): ResponseFacts {
    const { usage, content, ...facts } = (this.#body ?? new JsonBody(this.#about)).finish(ending);
    // A gateway that reports 0 tokens for a response with content does not count tokens.
    const isCounted = usage !== null && (usage.input + usage.output > 0 || facts.empty !== false);
    return { ...facts, usage: isCounted ? usage : null, content: facts.refusal === null ? content : null };
  }
}

/** What is known of a response before its body. */
interface About {
  readonly head: ResponseHead;
  readonly startedAtMs: number;
  readonly profile: Profile | null;
  readonly asked: Asked;
}

/** Any body is then an answer that is not an error. */
const UNKNOWN: Asked = { method: '', path: '', streams: false };

/** One JSON value, or anything else that is not an event stream. */
class JsonBody {
  readonly #about: About;
  readonly #pieces: Uint8Array[] = [];
  #bytes = 0;
  #tail = Buffer.alloc(0);

  constructor(about: About) {
    this.#about = about;
  }

  feed(piece: Uint8Array): void {
    if (this.#bytes < KEPT_BYTES) this.#pieces.push(piece);
    else this.#tail = Buffer.concat([this.#tail, piece]).subarray(-KEPT_END_BYTES);
    this.#bytes += piece.byteLength;
  }

  finish(ending: Ending): ResponseFacts {
    const { head, profile, asked } = this.#about;
    const text = Buffer.concat(this.#pieces).toString();
    const whole = this.#tail.length === 0;
    const json = whole ? parseJson(text) : endsOf(text.slice(0, KEPT_END_BYTES), this.#tail.toString());
    const choice = listField(json, 'choices')[0];
    return {
      usage: readUsage(json),
      reportedCostUsd: reportedCost(head.headers, json),
      model: textField(json, 'model'),
      finishReason: finishReasonOf(choice) ?? finishOfResponse(json),
      empty: isEmpty(json),
      firstTokenMs: null,
      refusal: refusalOfBody({ ...head, text, json }, ending, profile, whole ? asked : UNKNOWN),
      requestId: findRequestId(head.headers, json, text, profile)?.value ?? null,
      content: asked.keepsContent ? contentOf(json) : null,
    };
  }
}

/** An event stream of chat completions, completions or responses. */
class StreamBody {
  readonly #about: About;
  readonly #decoder = new TextDecoder();
  readonly #parser = createParser({
    onEvent: ({ event, data }) => this.#take(event ?? '', data),
    onError: ({ type }) => {
      this.#isTooLong ||= type === 'max-buffer-size-exceeded';
    },
    maxBufferSize: LINE_LIMIT_MB * 1024 * 1024,
  });
  #usage: Usage | null = null;
  #costUsd: number | null = null;
  #model: string | null = null;
  #finishReason: string | null = null;
  #firstTokenMs: number | null = null;
  #isCompletion = false;
  #isAnswered = false;
  #done = false;
  #isTooLong = false;
  /** An event is not JSON: the official clients parse every one, and throw. */
  #isBroken = false;
  #errorBody: unknown;
  #refusal: Refusal | null = null;
  /** Null where they are not kept, or too large. */
  #events: unknown[] | null;
  #bytes = 0;

  constructor(about: About) {
    this.#about = about;
    this.#events = about.asked.keepsContent ? [] : null;
  }

  feed(piece: Uint8Array): void {
    if (!this.#isTooLong) this.#parser.feed(this.#decoder.decode(piece, { stream: true }));
  }

  finish(ending: Ending): ResponseFacts {
    const { head, profile, asked } = this.#about;
    this.#isCompletion ||= head.status < 300 && generates(asked);
    // Many gateways end with a bare `data: [DONE]`. The last piece of a body that broke off stays unread.
    if (ending === 'complete' && !this.#isTooLong) this.#parser.feed('\n\n');
    return {
      usage: this.#usage,
      reportedCostUsd: this.#costUsd ?? reportedCost(head.headers, undefined),
      model: this.#model,
      finishReason: this.#finishReason,
      empty: this.#isCompletion ? !this.#isAnswered : null,
      firstTokenMs: this.#firstTokenMs,
      refusal:
        this.#refusal ??
        (head.status >= 400
          ? classify({ ...head, text: '', json: this.#errorBody }, profile)
          : this.#cutShort(ending)),
      requestId: findRequestId(head.headers, this.#errorBody, '', profile)?.value ?? null,
      content: this.#events && contentOfEvents(this.#events),
    };
  }

  /** A stream is complete when it has a finish reason; a connection that breaks before `[DONE]` may have lost data. */
  #cutShort(ending: Ending): Refusal | null {
    if (this.#isTooLong) return tooLong(`a line of the stream is longer than ${LINE_LIMIT_MB} MB`);
    if (ending === 'undecodable') return UNDECODED;
    if (ending === 'broken' && !this.#done) return BROKEN_OFF;
    const failed = failedMidway(this.#finishReason);
    if (failed !== null || !this.#isCompletion) return failed;
    if (this.#finishReason !== null) return this.#isBroken ? unreadable('an event is not JSON') : null;
    return ending === 'left' ? CLIENT_LEFT : UNFINISHED;
  }

  #take(event: string, data: string): void {
    if (isDone(data)) {
      this.#done = true;
      return;
    }
    const json = parseJson(data);
    this.#isBroken ||= json === undefined;
    this.#bytes += data.length;
    if (this.#bytes > KEPT_BYTES) this.#events = null;
    this.#events?.push(json);
    const name = eventName(event, json);
    const error = errorInEvent(name, json, data);
    if (error !== null) {
      this.#errorBody ??= error.body;
      this.#refusal ??= error.refusal;
    }
    const choices = listField(json, 'choices');
    const delta = field(choices[0], 'delta');
    const defect = isRecord(delta) ? messageDefect(delta) : null;
    if (defect !== null) this.#refusal ??= unreadable(defect);
    const terminal =
      TERMINAL_EVENTS[name] && (finishOfResponse(field(json, 'response')) ?? TERMINAL_EVENTS[name]);
    this.#isCompletion ||= choices.length > 0 || name.startsWith('response.');
    if (terminal !== undefined) this.#done = true;
    this.#finishReason = finishReasonOf(choices[0]) ?? terminal ?? this.#finishReason;
    this.#model = textField(json, 'model') ?? textField(field(json, 'response'), 'model') ?? this.#model;
    this.#usage = readUsage(json) ?? this.#usage;
    this.#costUsd = costIn(json) ?? this.#costUsd;
    const isPiece = isDelta(name, json);
    this.#isAnswered ||= choices.some(hasAnswer) || (isPiece && !name.includes('reasoning'));
    if (this.#firstTokenMs === null && (isPiece || choices.some(hasOutput))) {
      this.#firstTokenMs = performance.now() - this.#about.startedAtMs;
    }
  }
}

function isEventStream({ headers }: ResponseHead, first: Uint8Array): boolean {
  return /^\s*text\/event-stream\b/i.test(headers['content-type'] ?? '') || beginsLikeEventStream(first);
}

function refusalOfBody(
  response: ResponseParts,
  ending: Ending,
  profile: Profile | null,
  asked: Asked,
): Refusal | null {
  if (ending === 'left') return CLIENT_LEFT;
  if (ending === 'broken') return BROKEN_OFF;
  // Speech, files and deletions bring something other than JSON, or nothing.
  const type = response.headers['content-type'] ?? '';
  const claimsJson = type === '' || /json|text\/html/i.test(type);
  const served = response.status >= 200 && response.status < 300;
  if (served && ending === 'undecodable') return UNDECODED;
  const isEmpty = response.text === '';
  const refusal = served && (!claimsJson || isEmpty) ? null : refusalOf(response, profile);
  return refusal ?? notAnAnswer(asked, response.json);
}
