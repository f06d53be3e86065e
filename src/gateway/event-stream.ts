/** Event streams of models, in the forms that gateways really send. */
import { readErrorInSuccess } from './error-body.ts';
import { classify } from './errors.ts';
import { field, textField } from './json.ts';
import type { Refusal } from './refusal.ts';

/** Some gateways stream under `text/plain` or `application/json`: the first bytes show it, a field or a comment. */
export function beginsLikeEventStream(part: Uint8Array): boolean {
  const start = new TextDecoder('utf-8', { ignoreBOM: true }).decode(part.subarray(0, 64));
  return /^\uFEFF?\s*(?:data|event|id|retry)?:/.test(start);
}

/** The last payload of a complete stream. */
export function isDone(data: string): boolean {
  return data.trim() === '[DONE]';
}

/** The name of an event: the stream's own field `event:`, else the `type` of its JSON; `''` where both are missing. */
export function eventName(event: string, json: unknown): string {
  return event || (textField(json, 'type') ?? '');
}

/** An error inside a stream, usually under HTTP 200. */
export interface EventError {
  /** In the shape of an error body. */
  readonly body: unknown;
  readonly refusal: Refusal;
}

/**
 * The error in one event: beside the choices, inside a failed response, an entire `error` event, or a body of a
 * gateway's own instead of a chunk.
 * @param data the event's payload as received
 * @returns null where there is none
 */
export function errorInEvent(name: string, json: unknown, data: string): EventError | null {
  const inside = field(json, 'error') || field(field(json, 'response'), 'error');
  const error = inside || (name === 'error' ? (json ?? data) : null);
  if (!error && readErrorInSuccess(json) === null) return null;
  const body = error ? { error } : json;
  return { body, refusal: classify({ status: 200, headers: {}, text: data, json: body }) };
}
