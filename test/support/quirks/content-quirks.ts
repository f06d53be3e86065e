/** Answers under HTTP 200 that programs cannot use, as real gateways have sent them. */
import type { Completion, CompletionToolCall, Usage } from './chat.ts';
import type { Gateway, QuirkHooks } from './quirk.ts';
import { refuse } from './refusals.ts';
import { type GatewayRequest, json, type Reply, stream, text } from './reply.ts';

export const contentQuirks = {
  'tool-name-prefixed': {
    does: 'puts `functions.` before the name of a called tool',
    completion: onCalls(({ name = '', ...rest }) => ({ ...rest, name: `functions.${name}` })),
  },
  'tool-name-null': {
    does: 'names no tool in a tool call',
    completion: onCalls(({ name: _, ...rest }) => ({ ...rest, name: null })),
  },
  'tool-arguments-empty': {
    does: 'sends `{}` as the arguments of every tool call',
    completion: onCalls((called) => ({ ...called, arguments: '{}' })),
  },
  'tool-arguments-renamed': {
    does: "sends the arguments under a name that the tool's schema does not have",
    completion: onCalls((called) => ({ ...called, arguments: '{"input":"Paris"}' })),
  },
  'parallel-index-zero': {
    does: 'gives all parallel tool calls of a stream the index 0',
    chunks: onPieces(() => ({ index: 0 })),
  },
  'tool-index-from-one': {
    does: 'counts the tool calls of a stream from 1',
    chunks: onPieces(({ index = 0 }) => ({ index: index + 1 })),
  },
  'tool-name-repeated': {
    does: 'names the tool in every piece of a streamed call',
    chunks: onPieces(({ function: called }) => ({ function: { ...called, name: 'get_weather' } })),
  },
  'content-empty': { does: 'answers with an empty text', completion: onText(() => ({ content: '' })) },
  'content-null': { does: 'answers with `content: null`', completion: onText(() => ({ content: null })) },
  'message-null': {
    does: 'answers with a message that is null, except in streams',
    reply: onCompletion((choice) => ({ ...choice, message: null })),
  },
  'reasoning-only': {
    does: 'puts the whole text into `reasoning_content`',
    completion: onText((content) => ({ content: null, reasoning_content: content })),
  },
  'content-parts': {
    does: 'answers with a list of parts instead of a text, except in streams',
    reply: onCompletion((choice) => {
      const message = { ...(choice.message as Record<string, unknown>) };
      return { ...choice, message: { ...message, content: [{ type: 'text', text: message.content }] } };
    }),
  },
  'choices-empty': {
    does: 'answers with an empty list of choices',
    request: onChat(() => json({ id: 'x', object: 'chat.completion', model: 'gpt-4o-mini', choices: [] })),
  },
  'empty-object': { does: 'answers every chat with 200 and `{}`', request: onChat(() => json({})) },
  'empty-body': {
    does: 'answers every chat with 200 and nothing',
    request: onChat(() => text('', 200, 'application/json')),
  },
  'stream-empty': {
    does: 'ends a stream without a single event before [DONE]',
    request: onChat((request) => (request.body.stream === true ? stream([{ data: '[DONE]' }], 0) : request)),
  },
  'stream-options-refused': {
    does: 'does not know stream_options: 400',
    request: (request) =>
      'stream_options' in request.body
        ? refuse(400, { message: 'Unrecognized request argument supplied: stream_options' })
        : request,
  },
  'max-tokens-refused': {
    does: 'refuses max_tokens for every model, and names max_completion_tokens',
    request: (request) =>
      'max_tokens' in request.body
        ? refuse(400, {
            message:
              "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
            param: 'max_tokens',
            code: 'unsupported_parameter',
          })
        : request,
  },
  'low-limits-refused': {
    does: 'refuses limits on output below 64 tokens: 400',
    request(request) {
      const limits = ['max_tokens', 'max_completion_tokens', 'max_output_tokens'];
      const low = limits.find((name) => Number(request.body[name]) < 64);
      return low === undefined ? request : refuse(400, { message: `${low} must be at least 64` });
    },
  },
  'store-refused': {
    does: 'does not know store: 500',
    request: (request) =>
      'store' in request.body ? refuse(500, { message: 'json: unknown field "store"' }) : request,
  },
  'thinks-first': {
    does: 'has a model that thinks for 100 tokens before it answers, under a name that does not say so',
    completion: onText((content, request) =>
      Number(request.body.max_tokens ?? request.body.max_completion_tokens ?? 1000) < 100
        ? { content: '', reasoning_content: 'Let me think.' }
        : { content, reasoning_content: 'Let me think.' },
    ),
  },
  'caches-prompts': {
    does: 'reads long prompts from a cache from the second time on',
    completion: (completion) =>
      (completion.usage?.prompt_tokens ?? 0) > 1_024
        ? withUsage(completion, (usage) => ({
            prompt_tokens_details: { cached_tokens: usage.prompt_tokens - 16, audio_tokens: 0 },
          }))
        : completion,
  },
  'head-cut': {
    does: 'cuts the head of prompts of more than 20,000 characters, without an error',
    request: (request) => {
      const messages = Array.isArray(request.body.messages) ? request.body.messages : [];
      const cut = messages.map((message) =>
        String(message.content).length > 20_000
          ? { ...message, content: String(message.content).slice(-20_000) }
          : message,
      );
      return messages.length === 0 ? request : { ...request, body: { ...request.body, messages: cut } };
    },
  },
  'output-padded': {
    does: 'counts twice the output tokens',
    completion: (completion) =>
      withUsage(completion, (usage) => ({ completion_tokens: usage.completion_tokens * 2 })),
  },
  'preview-snapshot': {
    does: 'names the dated snapshot of a preview model in the response',
    completion: (completion) => ({ ...completion, model: `${completion.model}-2025-03-11` }),
  },
} as const satisfies Readonly<Record<string, QuirkHooks>>;

