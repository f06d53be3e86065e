/** `POST /responses`, whole and streamed. */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { ChatRequest } from '../../demo/chat-request.ts';
import { completionTokens, type ModelAnswer, modelAnswer, promptTokens } from '../../demo/model.ts';
import { tokenize } from '../../demo/tokens.ts';
import { perceived, REASONING_TOKENS, tokensOf, wrongToolParameter } from './abilities.ts';
import { kindOf } from './models.ts';
import type { Handler } from './quirk.ts';
import { readBody, refuse, unknownModel } from './refusals.ts';
import { type Frame, type JsonObject, json, stream } from './reply.ts';
import { storedBy } from './stored.ts';

const part = z
  .looseObject({ type: z.string(), text: z.string().optional() })
  .transform(({ type, ...rest }) => {
    if (type === 'input_image') return { type: 'image_url', image_url: { url: rest.image_url } };
    return type === 'input_file' ? { type: 'file', file: rest } : { type, ...rest };
  });
const responsesSchema = z.looseObject({
  model: z.string(),
  input: z.union([
    z.string(),
    z
      .array(
        z.looseObject({
          role: z.string().nullish(),
          content: z.union([z.string(), z.array(part)]).nullish(),
        }),
      )
      .min(1),
  ]),
  instructions: z.string().nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  max_output_tokens: z.int().min(16).nullish(),
  stream: z.boolean().nullish(),
  store: z.boolean().nullish(),
  background: z.boolean().nullish(),
  include: z.array(z.string()).nullish(),
  top_logprobs: z.int().nullish(),
  reasoning: z.looseObject({ effort: z.string().nullish() }).nullish(),
  previous_response_id: z.string().nullish(),
  tools: z
    .array(
      z.looseObject({
        type: z.string(),
        name: z.string().default(''),
        parameters: z.record(z.string(), z.unknown()).nullish(),
      }),
    )
    .nullish(),
  tool_choice: z.union([z.string(), z.looseObject({ name: z.string().optional() })]).nullish(),
  parallel_tool_calls: z.boolean().nullish(),
  text: z
    .looseObject({
      format: z
        .looseObject({
          type: z.enum(['text', 'json_object', 'json_schema']),
          schema: z.record(z.string(), z.unknown()).nullish(),
        })
        .nullish(),
    })
    .nullish(),
});
type ResponsesBody = z.infer<typeof responsesSchema>;

export const responses: Handler = (request, gateway) => {
  const reading = readBody(responsesSchema, request.body);
  if (!reading.ok) return reading.refusal;
  const { body } = reading;
  if (kindOf(body.model, gateway) !== 'chat') return unknownModel(body.model);
  const wrong = (body.tools ?? []).map(wrongToolParameter).find((each) => each !== null);
  if (wrong != null)
    return refuse(400, {
      message: `Invalid value: '${wrong.value}'.`,
      param: wrong.param,
      code: 'invalid_value',
    });
  const earlier = body.previous_response_id ? storedBy(gateway).get(body.previous_response_id) : undefined;
  if (body.previous_response_id && earlier === undefined)
    return refuse(404, { message: 'Previous response not found.', param: 'previous_response_id' });
  const asked = asChatRequest(body);
  const heard = [...((earlier?.heard ?? []) as ChatRequest['messages']), ...asked.messages];
  const recalled = perceived(heard);
  const given: ModelAnswer =
    recalled === null ? modelAnswer(asked) : { kind: 'text', content: recalled, finishReason: 'stop' };
  const hasLogprobs = body.include?.includes('message.output_text.logprobs');
  const items = itemsOf(given, hasLogprobs ? tokensOf(body.top_logprobs ?? 0) : []);
  const whole = responseObject(body, given, items, promptTokens(asked));
  if (body.store !== false) storedBy(gateway).set(String(whole.id), { ...whole, heard });
  return body.stream ? stream(eventsOf(whole, items, given), gateway.streamMs) : json(whole);
};

function asChatRequest(body: ResponsesBody): ChatRequest {
  const { format } = body.text ?? {};
  const asked =
    typeof body.input === 'string'
      ? [{ role: 'user', content: body.input }]
      : body.input.map(({ role, content }) => ({ role: role ?? 'assistant', content: content ?? '' }));
  return {
    messages: body.instructions ? [{ role: 'system', content: body.instructions }, ...asked] : asked,
    max_completion_tokens: body.max_output_tokens,
    tools: body.tools?.map(({ type, name, parameters }) => ({ type, function: { name, parameters } })),
    tool_choice: body.tool_choice,
    parallel_tool_calls: body.parallel_tool_calls,
    response_format: format ? { type: format.type, json_schema: { schema: format.schema } } : undefined,
  };
}

