/** Answers that are no success although nothing refused them: they ended too early. */
import type { Refusal } from './errors.ts';

const NO_WORDS = { code: null, type: null, param: null, openaiShape: false } as const;

/** The client closed the connection before the answer was complete; its own timeout, most likely. */
export function clientLeft(): Refusal {
  const message = 'The client closed the connection before the answer was complete.';
  return { class: 'timeout', retryable: true, message, ...NO_WORDS };
}

/** The endpoint broke the connection in the middle of the answer. */
export function brokenOff(): Refusal {
  const message = 'The connection broke before the answer was complete.';
  return { class: 'unreachable', retryable: true, message, ...NO_WORDS };
}

/** The stream ended in order, but did not say that it was complete. */
export function unfinished(): Refusal {
  const message = 'The stream ended without a finish reason, so its text may be cut short.';
  return { class: 'upstream_error', retryable: true, message, ...NO_WORDS };
}

export function failedMidway(): Refusal {
  const message = 'The answer ended with the finish reason "error".';
  return { class: 'upstream_error', retryable: true, message, ...NO_WORDS };
}
