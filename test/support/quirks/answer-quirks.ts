/** What real gateways have done to requests and to models' output. */
import { z } from 'zod';
import { embed, toBase64 } from '../../demo/embedding.ts';
import type { Completion, CompletionToolCall } from './chat.ts';
import type { QuirkHooks } from './quirk.ts';
import { refuse } from './refusals.ts';
import type { GatewayRequest, JsonObject, Reply } from './reply.ts';

export const answerQuirks = {
  'tool-call-without-id': {
    does: 'omits the id of tool calls',
    completion: (completion) => mapCalls(completion, ({ id: _, ...call }) => call),
  },
  'tool-ids-shared': {
    does: 'gives all tool calls of an answer the same id',
    completion: (completion) => mapCalls(completion, (call) => ({ ...call, id: 'call_1' })),
  },
  'tool-arguments-object': {
    does: 'sends the arguments of tool calls as an object instead of JSON text',
    completion: (completion, request) =>
      request.body.stream === true
        ? completion
        : mapCalls(completion, (call) => ({
            ...call,
            function: { ...call.function, arguments: JSON.parse(String(call.function.arguments)) },
          })),
  },
  'tools-dropped': {
    does: 'drops the tools of a request, so that the model answers in prose',
    request: (request) => without(request, 'tools', 'tool_choice', 'parallel_tool_calls'),
  },
  'one-tool-call-only': {
    does: 'allows at most one tool call',
    completion: (completion) => ({
      ...completion,
      choices: completion.choices.map((choice) =>
        choice.message.tool_calls === undefined
          ? choice
          : { ...choice, message: { ...choice.message, tool_calls: choice.message.tool_calls.slice(0, 1) } },
      ),
    }),
  },
  'schema-ignored': {
    does: 'drops the response format: 200 and prose',
    request: (request) => without(request, 'response_format', 'text'),
  },
  'max-completion-tokens-refused': {
    does: 'does not know max_completion_tokens: 400',
    request: (request) =>
      'max_completion_tokens' in request.body
        ? refuse(400, {
            message: 'Unrecognized request argument supplied: max_completion_tokens',
            param: 'max_completion_tokens',
          })
        : request,
  },
  'max-completion-tokens-ignored': {
    does: 'drops max_completion_tokens, so that output has no limit',
    request: (request) => without(request, 'max_completion_tokens'),
  },
  'other-model': {
    does: 'serves a model of another family, and names it',
    completion: (completion) => ({ ...completion, model: 'qwen2.5-7b-instruct' }),
  },
  'dated-snapshot': {
    does: 'names the dated snapshot of the model in the response',
    completion: (completion) => ({ ...completion, model: `${completion.model}-2024-07-18` }),
  },
  'unknown-model-answered': {
    does: 'serves its first model when the requested one is unknown, under its own name',
    request: (request, { models }) =>
      typeof request.body.model === 'string' && !models.includes(request.body.model)
        ? { ...request, body: { ...request.body, model: models[0] } }
        : request,
  },
  'parameters-dropped': {
    does: 'passes on only model, messages, prompt, input and stream',
    request: (request) => ({
      ...request,
      body: Object.fromEntries(Object.entries(request.body).filter(([name]) => PASSED_ON.has(name))),
    }),
  },
  'hidden-prompt': {
    does: 'adds a hidden prompt: 25 more prompt tokens',
    completion: (completion) =>
      completion.usage === undefined
        ? completion
        : {
            ...completion,
            usage: {
              ...completion.usage,
              prompt_tokens: completion.usage.prompt_tokens + HIDDEN_TOKENS,
              total_tokens: completion.usage.total_tokens + HIDDEN_TOKENS,
            },
          },
  },
  'usage-missing': {
    does: 'omits usage, except in streams',
    reply: onCompletion(({ usage: _, ...body }) => body),
  },
  'usage-zero': {
    does: 'sends a usage of zero, except in streams',
    reply: onCompletion((body) => ({
      ...body,
      usage: { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 },
    })),
  },
  'finish-reason-missing': {
    does: 'omits the finish reason, except in streams',
    completion: (completion, request) =>
      request.body.stream === true
        ? completion
        : { ...completion, choices: completion.choices.map(({ finish_reason: _, ...choice }) => choice) },
  },
  'embeddings-base64-ignored': {
    does: 'sends a list of numbers although base64 was requested',
    request: (request) =>
      request.body.encoding_format === 'base64'
        ? { ...request, body: { ...request.body, encoding_format: 'float' } }
        : request,
  },
  'embeddings-base64-refused': {
    does: 'does not know base64: 400',
    request: (request) =>
      request.body.encoding_format === 'base64'
        ? refuse(400, { message: 'encoding_format must be float.', param: 'encoding_format' })
        : request,
  },
  'embeddings-always-base64': {
    does: 'sends base64 although a list of numbers was requested',
    request: (request) =>
      request.route === '/embeddings'
        ? { ...request, body: { ...request.body, encoding_format: 'base64' } }
        : request,
  },
  'embeddings-usage-missing': {
    does: 'omits the usage of embeddings',
    reply: (reply) =>
      reply.kind === 'json' && reply.body.object === 'list' && 'usage' in reply.body
        ? { ...reply, body: { ...reply.body, usage: undefined } }
        : reply,
  },
  'embeddings-wrong-dimension': {
    does: 'sends vectors of 768 numbers for every model',
    request: (request) =>
      request.route === '/embeddings' ? { ...request, body: { ...request.body, dimensions: 768 } } : request,
  },
  'embeddings-mismatch': {
    does: 'sends another vector in base64 than as a list of numbers',
    reply: onEmbeddings((vector) =>
      typeof vector === 'string'
        ? toBase64(embed('another text', Buffer.from(vector, 'base64').length / 4))
        : vector,
    ),
  },
} as const satisfies Readonly<Record<string, QuirkHooks>>;

const PASSED_ON: ReadonlySet<string> = new Set(['model', 'messages', 'prompt', 'input', 'stream']);
const HIDDEN_TOKENS = 25;

function without(request: GatewayRequest, ...names: readonly string[]): GatewayRequest {
  const body = Object.fromEntries(Object.entries(request.body).filter(([name]) => !names.includes(name)));
  return { ...request, body };
}

function mapCalls(
  completion: Completion,
  change: (call: CompletionToolCall) => CompletionToolCall,
): Completion {
  return {
    ...completion,
    choices: completion.choices.map((choice) =>
      choice.message.tool_calls === undefined
        ? choice
        : { ...choice, message: { ...choice.message, tool_calls: choice.message.tool_calls.map(change) } },
    ),
  };
}

function onCompletion(change: (body: JsonObject) => JsonObject): (reply: Reply) => Reply {
  return (reply) =>
    reply.kind === 'json' && reply.body.object === 'chat.completion'
      ? { ...reply, body: change(reply.body) }
      : reply;
}

const embeddingsBody = z.looseObject({
  data: z.array(z.looseObject({ object: z.literal('embedding'), embedding: z.unknown() })).min(1),
});

function onEmbeddings(change: (vector: unknown) => unknown): (reply: Reply) => Reply {
  return (reply) => {
    const body = reply.kind === 'json' ? embeddingsBody.safeParse(reply.body).data : undefined;
    if (reply.kind !== 'json' || body === undefined) return reply;
    const data = body.data.map((item) => ({ ...item, embedding: change(item.embedding) }));
    return { ...reply, body: { ...body, data } };
  };
}
