/** Reads error bodies in their many shapes. */
import { field, isRecord, listField, numberField, parseJson, textField } from './json.ts';
import { NO_ERROR_FIELDS } from './refusal.ts';
import { describePage } from './web-page.ts';

export interface ErrorDetails {
  /** As the endpoint wrote it, in full; HTML is reduced to its title. */
  readonly message: string;
  readonly code: string | null;
  readonly type: string | null;
  readonly param: string | null;
  /** The HTTP status in the body itself, as OpenRouter sends it inside a 200; null where there is none. */
  readonly status: number | null;
  /** `{error: {message, type, code}}`, as the official clients expect it. */
  readonly openaiShape: boolean;
  /** Whether the gateway only passes on what its provider refused. */
  readonly fromProvider: boolean;
}

/** How gateways introduce the words of their provider. */
const PROVIDERS_WORDS =
  /exception - |\b(provider|upstream) (returned|responded|rejected|refused|error|authentication)|from (the )?(provider|upstream)|bad response status code/i;

export const isFromProvider = (message: string): boolean => PROVIDERS_WORDS.test(message);

/** For a body that holds at most a message. */
export const NO_DETAILS = { ...NO_ERROR_FIELDS, status: null, fromProvider: false } as const;

type Reader = (json: unknown) => ErrorDetails | null;

/** The readers in the order in which they are tried: the most specific shape first. */
const READERS: readonly Reader[] = [
  readNested,
  readErrorText,
  readInChoice,
  readDetail,
  readHtmlMessage,
  readErrorList,
  readFlat,
];

/**
 * Reads an error from a parsed body; null when the body has no known shape of an error.
 *
 * Shapes: `{error: {message, type, code, param}}`, `{error: "…"}`, `{detail}`, `{"html-message"}`,
 * `{errors: [{message}]}`, flat `{code, message}`, `{status: 'failure', message}`, `{success: false, message}`,
 * and an array around any of them.
 */
export function readErrorBody(json: unknown): ErrorDetails | null {
  const body = Array.isArray(json) ? json[0] : json;
  if (!isRecord(body)) return null;
  for (const read of READERS) {
    const details = read(body);
    if (details) return details;
  }
  return null;
}

/**
 * The error in the body of a 2xx, or null. Stricter than {@link readErrorBody}, because many good responses have
 * `error: null`, or a `code` and a `message` beside their data.
 */
export function readErrorInSuccess(json: unknown): ErrorDetails | null {
  const body = Array.isArray(json) ? json[0] : json;
  if (!isRecord(body)) return null;
  const carriesResult = ['choices', 'data', 'output', 'object'].some(
    (name) => body[name] != null && body[name] !== 'error',
  );
  const nested = readNested(body) ?? readErrorText(body) ?? readInChoice(body);
  if (nested || carriesResult) return nested;
  const failed =
    body.object === 'error' ||
    numberField(body.base_resp, 'status_code') ||
    body.success === false ||
    body.status === 'failure' ||
    body.status === 'error';
  const code = body.code;
  const refusingCode =
    typeof code === 'number' ? code >= 400 : typeof code === 'string' && !/^(ok|success|0|200)$/i.test(code);
  const flat = failed || refusingCode ? readFlat(body) : null;
  return flat ?? readDetail(body) ?? readHtmlMessage(body) ?? readErrorList(body);
}

function readNested(json: unknown): ErrorDetails | null {
  const found = field(json, 'error');
  const error = Array.isArray(found) ? found[0] : found;
  if (!isRecord(error) || Object.keys(error).length === 0) return null;
  // Some relays wrap the upstream's error object in another one.
  if (isRecord(error.error)) return readNested(error);
  const message = textField(error, 'message') ?? textField(error, 'msg');
  // OpenRouter puts the provider's own message beside its general one.
  const raw = textField(field(error, 'metadata'), 'raw');
  const read = messageOnly(
    [message, raw].filter((part) => part !== null).join(': ') || JSON.stringify(error),
  );
  // Bifrost names its own refusals beside the error object, Portkey the provider whose refusal it passes on.
  const outerType = label(field(json, 'type'));
  return {
    ...read,
    fromProvider:
      read.fromProvider ||
      raw !== null ||
      textField(json, 'provider') !== null ||
      (field(json, 'is_bifrost_error') === false && outerType === null),
    code: label(error.code) ?? label(field(json, 'code')),
    type: label(error.type) ?? label(error.status) ?? outerType,
    param: label(error.param),
    status: statusIn(error.code) ?? statusIn(error.status),
    openaiShape: message !== null && 'type' in error && 'code' in error,
  };
}

