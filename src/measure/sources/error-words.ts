/** The classes of errors behind what exporters and platforms call them. */
import { classify } from '../../gateway/errors.ts';
import type { ErrorClass } from '../../gateway/refusal.ts';

/** The class of an error whose words nobody here knows. */
export const UNKNOWN_ERROR = 'unknown';

/** Names of exceptions and of reasons; the first that fits. */
const WORDS: readonly (readonly [RegExp, ErrorClass])[] = [
  [/time[\s_-]?d?[\s_-]?out|deadline/i, 'timeout'],
  [/rate[\s_-]?limit|too[\s_-]?many[\s_-]?requests|throttl/i, 'rate_limited'],
  [/insufficient|budget|billing|quota/i, 'insufficient_balance'],
  [/content[\s_-]?(filter|policy)|policy[\s_-]?violation|moderation/i, 'content_filter'],
  [/context[\s_-]?(length|window)/i, 'context_length'],
  [/authentication|unauthorized|permission|forbidden|invalid[\s_-]?(api[\s_-]?)?key/i, 'invalid_key'],
  [/model[\s_-]?not|not[\s_-]?found/i, 'model_not_found'],
  [/overload|unavailable|capacity/i, 'overloaded'],
  [/connection|connect|network|socket|dns|unknown[\s_-]?host|certificate|econn|refused/i, 'unreachable'],
  [/bad[\s_-]?request|invalid[\s_-]?request|unprocessable|unsupported|validation/i, 'bad_request'],
  [/server[\s_-]?error|api[\s_-]?error|upstream|internal|bad[\s_-]?gateway/i, 'upstream_error'],
];

/** Such an error came without an answer, so that what it cost is not known. */
const WITHOUT_ANSWER: ReadonlySet<string> = new Set<ErrorClass>(['timeout', 'unreachable']);

/**
 * The class of an error by the texts that name it: an exception's name (`RateLimitError`), a reason (`timeout`), an
 * HTTP status (`503`). Words come before statuses, which say less.
 * @returns {@link UNKNOWN_ERROR} where nothing fits, as for OpenTelemetry's `_OTHER`
 */
export function errorClassOf(texts: readonly string[]): ErrorClass | typeof UNKNOWN_ERROR {
  const words = WORDS.find(([pattern]) => texts.some((text) => pattern.test(text)));
  if (words !== undefined) return words[1];
  const status = texts.map(Number).find((each) => Number.isInteger(each) && each >= 400 && each < 600);
  if (status === undefined) return UNKNOWN_ERROR;
  return classify({ status, headers: {}, text: '', json: undefined }).class;
}

/** Whether requests that failed so may have used tokens that nobody told. */
export function mayHaveCost(errorClass: string): boolean {
  return WITHOUT_ANSWER.has(errorClass) || errorClass === UNKNOWN_ERROR;
}
