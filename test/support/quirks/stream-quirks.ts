/** What real gateways have done to streams. */
import type { CompletionChunk } from './chat.ts';
import type { QuirkHooks } from './quirk.ts';
import { type Frame, json, type Reply, type StreamReply } from './reply.ts';

export const streamQuirks = {
  'stream-truncated': {
    does: 'ends a stream in order, with a finish reason and [DONE], but without the last third of the text',
    chunks: (chunks) => {
      const spoken = chunks.filter(isSpoken);
      const dropped = new Set(spoken.slice(Math.ceil((spoken.length * 2) / 3)));
      return chunks.filter((chunk) => !dropped.has(chunk));
    },
  },
  'stream-cut': {
    does: 'drops the connection in the middle of a stream',
    reply: onStream((reply) => ({
      ...reply,
      frames: reply.frames.slice(0, Math.ceil(reply.frames.length / 2)),
      overMs: reply.overMs / 2,
      end: 'cut',
    })),
  },
  'stream-no-done': {
    does: 'ends a stream without [DONE]',
    reply: onStream((reply) => ({
      ...reply,
      frames: reply.frames.filter((frame) => frame.data !== '[DONE]'),
    })),
  },
  'stream-no-finish-reason': {
    does: 'streams no finish reason',
    chunks: (chunks) => chunks.filter((chunk) => finishOf(chunk) === null),
  },
  'stream-error-chunk': {
    does: 'returns 200, streams a little, then an error object instead of the rest',
    chunks: (chunks) => [
      ...chunks.slice(0, 3),
      ...chunks.slice(0, 1).map((chunk) => ({
        ...chunk,
        choices: [],
        error: { message: 'Upstream connection lost.', type: 'upstream_error', param: null, code: 502 },
      })),
    ],
  },
  'finish-reason-error': {
    does: 'streams a part of the text and then the finish reason "error"',
    chunks: (chunks) => {
      const half = chunks.slice(0, Math.ceil(chunks.length / 2));
      const last = chunks
        .filter((chunk) => finishOf(chunk) !== null)
        .map((chunk) => withFinish(chunk, 'error'));
      return [...half.filter((chunk) => finishOf(chunk) === null), ...last];
    },
  },
  'usage-chunk-missing': {
    does: 'streams no usage although it was requested',
    chunks: (chunks) => chunks.filter((chunk) => !isUsage(chunk)),
  },
  'usage-chunk-doubled': {
    does: 'streams the usage twice',
    chunks: (chunks) => chunks.flatMap((chunk) => (isUsage(chunk) ? [chunk, chunk] : [chunk])),
  },
  'usage-chunk-zero': {
    does: 'streams a usage in which every number is zero',
    chunks: (chunks) =>
      chunks.map((chunk) =>
        chunk.usage
          ? { ...chunk, usage: { ...chunk.usage, prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 } }
          : chunk,
      ),
  },
  'stream-id-changes': {
    does: 'gives each chunk its own id',
    chunks: (chunks) => chunks.map((chunk, index) => ({ ...chunk, id: `${chunk.id}-${index}` })),
  },
  'stream-burst': {
    does: 'sends the headers of a stream, waits 300 ms, then sends everything at once',
    reply: onStream((reply) => ({ ...reply, quietMs: 300, overMs: 0 })),
  },
  'stream-stalls': {
    does: 'stops in the middle of a stream, and leaves the connection open',
    reply: onStream((reply) => ({
      ...reply,
      frames: reply.frames.slice(0, Math.ceil(reply.frames.length / 2)),
      overMs: reply.overMs / 2,
      end: 'never',
    })),
  },
  'stream-json-broken': {
    does: 'cuts the JSON of one event in the middle of a stream',
    reply: onStream((reply) => ({
      ...reply,
      frames: reply.frames.map((frame, index) =>
        index === 2 ? { ...frame, data: JSON.stringify(frame.data).slice(0, 40) } : frame,
      ),
    })),
  },
  'stream-foreign-lines': {
    does: 'sends lines between the events that are neither fields nor comments',
    reply: onStream((reply) => ({ ...reply, between: 'still generating\n\n' })),
  },
  'stream-comments': {
    does: 'sends comments between the events, so that no proxy ends the connection',
    reply: onStream((reply) => ({ ...reply, between: ': still generating\n\n' })),
  },
  'stream-delta-null': {
    does: 'ends a stream with a choice whose delta is null',
    chunks: (chunks) =>
      chunks.map((chunk) =>
        finishOf(chunk) === null
          ? chunk
          : { ...chunk, choices: chunk.choices.map((choice) => ({ ...choice, delta: null as never })) },
      ),
  },
  'stream-choices-missing': {
    does: 'sends the usage of a stream without any choices, not even an empty list',
    chunks: (chunks) =>
      chunks.map((chunk) => (isUsage(chunk) ? { ...chunk, choices: undefined as never } : chunk)),
  },
  'stream-role-missing': {
    does: 'names no role in a stream',
    chunks: (chunks) =>
      chunks.map((chunk) => ({
        ...chunk,
        choices: chunk.choices.map(({ delta: { role: _, ...delta }, ...choice }) => ({ ...choice, delta })),
      })),
  },
  'stream-text-plain': {
    does: 'streams with the media type text/plain',
    reply: onStream((reply) => ({ ...reply, contentType: 'text/plain; charset=utf-8' })),
  },
  'stream-ignored': {
    does: 'responds to a streaming request with one JSON object',
    request: (request) => {
      const { stream: _, stream_options: __, ...body } = request.body;
      return { ...request, body };
    },
  },
  'stream-gzip': {
    does: 'compresses streams whatever the client accepts',
    reply: onStream((reply) => ({ ...reply, gzip: true })),
  },
  'tool-call-without-index': {
    does: 'streams tool calls without their index',
    chunks: (chunks) => mapCalls(chunks, ({ index: _, ...call }) => call),
  },
  'tool-call-without-type': {
    does: 'streams tool calls without their type',
    chunks: (chunks) => mapCalls(chunks, ({ type: _, ...call }) => call),
  },
  'responses-no-terminal-event': {
    does: 'ends a stream of /responses without response.completed',
    reply: onStream((reply) => ({ ...reply, frames: reply.frames.filter((frame) => !isTerminal(frame)) })),
  },
  'stream-error-200-json': {
    does: 'responds to a streaming request with 200 and a JSON error object',
    reply: (reply) =>
      reply.kind === 'stream'
        ? {
            ...json({
              error: {
                message: 'Upstream refused the stream.',
                type: 'upstream_error',
                param: null,
                code: 502,
              },
            }),
            headers: reply.headers,
          }
        : reply,
  },
} as const satisfies Readonly<Record<string, QuirkHooks>>;

