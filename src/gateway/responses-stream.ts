import { TERMINAL_EVENTS } from './completion-facts.ts';
import { eventName } from './event-stream.ts';
import { field } from './json.ts';
import type { Refusal } from './refusal.ts';
import { errorInside, type Transcript } from './transcript.ts';
import { readUsage, type Usage } from './usage.ts';

export interface ResponsesStream {
  /** The whole response, from `response.completed`, `response.incomplete` or `response.failed`. */
  readonly response: unknown;
  readonly usage: Usage | null;
  readonly error: Refusal | null;
}

/** Reads a transcript as a streamed response of `/responses`; pure. */
export function responsesStream(transcript: Transcript): ResponsesStream {
  const events = transcript.chunks.map(({ event, json }) => ({
    name: eventName(event, json),
    json,
  }));
  const terminal = events.find(({ name }) => name === 'error' || Object.hasOwn(TERMINAL_EVENTS, name));
  return {
    response: field(terminal?.json, 'response'),
    usage: readUsage(terminal?.json),
    error: errorInside(transcript),
  };
}
