/** Responses that failed although they carry no error: they ended too early, or were never complete. */
import { textField } from './json.ts';
import { type ErrorClass, NO_ERROR_FIELDS, type Refusal } from './refusal.ts';

const retryable = (errorClass: ErrorClass, message: string): Refusal => ({
  class: errorClass,
  retryable: true,
  message,
  ...NO_ERROR_FIELDS,
});

/** Most likely the client's own timeout. */
export const CLIENT_LEFT = retryable(
  'timeout',
  'The client closed the connection before the response was complete.',
);

export const BROKEN_OFF = retryable('unreachable', 'The connection broke before the response was complete.');

export const UNDECODED = retryable(
  'unreachable',
  'The body does not decompress as its content-encoding says, or to more than 1 GiB, or the coding is unknown.',
);

/** The stream ended in order, but never said that it was complete. */
export const UNFINISHED = retryable(
  'upstream_error',
  'The stream ended without a finish reason, so its text may be truncated.',
);

/** Why a choice ended; null while it goes on, which some platforms write as a text. */
export function finishReasonOf(choice: unknown): string | null {
  const reason = textField(choice, 'finish_reason');
  return reason === 'null' ? null : reason;
}

/** `error`, and what platforms say instead, such as `insufficient_system_resource`, `abort` and `MALFORMED_FUNCTION_CALL`. */
const FAILURES = /error|fail|abort|cancel|insufficient|time_?out|interrupt|malformed/i;

/** @param reason a finish reason, or a response's status */
export const failedMidway = (reason: string | null): Refusal | null =>
  reason !== null && FAILURES.test(reason)
    ? retryable('upstream_error', `The response ended with finish reason "${reason}".`)
    : null;

/**
 * A body longer than the limit of what is read; a refusal in the part that was read keeps its class.
 * @param what e.g. `the body is larger than 4 MiB`
 */
export function tooLong(what: string, refusal: Refusal | null = null): Refusal {
  const message = `${what}; reading stopped there`;
  return { ...(refusal ?? { class: 'not_openai_shape', retryable: false, ...NO_ERROR_FIELDS }), message };
}
