/** One request of the program, as it passes through the recorder. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Arm } from '../../config/arms.ts';
import { compressedTo, decoded, UndecodableBody } from '../../gateway/content-coding.ts';
import { classify, classifyNoResponse } from '../../gateway/errors.ts';
import { type EndpointAccess, type Forwarder, responseHeaders } from '../../gateway/forward.ts';
import { BROKEN_OFF, CLIENT_LEFT, UNDECODED } from '../../gateway/incomplete.ts';
import { parseJson } from '../../gateway/json.ts';
import { noResponse } from '../../gateway/no-response.ts';
import type { Refusal } from '../../gateway/refusal.ts';
import { findRequestId } from '../../gateway/request-id.ts';
import { type Ending, ResponseReader } from '../../gateway/response-reader.ts';
import { type AttemptFacts, NO_RESPONSE, type RecordedAttempt, recordAttempt } from './attempt.ts';
import { askedBy, type ClientRequest, readClientRequest, singleHeaders } from './client-request.ts';
import { Cut } from './cut.ts';
import { type Fault, type FaultAction, faultAt, refusalOfFault } from './fault.ts';
import { KeySwap, type SecretForms } from './key-swap.ts';
import type { Platform } from './platform.ts';
import { isCopyable, type Shadow } from './shadow.ts';
import type { TaskAttempt, TaskTracker } from './task-tracker.ts';
import { TOO_LARGE, type TurnAway, turnAway, UNDECODABLE } from './turn-away.ts';

/** What all requests of a recorder share. */
export interface RecorderContext {
  readonly arm: Arm;
  /** The real address, and the real key. */
  readonly access: EndpointAccess;
  /** What the program must not see. */
  readonly secrets: SecretForms;
  /** Path of the base URL, without a slash at its end. */
  readonly basePath: string;
  readonly forwarder: Forwarder;
  readonly tasks: TaskTracker;
  readonly platform: Platform;
  readonly faults: readonly Fault[];
  /** Aborted when the recorder stops waiting. */
  readonly ending: AbortSignal;
  /** Called when an attempt is over. */
  readonly onAttempt: (attempt: RecordedAttempt) => void;
  /** Called before the client learns that the request with this ID failed. */
  readonly onFailedId: (id: string) => void;
  /** What gets copies of the requests that have no effect but their answer. */
  readonly shadows: readonly Shadow[];
}

/** How an attempt ended. */
type ProxyOutcome = Pick<AttemptFacts, 'status' | 'response' | 'sentOn'>;

/** Reads the request, applies its fault, forwards it, returns the response, and writes the record. */
export class ProxiedRequest {
  readonly #context: RecorderContext;
  /** Counted from 1. */
  readonly #number: number;
  readonly #fault: Fault | null;
  readonly #outgoing: ServerResponse;
  /** Where the body is written: to the response, or to what compresses it again. */
  #sink: Writable;
  readonly #swap: KeySwap;
  readonly #startedAt = Date.now();
  readonly #startedMs = performance.now();
  /** When the client got its response or its failure; a response that a fault withholds may continue after that. */
  #endedMs: number | null = null;
  /** Aborted when the client disconnects before its response is complete. */
  readonly #disconnected = new AbortController();

  constructor(context: RecorderContext, number: number, outgoing: ServerResponse) {
    this.#context = context;
    this.#number = number;
    this.#fault = faultAt(context.faults, number);
    this.#outgoing = outgoing;
    this.#sink = outgoing;
    this.#swap = new KeySwap(context.secrets);
    outgoing.sendDate = false;
    outgoing.on('error', () => outgoing.destroy());
    outgoing.once('close', () => {
      if (!outgoing.writableFinished) this.#disconnected.abort();
    });
  }

