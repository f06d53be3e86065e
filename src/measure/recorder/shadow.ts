/**
 * Sends a copy of the program's requests to other arms, at the moment at which each goes to the official API. The program
 * never sees an answer to a copy, waits for none, and no content of one is kept.
 */

import type { Arm } from '../../config/arms.ts';
import type { AnswerContent } from '../../gateway/answer-content.ts';
import { decoded } from '../../gateway/content-coding.ts';
import { classifyNoResponse } from '../../gateway/errors.ts';
import { createForwarder, type EndpointAccess, type Forwarder } from '../../gateway/forward.ts';
import { field, listField, parseJson, textField } from '../../gateway/json.ts';
import { noResponse } from '../../gateway/no-response.ts';
import { type Ending, ResponseReader } from '../../gateway/response-reader.ts';
import type { RequestRecord } from '../record.ts';
import { callsSame } from './answer-facts.ts';
import { type AttemptFacts, NO_RESPONSE, type RecordedAttempt, recordAttempt } from './attempt.ts';
import { askedBy, type ClientRequest, singleHeaders } from './client-request.ts';
import type { TaskAttempt } from './task-tracker.ts';

export interface ShadowOptions {
  readonly arm: Arm;
  readonly access: EndpointAccess;
  /** Of so many requests, one is copied. */
  readonly every: number;
  /** Name in the code → name at that arm. */
  readonly rename: (model: string) => string;
  /** Says which of two answers is better; null where nobody does. Never throws. */
  readonly score: ScoreAnswers | null;
  /** Called when a copy is over, and compared with the original. */
  readonly onCopy: (attempt: RecordedAttempt) => void;
}

/** A request of the program. */
export interface Original {
  readonly client: ClientRequest;
  readonly attempt: TaskAttempt;
  /** Its number, from 1. */
  readonly request: number;
  /** What the program gets, once it is there. */
  readonly answer: Promise<AnswerContent | null>;
}

/** @returns undefined without a verdict */
export type ScoreAnswers = (
  request: unknown,
  original: AnswerContent,
  copy: AnswerContent,
) => Promise<RequestRecord['quality']>;

/** Endpoints whose requests only ask: answering one twice changes nothing. */
const COPIED: ReadonlySet<string> = new Set([
  '/chat/completions',
  '/completions',
  '/embeddings',
  '/moderations',
  '/responses',
]);
/** Tools that the program itself carries out, or not: the model only asks for them. */
const OWN_TOOLS: ReadonlySet<string | null> = new Set(['function', 'custom']);

/** Whether a request has no effect but its answer. A response of the Responses API is stored unless the request says no. */
export function isCopyable({ call, endpoint }: ClientRequest): boolean {
  if (call.method !== 'POST' || !COPIED.has(endpoint)) return false;
  const body = parseJson(call.body.toString());
  const isStored = endpoint === '/responses' ? field(body, 'store') !== false : field(body, 'store') === true;
  const names = ['background', 'conversation', 'previous_response_id', 'web_search_options'];
  return (
    body !== undefined &&
    !isStored &&
    names.every((name) => !field(body, name)) &&
    listField(body, 'tools').every((tool) => OWN_TOOLS.has(textField(tool, 'type')))
  );
}

export class Shadow {
  readonly #options: ShadowOptions;
  readonly #forwarder: Forwarder;
  readonly #ending = new AbortController();
  readonly #running = new Set<Promise<void>>();
  #seen = 0;

  constructor(options: ShadowOptions) {
    this.#options = options;
    this.#forwarder = createForwarder(options.access);
  }

  /** Returns at once. */
  copy(original: Original): void {
    this.#seen += 1;
    if ((this.#seen - 1) % this.#options.every !== 0) return;
    const copying = this.#send(original);
    this.#running.add(copying);
    void copying.finally(() => this.#running.delete(copying));
  }

  /** Waits for copies under way, at most that long (milliseconds). */
  async stop(patience: number): Promise<void> {
    const deadline = setTimeout(() => this.#ending.abort(), patience);
    await Promise.all(this.#running);
    clearTimeout(deadline);
    this.#forwarder.close();
  }

  /** Never throws. */
  async #send({ client, attempt, request, answer }: Original): Promise<void> {
    const { arm, onCopy, score } = this.#options;
    const [startedAt, startedMs] = [Date.now(), performance.now()];
    const outcome = await this.#ask(this.#renamed(client), startedMs);
    const durationMs = performance.now() - startedMs;
    const about = { arm, request, client, attempt, fault: null, startedAt, durationMs, sentOn: true };
    const copied = recordAttempt({ ...outcome, ...about });
    const [said, copy] = [await answer, outcome.response.content];
    const compared = said !== null &&
      copy !== null && {
        same_calls: callsSame(said, copy),
        quality: await score?.(parseJson(client.call.body.toString()), said, copy),
      };
    onCopy({ ...copied, record: { ...copied.record, ...compared, shadow: true } });
  }

  async #ask(client: ClientRequest, startedMs: number): Promise<Pick<AttemptFacts, 'status' | 'response'>> {
    try {
      const incoming = await this.#forwarder.send(client.call, this.#ending.signal);
      const head = { status: incoming.statusCode ?? 0, headers: singleHeaders(incoming) };
      const reader = new ResponseReader(head, startedMs, null, askedBy(client, true));
      let ending: Ending = 'complete';
      try {
        for await (const piece of decoded(incoming, head.headers['content-encoding'] ?? ''))
          reader.feed(piece);
      } catch {
        ending = 'broken';
      }
      return { status: head.status, response: reader.end(ending) };
    } catch (error) {
      const failure = error instanceof Error ? error : new Error(String(error));
      const url = new URL(this.#options.access.baseUrl);
      const refusal = classifyNoResponse(noResponse(failure, url, performance.now() - startedMs));
      return { status: 0, response: { ...NO_RESPONSE, refusal } };
    }
  }

  /** The same bytes, but for the name of the model and the path that the arm's address has. */
  #renamed(client: ClientRequest): ClientRequest {
    const { rename, access } = this.#options;
    const basePath = new URL(access.baseUrl).pathname.replace(/\/+$/, '');
    const path = `${basePath}${client.call.path.slice(client.call.path.indexOf(client.endpoint))}`;
    const name = rename(client.model);
    const body =
      name === client.model
        ? client.call.body
        : Buffer.from(JSON.stringify({ ...(parseJson(client.call.body.toString()) as object), model: name }));
    return { ...client, call: { ...client.call, path, body } };
  }
}
