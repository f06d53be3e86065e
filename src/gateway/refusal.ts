/** Why a request failed: the classes of refusals, and a request that got no response. */

/** The class of every failed request, for all rooms. */
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

/** A failed request, classified. */
export interface Refusal {
  readonly class: ErrorClass;
  /** Whether the same request may succeed a little later without anybody changing anything. */
  readonly retryable: boolean;
  /** The endpoint's own words, one line, at most 300 characters; secrets are removed where it is shown. */
  readonly message: string;
  /** `error.code`, `error.type` and `error.param` of an OpenAI error object, where given. */
  readonly code: string | null;
  readonly type: string | null;
  readonly param: string | null;
  /** Whether the body is an OpenAI error object: `{error: {message, type, code}}`. */
  readonly openaiShape: boolean;
  /** Set where it is not the gateway that refuses its user's key, but the provider that refuses the gateway's own. */
  readonly refusedBy?: 'provider';
}

/** The fields of a refusal for which the endpoint sent no error object. */
export const NO_ERROR_FIELDS = { code: null, type: null, param: null, openaiShape: false } as const;

/** The layers that a request passes, in order; the first that failed is the one to fix. */
export const LAYERS = ['dns', 'tcp', 'tls', 'http', 'deadline'] as const;

export type Layer = (typeof LAYERS)[number];

/** The request failed before a complete response arrived. */
export interface NoResponse {
  readonly kind: 'no-response';
  readonly layer: Layer;
  /** Code of the operating system or of Node, e.g. `ECONNREFUSED`, `CERT_HAS_EXPIRED`, `DEADLINE`. */
  readonly code: string;
  /** One sentence for people, without secrets. */
  readonly message: string;
  readonly durationMs: number;
}

/** A rule of a platform's error table. All given conditions must hold. */
export interface ErrorRule {
  readonly class: ErrorClass;
  readonly status?: readonly number[];
  /** Matched against `code` (and the flat or nested variants of it), case-insensitive. */
  readonly code?: RegExp;
  readonly type?: RegExp;
  readonly param?: RegExp;
  /** Matched against `code` and against `type`: platforms put the same word in either. */
  readonly label?: RegExp;
  readonly message?: RegExp;
}
