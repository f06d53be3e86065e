/** The classes of everything that can go wrong with a request, for all rooms. */
export const ERROR_CLASSES = [
  'invalid_key',
  'disabled_key',
  'insufficient_balance',
  'key_quota',
  'rate_limited',
  'model_not_found',
  'bad_request',
  'context_length',
  'content_filter',
  'timeout',
  'overloaded',
  'upstream_error',
  'not_openai_shape',
  'unreachable',
] as const;

export type ErrorClass = (typeof ERROR_CLASSES)[number];

/** A request that was not served, classified. */
export interface Refusal {
  readonly class: ErrorClass;
  /** Whether the same request may succeed a little later without anybody changing anything. */
  readonly retryable: boolean;
  /** The endpoint's own words, one line, at most 300 characters; secrets are stripped where it is shown. */
  readonly message: string;
  /** `error.code`, `error.type` and `error.param` of an OpenAI error object, where given. */
  readonly code: string | null;
  readonly type: string | null;
  readonly param: string | null;
  /** Whether the body is an OpenAI error object: `{error: {message, type, code}}`. */
  readonly openaiShape: boolean;
}
