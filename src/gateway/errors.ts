import {
  type ErrorDetails,
  isFromProvider,
  NO_DETAILS,
  readErrorBody,
  readErrorInSuccess,
} from './error-body.ts';
import { STATUS_RULES, WORD_RULES } from './error-rules.ts';
import type { Profile } from './profiles/profile.ts';
import {
  type ErrorClass,
  type ErrorRule,
  NO_ERROR_FIELDS,
  type NoResponse,
  type Refusal,
} from './refusal.ts';
import { challengeBy, describePage, isHtml } from './web-page.ts';

/** The parts of a response that say why a request failed. */
export interface ResponseParts {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** The text parsed, `undefined` where it is not JSON. */
  readonly json: unknown;
}

const MESSAGE_LIMIT = 300;

/** The rules search only the first characters of a message. */
const SEARCHED = 4_000;

const RETRYABLE: ReadonlySet<ErrorClass> = new Set([
  'rate_limited',
  'timeout',
  'overloaded',
  'upstream_error',
]);

/** Classes that send a person to their key; the key that a provider refuses is not theirs. */
const KEY_CLASSES: ReadonlySet<ErrorClass> = new Set(['invalid_key', 'disabled_key']);

const MONEY_CLASSES: ReadonlySet<ErrorClass> = new Set(['insufficient_balance', 'key_quota']);

/** Under these, a message is about the request and may quote it. */
const REQUEST_STATUSES: readonly number[] = [400, 422];

/** Quoted texts; an apostrophe opens and closes none. */
const QUOTES = /"([^"]*)"|(?<=[\s:([])'([^']*)'(?=[\s.,;:)\]]|$)/g;

/** A quote of fewer words may be a name, or a setting of the platform's. */
const QUOTED_WORDS = 3;

/** A platform's own error rules, before the general ones. */
type Rules = Pick<Profile, 'errors' | 'providers'>;

/**
 * Classifies a failed response.
 *
 * In this order: a challenge page, the profile's rules, the words of the body ({@link WORD_RULES}), the status. So a
 * status never overrides a code, a type or a message that says otherwise.
 *
 * Call it only for a response that failed; {@link refusalOf} says whether it did.
 *
 * @param profile its error rules come before the general ones
 */
export function classify(response: ResponseParts, profile?: Rules | null): Refusal {
  const challenger = challengeBy(response.headers, response.text);
  const error = challenger === null ? readErrorBody(response.json) : null;
  // A status inside the body counts where the outer one hides it, as in the chunks of a stream.
  const {
    status: inBody,
    fromProvider,
    ...fields
  } = error ?? {
    ...NO_DETAILS,
    message: describeBody(response, challenger),
  };
  const status = response.status < 400 ? (inBody ?? response.status) : response.status;
  const message = fields.message.slice(0, SEARCHED);
  const searched = {
    ...fields,
    message: REQUEST_STATUSES.includes(status) ? withoutQuotes(message) : message,
  };
  // Under a 2xx, a text that is not an error object may be anything: a model's prose, or a web page.
  const hasReason = challenger === null && (error !== null || status >= 400);
  const rules = [...(profile?.errors ?? []), ...WORD_RULES, ...(error ? STATUS_RULES : [])];
  const found = hasReason ? rules.find((rule) => fits(rule, status, searched))?.class : undefined;
  const refusalClass =
    found ?? (challenger === null ? classByStatus(status, error, isHtml(response.text)) : 'not_openai_shape');
  const whose = fromProvider || (profile?.providers && fits(profile.providers, status, searched));
  return {
    ...fields,
    message: oneLine(message),
    ...(whose
      ? ofProvider(refusalClass, response.headers)
      : { class: refusalClass, retryable: retryable(refusalClass, response.headers) }),
  };
}

/** What the provider refused to the gateway: its user has no other key or account to show it. */
function ofProvider(
  found: ErrorClass,
  headers: ResponseParts['headers'],
): Pick<Refusal, 'class' | 'retryable' | 'refusedBy'> {
  if (KEY_CLASSES.has(found)) return { class: 'upstream_error', retryable: false, refusedBy: 'provider' };
  const rest = { class: found, retryable: retryable(found, headers) };
  return MONEY_CLASSES.has(found) ? { ...rest, refusedBy: 'provider' } : rest;
}

