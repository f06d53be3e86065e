/** Answers that are no success although nothing refused them: they ended too early, or not at all. */
import { NO_ERROR_FIELDS } from './errors.ts';
import type { Refusal } from './refusal.ts';

/** The client closed the connection before the answer was complete; its own timeout, most likely. */
export function clientLeft(): Refusal {
  const message = 'The client closed the connection before the answer was complete.';
  return { class: 'timeout', retryable: true, message, ...NO_ERROR_FIELDS };
}

/** The endpoint broke the connection in the middle of the answer. */
export function brokenOff(): Refusal {
  const message = 'The connection broke before the answer was complete.';
  return { class: 'unreachable', retryable: true, message, ...NO_ERROR_FIELDS };
}

/** The stream ended in order, but did not say that it was complete. */
export function unfinished(): Refusal {
  const message = 'The stream ended without a finish reason, so its text may be cut short.';
  return { class: 'upstream_error', retryable: true, message, ...NO_ERROR_FIELDS };
}

export function failedMidway(): Refusal {
  const message = 'The answer ended with the finish reason "error".';
  return { class: 'upstream_error', retryable: true, message, ...NO_ERROR_FIELDS };
}

/** The body went on beyond what is read of one; a refusal in what was read keeps its class. */
export function tooLong(refusal: Refusal | null, limitMiB: number): Refusal {
  const message = `a body of more than ${limitMiB} MiB; reading stopped there`;
  return { ...(refusal ?? { class: 'not_openai_shape', retryable: false, ...NO_ERROR_FIELDS }), message };
}
