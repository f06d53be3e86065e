/**
 * Every request of a check, as a value. Equal requests are sent once and share the response, so two probes that build
 * the same request cost one.
 */
import type { z } from 'zod';
import type { Feature } from '../config/features.ts';
import { field, isRecord, type JsonRecord, listField } from '../gateway/json.ts';
import type { CheckPlan, ModelInUse } from './plan.ts';

export interface ProbeRequest {
  readonly method: 'GET' | 'POST';
  /** Relative to the base URL. */
  readonly path: string;
  readonly body?: JsonRecord;
  /** Instead of the plan's key. */
  readonly apiKey?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly acceptEncoding?: string;
  /** A refusal of one of its parameters is what the probe asks about, so it is not sent again without it. */
  readonly isExact?: true;
}

/** The model in use, or a name that is the same in the code and on the gateway. */
export type Model = ModelInUse | string;

/** The first model in use of each kind, null where there is none; and the plan. */
export interface InUseFirst {
  readonly chatModel: ModelInUse | null;
  readonly embeddingModel: ModelInUse | null;
  readonly plan: Pick<CheckPlan, 'features'>;
}

/** Looks like a key, so that the gateway checks whether it is valid and not only its format. */
export const WRONG_KEY = 'sk-gatewayrollout-this-key-does-not-exist-0000';
export const UNKNOWN_MODEL = 'gateway-rollout-no-such-model';

/** Long enough to span many chunks, short enough to cost little. */
export const ENUMERATION_END = 60;
/** The token limit of the limited chat, whose completion would need several hundred. */
export const LIMIT_TOKENS = 16;
export const CITIES = ['Paris', 'Tokyo'] as const;
/** The schema forces this word, while the prompt asks for another one. */
export const NONCE = 'heliotrope';

/** @param after the last id of the page before; none for the first page */
export const listModels = (after?: string): ProbeRequest => ({
  method: 'GET',
  path: after === undefined ? '/models' : `/models?after=${encodeURIComponent(after)}`,
});

export const plainChat = (model: Model): ProbeRequest =>
  chat(model, 'Reply with the single word: pong', { ...outputLimit(model, 16) });

/** The cheapest request of the kinds that the code sends; null where none is known. */
export function smallestInUse({ chatModel, embeddingModel, plan }: InUseFirst): ProbeRequest | null {
  if (chatModel !== null) return plainChat(chatModel);
  if (embeddingModel !== null) return embedding(embeddingModel, 'float');
  return ENDPOINTS.find(([feature]) => plan.features.includes(feature))?.[1] ?? null;
}

/** The cheapest request that needs a key. */
export const smallestRequest = (first: InUseFirst): ProbeRequest => smallestInUse(first) ?? listModels();

const post = (path: string, body: JsonRecord = {}): ProbeRequest => ({ method: 'POST', path, body });

const list = (path: string): ProbeRequest => ({ method: 'GET', path: `${path}?limit=1` });

/** Shows whether there is a chat route at all, without cost. */
export const emptyChat = (): ProbeRequest => post('/chat/completions');

const OF_ASSISTANTS = { headers: { 'openai-beta': 'assistants=v2' } };

/**
 * Endpoints that can only be tested for existence without cost: lists are read, and what would create something gets
 * an empty request, which an existing endpoint refuses with its own error.
 */
export const ENDPOINTS: readonly (readonly [feature: Feature, request: ProbeRequest])[] = [
  ['completions', post('/completions')],
  ['images', post('/images/generations')],
  ['audio', post('/audio/speech')],
  ['moderations', post('/moderations')],
  ['files', list('/files')],
  ['batches', list('/batches')],
  ['assistants', { ...list('/assistants'), ...OF_ASSISTANTS }],
  ['vector_stores', { ...list('/vector_stores'), ...OF_ASSISTANTS }],
  ['fine_tuning', list('/fine_tuning/jobs')],
  ['realtime', post('/realtime/client_secrets', { session: { type: 'none' } })],
];

export const limitedChat = (model: Model): ProbeRequest => ({
  ...chat(model, 'List the integers from 1 to 200, separated by spaces, and nothing else.', {
    max_completion_tokens: LIMIT_TOKENS,
  }),
  isExact: true,
});

/** `temperature` must be a number; an endpoint that drops parameters accepts it. */
export const badRequest = (model: Model): ProbeRequest =>
  chat(model, 'Reply with the single word: pong', { ...outputLimit(model, 16), temperature: 'hot' });

