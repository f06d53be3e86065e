/** `POST /chat/completions`, whole and streamed. */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { chatRequestSchema } from '../../demo/chat-request.ts';
import { completionTokens, type ModelAnswer, modelAnswer, promptTokens } from '../../demo/model.ts';
import { tokenize } from '../../demo/tokens.ts';
import { perceived, withAbilities } from './abilities.ts';
import { kindOf } from './models.ts';
import type { Gateway, Handler } from './quirk.ts';
import { readBody, refuse, unknownModel } from './refusals.ts';
import { json, type Reply, stream } from './reply.ts';
import { storedBy } from './stored.ts';

/** Looser than the API's types, so that quirks can break them. */
export interface CompletionToolCall {
  readonly index?: number;
  readonly id?: string;
  readonly type?: string;
  readonly function: { readonly name?: string | null; readonly arguments: unknown };
}

export interface Usage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly total_tokens: number;
  readonly prompt_tokens_details: { readonly cached_tokens: number; readonly audio_tokens: number };
  readonly completion_tokens_details: {
    readonly reasoning_tokens: number;
    readonly audio_tokens: number;
    readonly accepted_prediction_tokens?: number;
    readonly rejected_prediction_tokens?: number;
  };
}

interface Message {
  readonly role?: string;
  readonly content?: string | null;
  readonly refusal?: null;
  readonly reasoning_content?: string;
  readonly tool_calls?: readonly CompletionToolCall[];
  readonly audio?: unknown;
}

interface Frame {
  readonly id: string;
  readonly object: string;
  readonly created: number;
  readonly model: string;
  readonly service_tier?: string | undefined;
  readonly system_fingerprint: string;
}

export interface Completion extends Frame {
  readonly choices: readonly {
    readonly index: number;
    readonly message: Message;
    readonly logprobs: unknown;
    readonly finish_reason?: string | null;
  }[];
  readonly usage?: Usage | undefined;
}

export interface CompletionChunk extends Frame {
  readonly choices: readonly {
    readonly index: number;
    readonly delta: Message;
    readonly logprobs: null;
    readonly finish_reason?: string | null;
  }[];
  /** null in every chunk but the last, where the client requested usage. */
  readonly usage?: Usage | null;
  readonly error?: unknown;
}

const chatSchema = chatRequestSchema.extend({
  model: z.string(),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
});
type ChatBody = z.infer<typeof chatSchema>;

export const chatCompletions: Handler = (request, gateway) => {
  const reading = readBody(chatSchema, request.body);
  if (!reading.ok) return reading.refusal;
  const { body } = reading;
  const kind = kindOf(body.model, gateway);
  if (kind === null) return unknownModel(body.model);
  if (kind !== 'chat') {
    return refuse(404, {
      message: 'This is not a chat model and thus not supported in the v1/chat/completions endpoint.',
      param: 'model',
    });
  }
  if (body.max_tokens != null && /^(o\d|gpt-5)/.test(body.model)) {
    return refuse(400, {
      message:
        "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
      param: 'max_tokens',
      code: 'unsupported_parameter',
    });
  }
  const completion = gateway.hooks.reduce(
    (current, hooks) => hooks.completion?.(current, request) ?? current,
    withAbilities(complete(body), body),
  );
  if (body.store === true) storedBy(gateway).set(completion.id, { ...completion });
  return body.stream ? streamed(completion, body, gateway) : json({ ...completion });
};

function complete(body: ChatBody): Completion {
  const seen = perceived(body.messages);
  const given: ModelAnswer =
    seen === null ? modelAnswer(body) : { kind: 'text', content: seen, finishReason: 'stop' };
  const n = body.n ?? 1;
  return {
    id: `chatcmpl-${randomUUID().replaceAll('-', '')}`,
    object: 'chat.completion',
    created: Math.floor(Date.now() / 1000),
    model: body.model,
    choices: Array.from({ length: n }, (_, index) => ({
      index,
      message: messageOf(given),
      logprobs: null,
      finish_reason: given.finishReason,
    })),
    usage: usageOf(promptTokens(body), completionTokens(given) * n),
    service_tier: 'default',
    system_fingerprint: 'fp_scripted',
  };
}

function messageOf(given: ModelAnswer): Message {
  if (given.kind === 'text') return { role: 'assistant', content: given.content, refusal: null };
  return {
    role: 'assistant',
    content: null,
    refusal: null,
    tool_calls: given.toolCalls.map((call) => ({
      id: `call_${randomUUID().replaceAll('-', '').slice(0, 24)}`,
      type: 'function',
      function: { name: call.name, arguments: call.arguments },
    })),
  };
}

export function usageOf(prompt: number, completion: number): Usage {
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0 },
  };
}

function streamed(completion: Completion, body: ChatBody, gateway: Gateway): Reply {
  const withUsage = body.stream_options?.include_usage === true;
  const chunks = gateway.hooks.reduce(
    (current, hooks) => hooks.chunks?.(current) ?? current,
    chunksOf(completion, withUsage),
  );
  return stream([...chunks.map((chunk) => ({ data: chunk })), { data: '[DONE]' }], gateway.streamMs);
}

/** A role, the text or the calls piece by piece, the finish reason, and the usage where it was requested. */
function chunksOf(completion: Completion, withUsage: boolean): readonly CompletionChunk[] {
  const { choices, usage, ...frame } = completion;
  const head = { ...frame, object: 'chat.completion.chunk' };
  const inBetween = withUsage ? { usage: null } : {};
  const chunk = (index: number, delta: Message, finish: string | null = null): CompletionChunk => ({
    ...head,
    choices: [{ index, delta, logprobs: null, finish_reason: finish }],
    ...inBetween,
  });
  const spoken = choices.flatMap(({ index, message, finish_reason }) => [
    ...deltasOf(message).map((delta) => chunk(index, delta)),
    chunk(index, {}, finish_reason ?? null),
  ]);
  return withUsage && usage !== undefined ? [...spoken, { ...head, choices: [], usage }] : spoken;
}

function deltasOf(message: Message): Message[] {
  const calls = message.tool_calls;
  if (calls === undefined) {
    const { content, reasoning_content: thought } = message;
    const pieces = tokenize(content ?? '').map((piece) => ({ content: piece }));
    const thoughts = thought === undefined ? [] : [{ reasoning_content: thought }];
    return [
      { role: 'assistant', content: content === null ? null : '', refusal: null },
      ...thoughts,
      ...pieces,
    ];
  }
  return [
    { role: 'assistant', content: null, refusal: null },
    ...calls.flatMap((call, index) => toolDeltas(call, index)),
  ];
}

/** The call's id and name first, then its arguments in pieces; only the index says which call a piece belongs to. */
function toolDeltas(call: CompletionToolCall, index: number): Message[] {
  const { arguments: text, ...named } = call.function;
  const opening = { ...call, index, function: { ...named, arguments: '' } };
  const pieces = tokenize(String(text)).map((piece) => ({ index, function: { arguments: piece } }));
  return [opening, ...pieces].map((piece) => ({ tool_calls: [piece] }));
}