function withUsage(completion: Completion, change: (usage: Usage) => Partial<Usage>): Completion {
  const { usage } = completion;
  return usage === undefined ? completion : { ...completion, usage: { ...usage, ...change(usage) } };
}

type Called = CompletionToolCall['function'];

function onCalls(change: (called: Called) => Record<string, unknown>) {
  return (completion: Completion): Completion => ({
    ...completion,
    choices: completion.choices.map((choice) => ({
      ...choice,
      message: {
        ...choice.message,
        ...(choice.message.tool_calls && {
          tool_calls: choice.message.tool_calls.map((call) => ({
            ...call,
            function: change(call.function) as unknown as Called,
          })),
        }),
      },
    })),
  });
}

/** Changes the messages that have a text; a text that the token limit left out ends with `length`. */
function onText(change: (content: string, request: GatewayRequest) => Record<string, unknown>) {
  return (completion: Completion, request: GatewayRequest): Completion => ({
    ...completion,
    choices: completion.choices.map((choice) => {
      if (typeof choice.message.content !== 'string') return choice;
      const changed = change(choice.message.content, request);
      const isCut = changed.content === '' && changed.reasoning_content !== undefined;
      return {
        ...choice,
        message: { ...choice.message, ...changed },
        ...(isCut ? { finish_reason: 'length' } : {}),
      };
    }),
  });
}

function onCompletion(change: (choice: Record<string, unknown>) => Record<string, unknown>) {
  return (reply: Reply): Reply =>
    reply.kind === 'json' && reply.body.object === 'chat.completion' && Array.isArray(reply.body.choices)
      ? { ...reply, body: { ...reply.body, choices: reply.body.choices.map(change) } }
      : reply;
}

function onChat(change: (request: GatewayRequest) => GatewayRequest | Reply) {
  return (request: GatewayRequest, { validKey, models }: Gateway): GatewayRequest | Reply =>
    request.route === '/chat/completions' &&
    request.key === validKey &&
    models.includes(String(request.body.model))
      ? change(request)
      : request;
}

/** Changes every piece of a streamed tool call. */
function onPieces(change: (piece: Partial<CompletionToolCall>) => object): NonNullable<QuirkHooks['chunks']> {
  return (chunks) =>
    chunks.map((chunk) => ({
      ...chunk,
      choices: chunk.choices.map(({ delta, ...choice }) => ({
        ...choice,
        delta: {
          ...delta,
          ...(delta.tool_calls && {
            tool_calls: delta.tool_calls.map((call) => ({ ...call, ...change(call) })),
          }),
        },
      })),
    }));
}
