/** One exchange with an endpoint as it is on the wire: plain fetch, nothing repaired, nothing retried. */
import { z } from 'zod';
import type { ProbeRequest } from '../../src/check/requests.ts';

export interface Endpoint {
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What came back; times are milliseconds from sending. */
export interface Seen {
  readonly status: number;
  readonly headers: Headers;
  readonly type: string;
  readonly text: string;
  /** The body where it is a JSON object. */
  readonly body: Body;
  /** The payloads of an event stream, without `[DONE]`. */
  readonly chunks: readonly Body[];
  readonly done: boolean;
  /** The connection was lost before the end. */
  readonly cut: boolean;
  readonly headersMs: number;
  readonly firstMs: number;
  readonly endMs: number;
}

/** Sends a request and reads the response to its end; throws only where no response began. */
export async function look(endpoint: Endpoint, question: ProbeRequest): Promise<Seen> {
  const start = performance.now();
  const response = await fetch(`${endpoint.baseUrl}${question.path}`, {
    method: question.method,
    redirect: 'manual',
    headers: {
      authorization: `Bearer ${question.apiKey ?? endpoint.apiKey}`,
      'content-type': 'application/json',
      ...endpoint.headers,
      ...question.headers,
    },
    ...(question.body ? { body: JSON.stringify(question.body) } : {}),
  });
  const headersMs = performance.now() - start;
  const decoder = new TextDecoder();
  let text = '';
  let firstMs: number | null = null;
  let cut = false;
  try {
    for await (const piece of response.body ?? []) {
      firstMs ??= performance.now() - start;
      text += decoder.decode(piece, { stream: true });
    }
  } catch {
    cut = true;
  }
  const endMs = performance.now() - start;
  const payloads = [...text.matchAll(/^data: (.*)$/gm)].map((match) => match[1] ?? '');
  return {
    status: response.status,
    headers: response.headers,
    type: response.headers.get('content-type') ?? '',
    text,
    body: readBody(text),
    chunks: payloads.filter((payload) => payload !== '[DONE]').map(readBody),
    done: payloads.includes('[DONE]'),
    cut,
    headersMs,
    firstMs: firstMs ?? endMs,
    endMs,
  };
}

const callSchema = z.looseObject({
  index: z.number().optional(),
  id: z.string().optional(),
  function: z.looseObject({ arguments: z.unknown() }),
});
const messageSchema = z.looseObject({
  content: z.string().nullish(),
  tool_calls: z.array(callSchema).optional(),
});
const choiceSchema = z.looseObject({
  message: messageSchema.optional(),
  delta: messageSchema.optional(),
  finish_reason: z.string().nullish(),
});
const bodySchema = z.looseObject({
  id: z.string().optional(),
  model: z.string().optional(),
  choices: z.array(choiceSchema).optional(),
  usage: z.looseObject({ prompt_tokens: z.number().optional(), total_tokens: z.number() }).nullish(),
  error: z
    .looseObject({
      message: z.string(),
      code: z.union([z.string(), z.number()]).nullish(),
      param: z.string().nullish(),
    })
    .nullish(),
  data: z.array(z.looseObject({ id: z.string().optional(), embedding: z.unknown().optional() })).optional(),
  has_more: z.boolean().optional(),
  type: z.string().optional(),
});
type Body = z.infer<typeof bodySchema>;

function readBody(text: string): Body {
  try {
    return bodySchema.parse(JSON.parse(text));
  } catch {
    return {};
  }
}

export const message = (seen: Seen) => seen.body.choices?.[0]?.message;
export const finishReason = (seen: Seen) => seen.body.choices?.[0]?.finish_reason;
export const toolCalls = (seen: Seen) => message(seen)?.tool_calls ?? [];
export const vector = (seen: Seen) => seen.body.data?.[0]?.embedding;
export const requestId = (seen: Seen) => seen.headers.get('x-request-id');

export const streamedText = (seen: Seen): string =>
  seen.chunks.map((chunk) => chunk.choices?.[0]?.delta?.content ?? '').join('');
export const streamedFinishes = (seen: Seen): string[] =>
  seen.chunks.flatMap((chunk) => chunk.choices?.flatMap((choice) => choice.finish_reason ?? []) ?? []);
export const streamedUsages = (seen: Seen) => seen.chunks.flatMap((chunk) => chunk.usage ?? []);
export const streamedCalls = (seen: Seen) =>
  seen.chunks.flatMap((chunk) => chunk.choices?.[0]?.delta?.tool_calls ?? []);