function readErrorText(json: unknown): ErrorDetails | null {
  const text = textField(json, 'error');
  if (text === null) return null;
  // `{error: "insufficient_quota", message: "…"}`: a single word is the code; the message is beside it.
  const message = textField(json, 'message') ?? textField(json, 'error_description') ?? text;
  const code = label(field(json, 'code')) ?? (/^[\w.-]+$/.test(text) ? text : null);
  return {
    ...messageOnly(message),
    code,
    type: label(field(json, 'type')),
    status: statusIn(field(json, 'status')),
  };
}

/** OpenRouter puts an error that came later beside the choice that it ended. */
function readInChoice(json: unknown): ErrorDetails | null {
  return readNested(listField(json, 'choices')[0]);
}

/** FastAPI: a sentence, an object, or a list of findings with `loc` and `msg`. */
function readDetail(json: unknown): ErrorDetails | null {
  const detail = field(json, 'detail');
  if (typeof detail === 'string') return messageOnly(detail);
  if (isRecord(detail)) return readErrorBody({ error: detail.error ?? detail });
  if (!Array.isArray(detail) || detail.length === 0) return null;
  const paramOf = (finding: unknown) => label(listField(finding, 'loc').at(-1));
  const findings = detail.map((each) => {
    const text = textField(each, 'msg') ?? JSON.stringify(each);
    return [paramOf(each), text].filter((part) => part !== null).join(': ');
  });
  return { ...messageOnly(findings.join('; ')), param: paramOf(detail[0]) };
}

function readHtmlMessage(json: unknown): ErrorDetails | null {
  const page = field(json, 'html-message');
  return typeof page === 'string' ? messageOnly(describePage(page)) : null;
}

function readErrorList(json: unknown): ErrorDetails | null {
  const errors = field(json, 'errors');
  const first = Array.isArray(errors) ? errors[0] : undefined;
  if (typeof first === 'string') return messageOnly(first);
  return isRecord(first) ? readNested({ error: first }) : null;
}

function readFlat(outer: unknown): ErrorDetails | null {
  // MiniMax: `{base_resp: {status_code, status_msg}}`.
  const json = field(outer, 'base_resp') ?? outer;
  const message =
    textField(json, 'message') ??
    textField(json, 'msg') ??
    textField(json, 'error_msg') ??
    textField(json, 'status_msg');
  if (message === null) return null;
  return {
    ...messageOnly(message),
    code: label(field(json, 'code')),
    type: label(field(json, 'type')),
    param: label(field(json, 'param')),
    status: statusIn(field(json, 'code')) ?? statusIn(field(json, 'status')),
  };
}

/** Details that hold a message alone. If the message is itself JSON (an upstream's body, passed on), that is read. */
function messageOnly(message: string): ErrorDetails {
  const inner = message.trimStart().startsWith('{') ? readErrorBody(parseJson(message)) : null;
  const fromProvider = inner?.fromProvider || isFromProvider(message);
  return { ...NO_DETAILS, ...inner, message: inner?.message ?? message, openaiShape: false, fromProvider };
}

function label(value: unknown): string | null {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
}

function statusIn(value: unknown): number | null {
  const status = typeof value === 'string' && /^\d{3}$/.test(value) ? Number(value) : value;
  return typeof status === 'number' && Number.isInteger(status) && status >= 400 && status < 600
    ? status
    : null;
}
