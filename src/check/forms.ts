/**
 * The two endpoints that generate text. A probe is written once, for chat completions: where the code uses the Responses
 * API, its requests are sent in that form, and the responses are read as if they were completions.
 */
import { finishOfResponse, TERMINAL_EVENTS } from '../gateway/completion-facts.ts';
import { eventName } from '../gateway/event-stream.ts';
import type { Exchange, HttpResponse } from '../gateway/exchange.ts';
import { field, isRecord, listField, rawText, textField } from '../gateway/json.ts';
import type { Chunk, Transcript } from '../gateway/transcript.ts';
import { type CheckPlan, isChosen } from './plan.ts';
import { enumeration, type Model, type ProbeRequest, plainChat } from './requests.ts';

type Send = (request: ProbeRequest) => Promise<Exchange>;

export interface Form {
  readonly name: 'chat' | 'responses';
  /** A request that is not a chat completion stays as it is. */
  readonly request: (request: ProbeRequest) => ProbeRequest;
  /** Sends chat completions in this form, and returns completions. */
  readonly through: (send: Send) => Send;
  /** What a probe says of chat completions, said of this form. */
  readonly words: (text: string) => string;
}

const same = <T>(value: T): T => value;

/** Requests and responses as they are. */
export const CHAT: Form = { name: 'chat', request: same, through: same, words: same };

export const RESPONSES: Form = {
  name: 'responses',
  request: asResponse,
  through: (send) => async (request) => {
    const asked = asResponse(request);
    const exchange = await send(asked);
    return asked === request || exchange.kind === 'no-response' ? exchange : asCompletion(exchange);
  },
  words: (text) => WORDS.reduce((said, [chat, response]) => said.replaceAll(chat, response), text),
};

const WORDS: readonly (readonly [chat: string, response: string])[] = [
  ['chat completion', 'response'],
  [', or also send max_tokens', ''],
  ['max_completion_tokens', 'max_output_tokens'],
  ['a finish_reason', 'a status'],
  ['[DONE]', 'its last event'],
  ['include_usage has no effect: ', ''],
  ['support stream_options.include_usage', 'report it'],
];

export const responseRequest = (model: Model): ProbeRequest => asResponse(plainChat(model));

/** Where the code uses both endpoints, the second is asked for no compression, and so both ways in two requests. */
export function longStream(model: Model, { name }: Form, plan: CheckPlan): ProbeRequest {
  const isSecond = name !== formOf(plan).name;
  return isSecond ? { ...enumeration(model), acceptEncoding: 'identity' } : enumeration(model);
}

/** Those that the code uses: chat completions where nothing is known. */
export function formsOf({ features, usesChat = true }: CheckPlan): readonly [Form, ...Form[]] {
  if (!usesChat) return [RESPONSES];
  return features.includes('responses') ? [CHAT, RESPONSES] : [CHAT];
}

/** The form of whatever is asked on one endpoint alone. */
export const formOf = (plan: CheckPlan): Form => formsOf(plan)[0];

/** For what the Responses API's own probes ask of the other one. */
export const firstForm = (plan: CheckPlan): readonly Form[] => [formOf(plan)];

/** Whether this check reports by `responses.basic` that the Responses API fails. */
export const probesResponses = ({ features, only, gateway }: CheckPlan): boolean =>
  features.includes('responses') && isChosen('responses.basic', only) && gateway.apiKey !== null;

/** The official API refuses a lower limit. */
const LEAST_OUTPUT_TOKENS = 16;

function asResponse(given: ProbeRequest): ProbeRequest {
  if (!given.path.startsWith('/chat/completions')) return given;
  const { body, ...request } = given;
  const path = request.path.replace('/chat/completions', '/responses');
  if (body?.messages === undefined) return { ...given, path };
  const { messages: _, max_tokens, max_completion_tokens, response_format, tools, ...more } = body;
  const { reasoning_effort: effort, logprobs, stream_options: __, ...rest } = more;
  const limit = max_tokens ?? max_completion_tokens;
  return {
    ...request,
    path,
    body: {
      store: false,
      ...rest,
      input: inputOf(field(listField(body, 'messages')[0], 'content')),
      ...(typeof limit === 'number' && { max_output_tokens: Math.max(limit, LEAST_OUTPUT_TOKENS) }),
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

/** A refusal is the same on both endpoints. */
export function asCompletion(response: HttpResponse): HttpResponse {
  const { transcript, json, refusal } = response;
  if (refusal !== null) return response;
  return transcript === null
    ? { ...response, json: completionOf(json) }
    : { ...response, transcript: asChatStream(transcript) };
}

/** The events keep what they say, and get the choice that a chunk of a chat completion has. */
function asChatStream(transcript: Transcript): Transcript {
  const chunks = transcript.chunks.map(
    (chunk): Chunk =>
      isRecord(chunk.json) ? { ...chunk, json: { ...chunk.json, choices: [streamedChoice(chunk)] } } : chunk,
  );
  return { ...transcript, chunks, done: true };
}

function streamedChoice({ event, json }: Chunk): unknown {
  const name = eventName(event, json);
  const content = name === 'response.output_text.delta' ? field(json, 'delta') : undefined;
  const response = field(json, 'response');
  const calls = toolCallsOf(response).map((call, index) => ({ index, ...call }));
  const finish_reason = TERMINAL_EVENTS[name] && (finishOfResponse(response) ?? TERMINAL_EVENTS[name]);
  return { delta: { role: 'assistant', content, tool_calls: finish_reason && calls }, finish_reason };
}

const toolCallsOf = (response: unknown) =>
  listField(response, 'output')
    .filter((item) => textField(item, 'type') === 'function_call')
    .map((call) => ({ id: field(call, 'call_id'), type: 'function', function: call }));

export function completionOf(response: unknown): unknown {
  const items = listField(response, 'output');
  const texts = items
    .flatMap((item) => listField(item, 'content'))
    .filter((part) => textField(part, 'type') === 'output_text');
  const message = {
    content: texts.map((part) => rawText(part, 'text')).join(''),
    tool_calls: toolCallsOf(response),
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