const newId = (prefix: string): string => `${prefix}_${randomUUID().replaceAll('-', '')}`;

interface Item {
  readonly id: string;
  readonly type: 'message' | 'function_call';
  /** The text of a message, or the arguments of a call. */
  readonly text: string;
  /** The item with its text. */
  readonly whole: JsonObject;
}

function itemsOf(given: ModelAnswer, logprobs: readonly JsonObject[]): Item[] {
  if (given.kind === 'text') {
    const id = newId('msg');
    const status = given.finishReason === 'length' ? 'incomplete' : 'completed';
    const whole = {
      id,
      type: 'message',
      status,
      role: 'assistant',
      content: [textPart(given.content, logprobs)],
    };
    return [{ id, type: 'message', text: given.content, whole }];
  }
  return given.toolCalls.map((call) => {
    const id = newId('fc');
    const whole = { id, type: 'function_call', status: 'completed', call_id: newId('call'), ...call };
    return { id, type: 'function_call', text: call.arguments, whole };
  });
}

const textPart = (text: string, logprobs: readonly JsonObject[] = []): JsonObject => ({
  type: 'output_text',
  text,
  annotations: [],
  logprobs,
});

function responseObject(body: ResponsesBody, given: ModelAnswer, items: Item[], input: number): JsonObject {
  const reasoning = REASONING_TOKENS[body.reasoning?.effort ?? ''] ?? 0;
  const output = completionTokens(given) + reasoning;
  const cut = given.finishReason === 'length';
  return {
    id: newId('resp'),
    object: 'response',
    created_at: Math.floor(Date.now() / 1000),
    status: cut ? 'incomplete' : 'completed',
    error: null,
    incomplete_details: cut ? { reason: 'max_output_tokens' } : null,
    instructions: body.instructions ?? null,
    max_output_tokens: body.max_output_tokens ?? null,
    model: body.model,
    output: items.map((item) => item.whole),
    parallel_tool_calls: body.parallel_tool_calls ?? true,
    background: body.background ?? false,
    previous_response_id: body.previous_response_id ?? null,
    store: body.store ?? true,
    temperature: body.temperature ?? 1,
    text: { format: body.text?.format ?? { type: 'text' } },
    tool_choice: body.tool_choice ?? 'auto',
    tools: body.tools ?? [],
    top_p: 1,
    service_tier: 'default',
    truncation: 'disabled',
    usage: {
      input_tokens: input,
      input_tokens_details: { cached_tokens: 0 },
      output_tokens: output,
      output_tokens_details: { reasoning_tokens: reasoning },
      total_tokens: input + output,
    },
    metadata: {},
  };
}

/** The API's sequence of events: the response opens, each item opens, sends output and closes, the response ends. */
function eventsOf(whole: JsonObject, items: readonly Item[], given: ModelAnswer): Frame[] {
  const opened = { ...whole, status: 'in_progress', incomplete_details: null, output: [], usage: null };
  const terminal = given.finishReason === 'length' ? 'response.incomplete' : 'response.completed';
  const events: JsonObject[] = [
    { type: 'response.created', response: opened },
    { type: 'response.in_progress', response: opened },
    ...items.flatMap((item, index) => (item.type === 'message' ? messageEvents : callEvents)(item, index)),
    { type: terminal, response: whole },
  ];
  return events.map((event, sequence_number) => ({
    event: String(event.type),
    data: { ...event, sequence_number },
  }));
}

function messageEvents(item: Item, output_index: number): JsonObject[] {
  const at = { item_id: item.id, output_index, content_index: 0 };
  return [
    {
      type: 'response.output_item.added',
      output_index,
      item: { ...item.whole, status: 'in_progress', content: [] },
    },
    { type: 'response.content_part.added', ...at, part: textPart('') },
    ...tokenize(item.text).map((delta) => ({
      type: 'response.output_text.delta',
      ...at,
      delta,
      logprobs: [],
    })),
    { type: 'response.output_text.done', ...at, text: item.text, logprobs: [] },
    { type: 'response.content_part.done', ...at, part: textPart(item.text) },
    { type: 'response.output_item.done', output_index, item: item.whole },
  ];
}

function callEvents(item: Item, output_index: number): JsonObject[] {
  const at = { item_id: item.id, output_index };
  return [
    {
      type: 'response.output_item.added',
      output_index,
      item: { ...item.whole, status: 'in_progress', arguments: '' },
    },
    ...tokenize(item.text).map((delta) => ({ type: 'response.function_call_arguments.delta', ...at, delta })),
    { type: 'response.function_call_arguments.done', ...at, name: item.whole.name, arguments: item.text },
    { type: 'response.output_item.done', output_index, item: item.whole },
  ];
}
