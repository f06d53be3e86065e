/**
 * The two endpoints that generate text. A probe is written once, for chat completions: where the code uses the Responses
 * API, its requests are sent in that form, and the responses are read as if they were completions.
 */
import { TERMINAL_EVENTS } from '../gateway/completion-facts.ts';
import type { Exchange, HttpResponse } from '../gateway/exchange.ts';
import { field, isRecord, listField, rawText, textField } from '../gateway/json.ts';
import { responsesStream } from '../gateway/responses-stream.ts';
import type { CheckPlan } from './plan.ts';
import { type Model, type ProbeRequest, plainChat, streamed } from './requests.ts';

export interface Form {
  readonly name: 'chat' | 'responses';
  readonly request: (request: ProbeRequest) => ProbeRequest;
  readonly exchange: (exchange: Exchange) => Exchange;
}

/** Requests and responses as they are. */
export const CHAT: Form = { name: 'chat', request: (request) => request, exchange: (exchange) => exchange };

const RESPONSES: Form = {
  name: 'responses',
  request: asResponse,
  exchange: (exchange) => (exchange.kind === 'response' ? asCompletion(exchange) : exchange),
};

export const responseRequest = (model: Model, stream = false): ProbeRequest =>
  asResponse(stream ? streamed(plainChat(model)) : plainChat(model));

/** Those that the code uses. */
export function formsOf({ features, usesChat = true }: CheckPlan): readonly Form[] {
  if (!features.includes('responses')) return [CHAT];
  return usesChat ? [CHAT, RESPONSES] : [RESPONSES];
}

function asResponse({ body, ...request }: ProbeRequest): ProbeRequest {
  const path = request.path.replace('/chat/completions', '/responses');
  if (body === undefined) return { ...request, path };
  const { messages: _, max_tokens, max_completion_tokens, response_format, tools, ...more } = body;
  const { reasoning_effort: effort, logprobs, stream_options: __, ...rest } = more;
  return {
    ...request,
    path,
    body: {
      store: false,
      ...rest,
      input: inputOf(field(listField(body, 'messages')[0], 'content')),
      max_output_tokens: max_tokens ?? max_completion_tokens,
      ...(isRecord(response_format) && { text: { format: withoutWrapper(response_format, 'json_schema') } }),
      ...(Array.isArray(tools) && { tools: tools.map((tool) => withoutWrapper(tool, 'function')) }),
      ...(effort === undefined ? {} : { reasoning: { effort } }),
      ...(logprobs === true && { include: ['message.output_text.logprobs'] }),
    },
  };
}

/** `{ type, [name]: { … } }` as `{ type, … }`. */
function withoutWrapper(value: unknown, name: string): unknown {
  const inner = field(value, name);
  return isRecord(inner) ? { type: field(value, 'type'), ...inner } : value;
}

/** @param content of the only message: a text, or parts */
function inputOf(content: unknown): unknown {
  if (!Array.isArray(content)) return content;
  const parts = content.map((part) => {
    const url = field(field(part, 'image_url'), 'url');
    if (url !== undefined) return { type: 'input_image', image_url: url };
    const file = field(part, 'file');
    return isRecord(file) ? { type: 'input_file', ...file } : { ...part, type: 'input_text' };
  });
  return [{ role: 'user', content: parts }];
}

export function asCompletion(response: HttpResponse): HttpResponse {
  const { transcript, json } = response;
  const whole = transcript === null ? json : responsesStream(transcript).response;
  return { ...response, transcript: null, json: whole && completionOf(whole) };
}

export function completionOf(response: unknown): unknown {
  const items = listField(response, 'output');
  const texts = items
    .flatMap((item) => listField(item, 'content'))
    .filter((part) => textField(part, 'type') === 'output_text');
  const message = {
    content: texts.map((part) => rawText(part, 'text')).join(''),
    tool_calls: items
      .filter((item) => textField(item, 'type') === 'function_call')
      .map((call) => ({ id: field(call, 'call_id'), type: 'function', function: call })),
  };
  const logprobs = { content: texts.flatMap((part) => listField(part, 'logprobs')) };
  const usage = field(response, 'usage');
  // No official client needs the status.
  const finish_reason = TERMINAL_EVENTS[`response.${textField(response, 'status') ?? 'completed'}`];
  return {
    ...(isRecord(response) && response),
    choices: [{ message, logprobs, finish_reason }],
    ...(isRecord(usage) && { usage: { ...usage, completion_tokens_details: usage.output_tokens_details } }),
  };
}