/** Longer quotes are of the request, not the endpoint's own words; unless they are a provider's message in JSON. */
function withoutQuotes(text: string): string {
  return text.replace(QUOTES, (quoted, _double, _single, at: number) =>
    quoted.split(' ').length < QUOTED_WORDS || text.slice(0, at).endsWith('"message":') ? quoted : '""',
  );
}

/**
 * The class that the words of an error give, without a response: a code or the name of an exception, and a message.
 * @param profile its error rules come before the general ones
 * @returns null where no rule fits
 */
export function classOfWords(
  { status, name, message }: { readonly status: number; readonly name: string; readonly message: string },
  profile?: Rules | null,
): ErrorClass | null {
  const fields = { code: name, type: name, param: null, message: message.slice(0, SEARCHED) };
  const rules = [...(profile?.errors ?? []), ...WORD_RULES];
  const found = rules.find((rule) => fits(rule, status, fields))?.class ?? null;
  return found !== null && isFromProvider(message) ? ofProvider(found, {}).class : found;
}

/**
 * Whether a response is a refusal: a status other than 2xx, a 2xx with an error object, or a 2xx that is not JSON.
 * @returns null for a response that was served
 */
export function refusalOf(response: ResponseParts, profile?: Rules | null): Refusal | null {
  const served = response.status >= 200 && response.status < 300 && response.json !== undefined;
  return served && readErrorInSuccess(response.json) === null ? null : classify(response, profile);
}

/** A request without a response, in the same classes: `timeout` for a deadline, else `unreachable`. */
export function classifyNoResponse(exchange: NoResponse): Refusal {
  const timedOut = exchange.layer === 'deadline';
  return {
    class: timedOut ? 'timeout' : 'unreachable',
    // A broken connection may work next time; a wrong name, port or certificate needs somebody to fix it.
    retryable: timedOut || exchange.layer === 'http',
    message: oneLine(exchange.message),
    ...NO_ERROR_FIELDS,
    code: exchange.code,
  };
}

function fits(
  rule: Omit<ErrorRule, 'class'>,
  status: number,
  { code, type, param, message }: Pick<ErrorDetails, 'code' | 'type' | 'param' | 'message'>,
): boolean {
  return (
    (rule.status?.includes(status) ?? true) &&
    (rule.code?.test(code ?? '') ?? true) &&
    (rule.type?.test(type ?? '') ?? true) &&
    (rule.param?.test(param ?? '') ?? true) &&
    (!rule.label || rule.label.test(code ?? '') || rule.label.test(type ?? '')) &&
    (rule.message?.test(message) ?? true)
  );
}

/** Where no rule fits: by the status, and by whether the body is an error object, another text, or a page. */
function classByStatus(status: number, error: ErrorDetails | null, page: boolean): ErrorClass {
  const named = STATUS_CLASSES[status];
  if (named) return named;
  if (status >= 500) return 'upstream_error';
  if (status < 200 || (status >= 300 && status < 400) || page) return 'not_openai_shape';
  if (status < 300) return error === null ? 'not_openai_shape' : 'upstream_error';
  if (status === 401 || status === 403) return 'invalid_key';
  if (status !== 404) return 'bad_request';
  // A missing model gets an error object from the API; a missing path gets a response from the server before it.
  return error?.openaiShape || error?.type ? 'model_not_found' : 'not_openai_shape';
}

/** Statuses that mean the same with and without an error object. 522 and 524 are Cloudflare's timeouts. */
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
  const hint = headers['x-should-retry']?.trim().toLowerCase();
  if (hint === 'true') return true;
  return hint === 'false' ? false : RETRYABLE.has(found);
}

/** The message for a response without an error object. */
function describeBody({ status, headers, text }: ResponseParts, challenger: string | null): string {
  if (challenger !== null) return `a challenge page (${challenger}) that only a browser can pass`;
  if (status >= 300 && status < 400) return describeRedirect(status, headers.location);
  if (isHtml(text)) return describePage(text);
  return text.trim() || `an empty body with status ${status}`;
}

function describeRedirect(status: number, location: string | undefined): string {
  const origin = location && URL.canParse(location) ? new URL(location).origin : (location ?? 'no URL');
  return `a redirect (${status}) to ${origin}, not followed because the key goes only to the configured base URL`;
}

/** One line, at most {@link MESSAGE_LIMIT} characters. */
function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= MESSAGE_LIMIT ? line : `${line.slice(0, MESSAGE_LIMIT - 1)}…`;
}