function onStream(change: (reply: StreamReply) => StreamReply): (reply: Reply) => Reply {
  return (reply) => (reply.kind === 'stream' ? change(reply) : reply);
}

const finishOf = (chunk: CompletionChunk): string | null => chunk.choices[0]?.finish_reason ?? null;
const isSpoken = (chunk: CompletionChunk): boolean => Boolean(chunk.choices[0]?.delta.content);
const isUsage = (chunk: CompletionChunk): boolean => chunk.choices.length === 0 && chunk.usage != null;
const isTerminal = (frame: Frame): boolean =>
  /^response\.(completed|incomplete|failed)$/.test(frame.event ?? '');

function withFinish(chunk: CompletionChunk, finish_reason: string): CompletionChunk {
  return { ...chunk, choices: chunk.choices.map((choice) => ({ ...choice, finish_reason })) };
}

type Call = NonNullable<CompletionChunk['choices'][number]['delta']['tool_calls']>[number];

function mapCalls(
  chunks: readonly CompletionChunk[],
  change: (call: Call) => Call,
): readonly CompletionChunk[] {
  return chunks.map((chunk) => ({
    ...chunk,
    choices: chunk.choices.map((choice) =>
      choice.delta.tool_calls === undefined
        ? choice
        : { ...choice, delta: { ...choice.delta, tool_calls: choice.delta.tool_calls.map(change) } },
    ),
  }));
}
