/** Maps the names that exporters and platforms give to errors to classes of errors. */
import { classify, classOfWords } from '../../gateway/errors.ts';
import { litellm } from '../../gateway/profiles/litellm.ts';
import { ERROR_CLASSES, type ErrorClass } from '../../gateway/refusal.ts';

export const UNKNOWN_ERROR = 'unknown';

/** Names of exceptions and reasons; the first match counts. */
export const ERROR_WORDS: readonly (readonly [RegExp, ErrorClass])[] = [
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

/** Errors without a response, so their cost is unknown. */
const WITHOUT_ANSWER: ReadonlySet<string> = new Set<ErrorClass>(['timeout', 'unreachable']);

/**
 * The class of an error by the texts that name it: an exception's name (`RateLimitError`), a reason (`timeout`), an
 * HTTP status (`503`). Names come before statuses, which are less specific.
 * @param message the error's own sentence, if it is known: a spent quota may be called `RateLimitError`
 * @returns {@link UNKNOWN_ERROR} without a match, as for OpenTelemetry's `_OTHER`
 */
export function errorClassOf(texts: readonly string[], message = ''): ErrorClass | typeof UNKNOWN_ERROR {
  const status = texts.map(Number).find((each) => Number.isInteger(each) && each >= 400 && each < 600);
  // As check knows them: BudgetExceededError is its budget_exceeded.
  const named = texts.map((text) =>
    classOfWords({ status: status ?? 0, name: snakeCase(text), message: `${text} ${message}` }, litellm),
  );
  const known = named.find((each) => each !== null);
  if (known) return known;
  const words = ERROR_WORDS.find(([pattern]) => texts.some((text) => pattern.test(text)));
  if (words !== undefined) return words[1];
  return status === undefined
    ? UNKNOWN_ERROR
    : classify({ status, headers: {}, text: '', json: undefined }).class;
}

function snakeCase(text: string): string {
  return text.replace(/([a-z])(?=[A-Z])/g, '$1_').toLowerCase();
}

/** Whether requests that failed with this class may have used unknown tokens; so may those of a class that is not ours. */
export function mayHaveCost(errorClass: string): boolean {
  return WITHOUT_ANSWER.has(errorClass) || !(ERROR_CLASSES as readonly string[]).includes(errorClass);
}
