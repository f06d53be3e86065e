/** Refusals in the official API's form, and the validation of request bodies that leads to them. */
import { z } from 'zod';
import { isRefusal, type JsonObject, type JsonReply, json, type Reply, withHeaders } from './reply.ts';

export interface OpenAIError {
  readonly message: string;
  readonly type?: string;
  readonly param?: string | null;
  readonly code?: string | null;
}

/** `{error: {message, type, param, code}}`; the default type is `invalid_request_error`. */
export function refuse(status: number, error: OpenAIError): JsonReply {
  return json({ error: { type: 'invalid_request_error', param: null, code: null, ...error } }, status);
}

export const invalidKey = (key: string): JsonReply =>
  refuse(401, {
    message: `Incorrect API key provided: ${masked(key)}. You can find your API key at https://platform.openai.com/account/api-keys.`,
    code: 'invalid_api_key',
  });

export const missingKey = (): JsonReply =>
  refuse(401, {
    message: "You didn't provide an API key. Send it as a bearer token in the Authorization header.",
  });

export const unknownModel = (model: string): JsonReply =>
  refuse(404, {
    message: `The model \`${model}\` does not exist or you do not have access to it.`,
    code: 'model_not_found',
  });

export const unknownRoute = (method: string, path: string): JsonReply =>
  refuse(404, { message: `Invalid URL (${method} ${path})` });

export const wrongMethod = (method: string, path: string, allowed: string): JsonReply =>
  withHeaders(
    refuse(405, {
      message: `Not allowed to ${method} on ${path}. (HINT: Perhaps you meant to use a different HTTP method?)`,
      code: 'method_not_supported',
    }),
    { allow: allowed },
  );

const errorBody = z.looseObject({ error: z.looseObject({ message: z.string() }) });

/** Changes the message of a refusal in the official form; other replies stay unchanged. */
export function reword(reply: Reply, change: (message: string) => string): Reply {
  if (reply.kind !== 'json' || !isRefusal(reply)) return reply;
  const body = errorBody.safeParse(reply.body).data;
  if (body === undefined) return reply;
  return { ...reply, body: { ...body, error: { ...body.error, message: change(body.error.message) } } };
}

/** The first eight characters and the last four, as the official API shows a refused key. */
function masked(key: string): string {
  if (key.length <= 12) return '*'.repeat(key.length);
  return `${key.slice(0, 8)}${'*'.repeat(Math.min(key.length - 12, 24))}${key.slice(-4)}`;
}

export type Reading<T> =
  | { readonly ok: true; readonly body: T }
  | { readonly ok: false; readonly refusal: JsonReply };

/** Reads a body by its schema, or refuses it and names the first wrong parameter. */
export function readBody<T>(schema: z.ZodType<T>, body: JsonObject): Reading<T> {
  const result = schema.safeParse(body, { reportInput: true });
  if (result.success) return { ok: true, body: result.data };
  const [issue] = result.error.issues;
  return {
    ok: false,
    refusal: issue === undefined ? refuse(400, { message: 'Invalid body.' }) : refusalOf(issue),
  };
}

function refusalOf(issue: z.core.$ZodIssue): JsonReply {
  const param = issue.path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '');
  if (issue.input === undefined) {
    return refuse(400, {
      message: `Missing required parameter: '${param}'.`,
      param,
      code: 'missing_required_parameter',
    });
  }
  switch (issue.code) {
    case 'too_big':
      return outOfRange(param, 'above maximum', `<= ${issue.maximum}`, issue.input);
    case 'too_small':
      return outOfRange(param, 'below minimum', `>= ${issue.minimum}`, issue.input);
    case 'invalid_value':
      return refuse(400, {
        message: `Invalid value: '${String(issue.input)}'. Supported values are: ${issue.values.map((value) => `'${String(value)}'`).join(', ')}.`,
        param,
        code: 'invalid_value',
      });
    default: {
      const expected =
        issue.code === 'invalid_type' ? (EXPECTED[issue.expected] ?? issue.expected) : 'other type';
      return refuse(400, {
        message: `Invalid type for '${param}': expected ${article(expected)}, but got ${article(typeName(issue.input))} instead.`,
        param,
        code: 'invalid_type',
      });
    }
  }
}

function outOfRange(param: string, where: string, expected: string, input: unknown): JsonReply {
  const kind = Number.isInteger(input) ? 'integer' : 'decimal';
  return refuse(400, {
    message: `Invalid '${param}': ${kind} ${where} value. Expected a value ${expected}, but got ${String(input)} instead.`,
    param,
    code: `${kind}_${where.split(' ')[0]}_${where.startsWith('above') ? 'max' : 'min'}_value`,
  });
}

/** The official API's names for types, where they differ from JavaScript's. */
const EXPECTED: Readonly<Record<string, string>> = { number: 'decimal', int: 'integer', record: 'object' };

function typeName(value: unknown): string {
  if (value === null) return 'null value';
  return Array.isArray(value) ? 'array' : typeof value === 'number' ? 'decimal' : typeof value;
}

const article = (noun: string): string => `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`;
