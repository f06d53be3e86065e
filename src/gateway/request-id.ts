import { field } from './json.ts';

/** The ID that an endpoint gave a request, and where it was found. */
export interface RequestId {
  readonly value: string;
  /** A header's name in lower case, `body` for a field of the body, or `message` for an ID inside an error's text. */
  readonly source: string;
}

/** Headers that carry a request ID, best first; a profile's own come before these. */
const REQUEST_ID_HEADERS = [
  'x-request-id',
  'openai-request-id',
  'request-id',
  'x-oneapi-request-id',
  'x-litellm-call-id',
  'x-portkey-trace-id',
] as const;

/** The ID of the proxy's request, not of the gateway's: better than nothing. */
const LAST_RESORT = 'cf-ray';

const BODY_FIELDS = ['request_id', 'requestId', 'request-id'] as const;

/** `(request id: 2024…)`, `request_id: …`, `请求 ID：…`: at least 6 characters, so that an ordinary word does not count as an ID. */
const ID_IN_MESSAGE =
  /(?:request[\s_-]?id|请求\s?(?:id|编号|标识))\s{0,2}(?:is|为)?\s{0,2}[:：=]?\s{0,2}["'`]?([\w.:-]*[\w-])/i;

const LEAST_ID_LENGTH = 6;

/**
 * Finds the request ID: in the profile's headers, the usual headers, a field of the body or of its error object, the
 * text of the error's message, and last in `cf-ray`.
 *
 * @param headers names in lower case
 * @param json the parsed body, `undefined` where it is not JSON
 * @param text the body as received; read only where it is not JSON
 * @param profile adds its own headers
 * @returns null when there is none; a blank value does not count
 */
export function findRequestId(
  headers: Readonly<Record<string, string>>,
  json: unknown,
  text: string,
  profile?: { readonly requestIdHeaders: readonly string[] } | null,
): RequestId | null {
  const names = [...(profile?.requestIdHeaders ?? []), ...REQUEST_ID_HEADERS];
  const inHeader = (name: string): RequestId | null => {
    const value = headers[name]?.trim();
    return value ? { value, source: name } : null;
  };
  const found = names.map(inHeader).find((id) => id !== null);
  return found ?? inBody(json) ?? inMessage(json, text) ?? inHeader(LAST_RESORT);
}

function inBody(json: unknown): RequestId | null {
  for (const part of [json, field(json, 'error')]) {
    for (const name of BODY_FIELDS) {
      const value = field(part, name);
      if (typeof value === 'string' && value.trim()) return { value: value.trim(), source: 'body' };
    }
  }
  return null;
}

function inMessage(json: unknown, text: string): RequestId | null {
  const error = field(json, 'error');
  const candidates = json === undefined ? [text] : [error, field(error, 'message'), field(json, 'message')];
  for (const candidate of candidates) {
    const value = typeof candidate === 'string' ? ID_IN_MESSAGE.exec(candidate)?.[1] : undefined;
    // An ID has a digit: "the request id was not found" contains none.
    if (value && value.length >= LEAST_ID_LENGTH && /\d/.test(value)) return { value, source: 'message' };
  }
  return null;
}
