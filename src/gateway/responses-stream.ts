import { TERMINAL_EVENTS } from './completion-facts.ts';
import { eventName } from './event-stream.ts';
import { field } from './json.ts';
import type { Refusal } from './refusal.ts';
import { errorInside, type Transcript } from './transcript.ts';

export interface ResponsesStream {
  /** The whole response, from `response.completed`, `response.incomplete` or `response.failed`. */
  readonly response: unknown;
  readonly error: Refusal | null;
}

/** Reads a transcript as a streamed response of `/responses`; pure. */
export function responsesStream(transcript: Transcript): ResponsesStream {
  const terminal = transcript.chunks.find(({ event, json }) => {
    const name = eventName(event, json);
    return name === 'error' || Object.hasOwn(TERMINAL_EVENTS, name);
  });
  return { response: field(terminal?.json, 'response'), error: errorInside(transcript) };
}
