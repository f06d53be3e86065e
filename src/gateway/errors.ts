import { type ErrorDetails, NO_DETAILS, readErrorBody, readErrorInSuccess } from './error-body.ts';
import { STATUS_RULES, WORD_RULES } from './error-rules.ts';
import type { ErrorClass, ErrorRule, NoResponse, Refusal } from './refusal.ts';
import { challengeBy, describePage, isHtml } from './web-page.ts';

/** What a refusal has of an error object where the endpoint said nothing. */
export const NO_ERROR_FIELDS = { code: null, type: null, param: null, openaiShape: false } as const;

/** What came back, as far as it tells why a request was not served. */
export interface ResponseParts {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** The text parsed, `undefined` where it is no JSON. */
  readonly json: unknown;
}

const MESSAGE_LIMIT = 300;

/** Only so many characters of a message are searched for the words of the rules. */
const SEARCHED = 4_000;

const RETRYABLE: ReadonlySet<ErrorClass> = new Set([
  'rate_limited',
  'timeout',
  'overloaded',
  'upstream_error',
]);

/**
 * The one classifier of everything that was not served.
 *
 * Order: a challenge page; the profile's rules; the words of the body ({@link WORD_RULES}); the status. So a
 * status never decides against a code, a type or a message that says otherwise.
 *
 * Call it for an answer that is known to be no success; {@link refusalOf} tells whether it is one.
 *
 * @param profile its error rules come before the general ones
 */
export function classify(
  answer: ResponseParts,
  profile?: { readonly errors: readonly ErrorRule[] } | null,
): Refusal {
  const challenger = challengeBy(answer.headers, answer.text);
  const words = challenger === null ? readErrorBody(answer.json) : null;
  // A status inside the body counts where the outer one hides it, as in the chunks of a stream.
  const status = answer.status < 400 ? (words?.status ?? answer.status) : answer.status;
  const said = words ?? { ...NO_DETAILS, message: wordless(answer, challenger) };
  const spoken = { ...said, message: said.message.slice(0, SEARCHED) };
  const rules = [...(profile?.errors ?? []), ...WORD_RULES, ...(words ? STATUS_RULES : [])];
  // Under a 2xx, a text that is no error object may be anything, a model's prose or a web page.
  const telling = challenger === null && (words !== null || status >= 400);
  const found = (telling && rules.find((rule) => fits(rule, status, spoken))?.class) || null;
  const refusalClass =
    found ?? (challenger === null ? classByStatus(status, words, isHtml(answer.text)) : 'not_openai_shape');
  return {
    class: refusalClass,
    retryable: retryable(refusalClass, answer.headers),
    message: oneLine(spoken.message),
    code: spoken.code,
    type: spoken.type,
    param: spoken.param,
    openaiShape: spoken.openaiShape,
  };
}

/**
 * Whether an answer is a refusal: a status other than 2xx, an error object under a 2xx, or a 2xx that is no JSON.
 * @returns null for an ordinary answer
 */
export function refusalOf(
  answer: ResponseParts,
  profile?: { readonly errors: readonly ErrorRule[] } | null,
): Refusal | null {
  const served = answer.status >= 200 && answer.status < 300 && answer.json !== undefined;
  return served && readErrorInSuccess(answer.json) === null ? null : classify(answer, profile);
}

/** A request that died on the way, in the same classes: `timeout` for a deadline, else `unreachable`. */
export function classifyNoResponse(exchange: NoResponse): Refusal {
  const timedOut = exchange.layer === 'deadline';
  return {
    class: timedOut ? 'timeout' : 'unreachable',
    // A broken connection may hold next time; a name, a port or a certificate needs somebody to mend it.
    retryable: timedOut || exchange.layer === 'http',
    message: oneLine(exchange.message),
    ...NO_ERROR_FIELDS,
    code: exchange.code,
  };
}

function fits(rule: ErrorRule, status: number, words: ErrorDetails): boolean {
  const { code, type, message } = words;
  return (
    (rule.status?.includes(status) ?? true) &&
    (rule.code?.test(code ?? '') ?? true) &&
    (rule.type?.test(type ?? '') ?? true) &&
    (!rule.label || rule.label.test(code ?? '') || rule.label.test(type ?? '')) &&
    (rule.message?.test(message) ?? true)
  );
}

/** The last resort: the status, and whether the body is an error object, another text, or a page. */
function classByStatus(status: number, words: ErrorDetails | null, page: boolean): ErrorClass {
  const named = STATUS_CLASSES[status];
  if (named) return named;
  if (status >= 500) return 'upstream_error';
  if (status < 200 || (status >= 300 && status < 400) || page) return 'not_openai_shape';
  if (status < 300) return words === null ? 'not_openai_shape' : 'upstream_error';
  if (status === 401 || status === 403) return 'invalid_key';
  if (status !== 404) return 'bad_request';
  // A missing model is refused in an error object; a missing path, by whatever stands before the API.
  return words?.openaiShape || words?.type ? 'model_not_found' : 'not_openai_shape';
}

/** Statuses that mean the same with and without an error object. 522 and 524 are Cloudflare's time-outs. */
const STATUS_CLASSES: Readonly<Record<number, ErrorClass>> = {
  402: 'insufficient_balance',
  408: 'timeout',
  429: 'rate_limited',
  503: 'overloaded',
  504: 'timeout',
  522: 'timeout',
  524: 'timeout',
  529: 'overloaded',
};

function retryable(found: ErrorClass, headers: Readonly<Record<string, string>>): boolean {
  const told = headers['x-should-retry']?.trim().toLowerCase();
  if (told === 'true') return true;
  return told === 'false' ? false : RETRYABLE.has(found);
}

/** What to say of an answer that carries no error object. */
function wordless({ status, headers, text }: ResponseParts, challenger: string | null): string {
  if (challenger !== null)
    return `a challenge page (${challenger}): it wants a browser, no program can pass it`;
  if (status >= 300 && status < 400) return describeRedirect(status, headers.location);
  if (isHtml(text)) return describePage(text);
  return text.trim() || `an empty body with status ${status}`;
}

function describeRedirect(status: number, location: string | undefined): string {
  const origin = location && URL.canParse(location) ? new URL(location).origin : (location ?? 'nowhere');
  return `a redirect (${status}) to ${origin}, not followed: the key goes only to the configured address; if that is the right one, set it as the base URL`;
}

/** One line, at most {@link MESSAGE_LIMIT} characters. */
function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= MESSAGE_LIMIT ? line : `${line.slice(0, MESSAGE_LIMIT - 1)}…`;
}