  /** Never throws: anything that goes wrong is an outcome. */
  async run(incoming: IncomingMessage): Promise<void> {
    let client: ClientRequest;
    try {
      client = await readClientRequest(incoming, this.#context.basePath);
    } catch {
      // The client disconnected before its request was complete: there is nothing to record.
      this.#outgoing.destroy();
      return;
    }
    const attempt = this.#context.tasks.begin({ ...client.arrival, atMs: this.#startedMs });
    const { shadows } = this.#context;
    const responding = this.#respond(client, attempt);
    if (shadows.length > 0 && !client.isTooLarge && isCopyable(client)) {
      const answer = responding.then(({ response }) => response.content);
      for (const shadow of shadows) shadow.copy({ client, attempt, request: this.#number, answer });
    }
    const outcome = await responding;
    this.#settle(attempt, outcome.response.refusal !== null);
    const { requestId, refusal } = outcome.response;
    if (refusal !== null && requestId !== null) this.#context.onFailedId(requestId);
    const { arm, onAttempt } = this.#context;
    onAttempt(
      recordAttempt({
        ...outcome,
        arm,
        request: this.#number,
        client,
        attempt,
        fault: this.#fault,
        startedAt: this.#startedAt,
        durationMs: (this.#endedMs ?? performance.now()) - this.#startedMs,
      }),
    );
  }

  async #respond(client: ClientRequest, attempt: TaskAttempt): Promise<ProxyOutcome> {
    if (client.isTooLarge) return { ...(await this.#turnAway(TOO_LARGE, attempt)), sentOn: false };
    if (this.#fault === null) return this.#pass(client, attempt);
    const { action } = this.#fault;
    if (action.kind === 'refuse') return this.#refuse(action, attempt);
    if (action.kind === 'stall') return this.#stall(action.ms, client, attempt);
    return this.#spoil(action, client, attempt);
  }

  /** The client knows how its attempt ended, and may retry. */
  #settle(attempt: TaskAttempt, failed: boolean): void {
    if (this.#endedMs !== null) return;
    this.#endedMs = performance.now();
    if (failed) this.#context.tasks.failed(attempt.task, this.#endedMs);
    else this.#context.tasks.succeeded(attempt.task);
  }

  async #refuse(
    action: Extract<FaultAction, { kind: 'refuse' }>,
    attempt: TaskAttempt,
  ): Promise<ProxyOutcome> {
    const { profile } = this.#context.platform;
    const id = `req_${randomBytes(12).toString('hex')}`;
    const { status, headers, body } = refusalOfFault(action, profile, id);
    const json = parseJson(body);
    const requestId = findRequestId(headers, json, body, profile)?.value ?? null;
    if (requestId !== null) this.#context.onFailedId(requestId);
    this.#settle(attempt, true);
    this.#outgoing.writeHead(status, { ...headers });
    await this.#finish(body);
    const refusal = classify({ status, headers, text: body, json }, profile);
    return { status, response: { ...NO_RESPONSE, refusal, requestId }, sentOn: false };
  }

  async #turnAway(reason: TurnAway, attempt: TaskAttempt): Promise<Omit<ProxyOutcome, 'sentOn'>> {
    this.#settle(attempt, true);
    const { status, body } = turnAway(reason, this.#outgoing);
    await this.#finish('');
    const refusal = classify({ status, headers: {}, text: '', json: body }, null);
    return { status, response: { ...NO_RESPONSE, refusal } };
  }

  async #stall(ms: number, client: ClientRequest, attempt: TaskAttempt): Promise<ProxyOutcome> {
    const { signal } = this.#disconnected;
    await sleep(ms, undefined, { signal }).catch(() => undefined);
    if (!signal.aborted) return this.#pass(client, attempt);
    this.#outgoing.destroy();
    return { status: 0, response: { ...NO_RESPONSE, refusal: CLIENT_LEFT }, sentOn: false };
  }

  /** Forwards the request, and returns the response as it comes. When the client disconnects, the request is aborted. */
  async #pass(client: ClientRequest, attempt: TaskAttempt): Promise<ProxyOutcome> {
    const sent = await this.#send(client, this.#disconnected.signal);
    if (sent instanceof Error) return this.#noResponse(sent, attempt);
    const { incoming, body, reader, head } = sent;
    // Before the client can know it, and retry.
    if (head.status >= 400) this.#context.tasks.failed(attempt.task, performance.now());
    let ending: Ending = 'complete';
    try {
      this.#writeHead(incoming);
      for await (const piece of body) {
        const hasRoom = this.#sink.write(this.#swap.take(piece));
        reader.feed(piece);
        if (!hasRoom) await once(this.#sink, 'drain', { signal: this.#disconnected.signal });
      }
      await this.#finish(this.#swap.rest());
      if (this.#disconnected.signal.aborted) ending = 'left';
    } catch (error) {
      ending = this.#disconnected.signal.aborted ? 'left' : brokenBy(error);
      this.#outgoing.destroy();
    }
    return { status: head.status, response: reader.end(ending), sentOn: true };
  }

  /**
   * Forwards the request, but withholds the response or half of it from the client. It is still read to its end: the
   * endpoint has served it, and its tokens are spent.
   */
  async #spoil(
    action: Extract<FaultAction, { kind: 'slow' | 'cut' }>,
    client: ClientRequest,
    attempt: TaskAttempt,
  ): Promise<ProxyOutcome> {
    this.#disconnected.signal.addEventListener('abort', () => this.#settle(attempt, true), { once: true });
    const sent = await this.#send(client, this.#context.ending);
    if (sent instanceof Error) return this.#noResponse(sent, attempt);
    const { incoming, body, reader, head } = sent;
    const spoiled = action.kind === 'cut' ? BROKEN_OFF : CLIENT_LEFT;
    if (action.kind === 'slow') {
      const { signal } = this.#disconnected;
      await sleep(action.ms, undefined, { signal }).catch(() => this.#outgoing.destroy());
    }
    const cut = action.kind === 'cut' ? new Cut() : null;
    const status = this.#outgoing.destroyed ? 0 : head.status;
    let ending: Ending = 'complete';
    try {
      if (status !== 0) this.#writeHead(incoming);
      for await (const piece of body) {
        reader.feed(piece);
        const passing = this.#swap.take(piece);
        if (this.#outgoing.destroyed) continue;
        const { passes, last } = cut?.take(passing) ?? { passes: passing, last: false };
        // Waits until the bytes are sent before the connection breaks.
        await new Promise<void>((resolve) => this.#sink.write(passes, () => resolve()));
        if (last) this.#outgoing.destroy();
      }
      if (cut !== null) this.#outgoing.destroy();
      await this.#finish(this.#swap.rest());
    } catch (error) {
      ending = brokenBy(error);
      this.#outgoing.destroy();
    }
    const passed = reader.end(ending);
    const whole = cut === null && !this.#disconnected.signal.aborted;
    // The client did not see its end.
    const response = whole ? passed : { ...passed, refusal: spoiled, finishReason: null };
    return { status, response, sentOn: true };
  }

  async #send(client: ClientRequest, signal: AbortSignal) {
    const { forwarder, platform, shadows } = this.#context;
    try {
      const incoming = await forwarder.send(client.call, signal);
      const head = { status: incoming.statusCode ?? 0, headers: singleHeaders(incoming) };
      platform.recogniseFrom(head.headers);
      const { profile } = platform;
      const id = head.status >= 400 ? findRequestId(head.headers, undefined, '', profile) : null;
      if (id !== null) this.#context.onFailedId(id.value);
      const coding = head.headers['content-encoding'] ?? '';
      const plain = decoded(incoming, coding);
      const reader = new ResponseReader(head, this.#startedMs, profile, askedBy(client, shadows.length > 0));
      const body = coding === '' || isEventStream(incoming) ? plain : await begun(plain);
      return { incoming, body, head, reader };
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  /** Without a response, the client gets none either: its connection breaks. */
  async #noResponse(error: Error, attempt: TaskAttempt): Promise<ProxyOutcome> {
    if (error instanceof UndecodableBody) {
      const { status } = await this.#turnAway(UNDECODABLE, attempt);
      return { status, response: { ...NO_RESPONSE, refusal: UNDECODED }, sentOn: true };
    }
    const durationMs = performance.now() - this.#startedMs;
    const refusal: Refusal = this.#disconnected.signal.aborted
      ? CLIENT_LEFT
      : classifyNoResponse(noResponse(error, new URL(this.#context.access.baseUrl), durationMs));
    this.#outgoing.destroy();
    return { status: 0, response: { ...NO_RESPONSE, refusal }, sentOn: true };
  }

  #writeHead(incoming: IncomingMessage): void {
    const { statusCode = 502, statusMessage = '', rawHeaders, headers } = incoming;
    const coding = headers['content-encoding'] ?? '';
    const sent = responseHeaders(rawHeaders, coding === '' ? [] : ['content-length']);
    const { secrets } = this.#context;
    this.#outgoing.writeHead(
      statusCode,
      secrets.hide(statusMessage),
      sent.map((text) => secrets.hide(text)),
    );
    this.#sink = compressedTo(this.#outgoing, coding);
    // The head of a stream comes before its first piece, which may be slow.
    if (isEventStream(incoming)) this.#outgoing.flushHeaders();
  }

  /** Ends the response, and waits until it is sent or the client is gone. */
  async #finish(body: string | Buffer): Promise<void> {
    if (this.#outgoing.destroyed) return;
    await new Promise<void>((resolve) => {
      this.#outgoing.once('close', resolve).once('finish', resolve);
      this.#sink.end(body);
    });
  }
}

const isEventStream = ({ headers }: IncomingMessage): boolean =>
  /event-stream/i.test(headers['content-type'] ?? '');

/** Waits for the first piece: before the response has begun, the client can still be told what is wrong with it. */
async function begun(pieces: AsyncGenerator<Buffer>): Promise<AsyncGenerator<Buffer>> {
  const first = await pieces.next();
  return (async function* () {
    if (!first.done) yield first.value;
    yield* pieces;
  })();
}

const brokenBy = (error: unknown): Ending => (error instanceof UndecodableBody ? 'undecodable' : 'broken');