export const enumeration = (model: Model): ProbeRequest => {
  const prompt = `List the integers from 1 to ${ENUMERATION_END}, separated by spaces, and nothing else.`;
  return streamed(chat(model, prompt, outputLimit(model, 250)));
};

export const plainStream = (model: Model): ProbeRequest => ({
  ...streamed(plainChat(model)),
  acceptEncoding: 'identity',
});

export const toolCall = (model: Model): ProbeRequest => weatherOf([CITIES[0]], model, 100);

export const streamed = (request: ProbeRequest): ProbeRequest => ({
  ...request,
  body: { ...request.body, stream: true, stream_options: { include_usage: true } },
});

export const parallelToolCalls = (model: Model): ProbeRequest => weatherOf(CITIES, model, 150);

export const structuredOutput = (model: Model): ProbeRequest =>
  chat(model, 'What colour is the sky? Answer with the word blue.', {
    ...outputLimit(model, 50),
    response_format: {
      type: 'json_schema',
      json_schema: {
        name: 'colour',
        strict: true,
        schema: {
          type: 'object',
          properties: { colour: { type: 'string', enum: [NONCE] } },
          required: ['colour'],
          additionalProperties: false,
        },
      },
    },
  });

export const embedding = (model: Model, encoding: 'float' | 'base64'): ProbeRequest =>
  post('/embeddings', { model: gatewayNameOf(model), input: 'a small step', encoding_format: encoding });

export const withKey = (request: ProbeRequest, apiKey: string): ProbeRequest => ({ ...request, apiKey });

/** A route that does not exist: shows how this endpoint responds to one. */
export const missingRoute = (method: 'GET' | 'POST'): ProbeRequest => ({
  method,
  path: '/gateway-rollout-no-such-endpoint',
  ...(method === 'POST' ? { body: {} } : {}),
});

/** Extra output tokens for reasoning models, whose reasoning counts as output. */
export const REASONING_ALLOWANCE = 1024;

/** Reasoning models refuse `max_tokens`; older gateways refuse `max_completion_tokens`. */
export function outputLimit(model: Model, tokens: number): Record<string, number> {
  return isReasoningModel(model)
    ? { max_completion_tokens: tokens + REASONING_ALLOWANCE }
    : { max_tokens: tokens };
}

/** By the name in the code, which says more than an alias, or by the gateway's. */
export function isReasoningModel(model: Model): boolean {
  const names = typeof model === 'string' ? [model] : [model.name, model.gatewayName];
  return names.some((name) => /(^|[/._:-])(o\d|gpt-5|codex)(?![a-z])/i.test(name));
}

const gatewayNameOf = (model: Model): string => (typeof model === 'string' ? model : model.gatewayName);

/** @param content the text of the prompt, or its parts */
export const chat = (model: Model, content: unknown, rest: JsonRecord): ProbeRequest =>
  post('/chat/completions', { model: gatewayNameOf(model), messages: [{ role: 'user', content }], ...rest });

/** The same question in other words: a gateway cannot answer it from a cache. @param index from 0, which changes nothing */
export function variant(request: ProbeRequest, index: number): ProbeRequest {
  const { body } = request;
  if (index === 0 || body === undefined) return request;
  const mark = (text: string) => `${text}\n(Request ${index + 1})`;
  if (typeof body.input === 'string') return { ...request, body: { ...body, input: mark(body.input) } };
  if (!Array.isArray(body.messages)) return request;
  const messages = listField(body, 'messages').map((message) => {
    const content = field(message, 'content');
    if (!isRecord(message)) return message;
    if (typeof content === 'string') return { ...message, content: mark(content) };
    return { ...message, content: [...listField(message, 'content'), { type: 'text', text: mark('') }] };
  });
  return { ...request, body: { ...body, messages } };
}

function weatherOf(cities: readonly string[], model: Model, tokens: number): ProbeRequest {
  const prompt = `Call ${TOOL_NAME} once for each of these cities: ${cities.join(', ')}. Do not answer in prose.`;
  const rest = { tools: [WEATHER_TOOL], tool_choice: 'required' };
  return chat(model, prompt, { ...outputLimit(model, tokens), ...rest });
}

export const TOOL_NAME = 'get_weather';

export const TOOL_ARGUMENTS: z.core.JSONSchema.JSONSchema = {
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
  additionalProperties: false,
};

const WEATHER_TOOL = {
  type: 'function',
  function: { name: TOOL_NAME, description: 'The weather in one city.', parameters: TOOL_ARGUMENTS },
};
