/** What gateways that translate chat completions have made of responses. */
import type { QuirkHooks } from './quirk.ts';
import { refuse } from './refusals.ts';
import type { Frame, GatewayRequest, JsonObject, Reply } from './reply.ts';

export const responseQuirks = {
  'responses-text-empty': {
    does: 'completes a response whose text is empty',
    reply: (reply) =>
      saysPong(reply)
        ? withoutDeltas(onResponse((whole) => ({ ...whole, output: itemsOf(whole).map(withoutText) }))(reply))
        : reply,
  },
  'responses-reasoning-only': {
    does: 'completes a response in which there is reasoning, and no message',
    reply: (reply) => (saysPong(reply) ? withoutDeltas(onResponse(reasoningAlone)(reply)) : reply),
  },
  'responses-think-first': {
    does: 'has a model whose reasoning uses up a small limit before its text, under a name that does not say so',
    reply: (reply, request) =>
      saysPong(reply) && Number(request.body.max_output_tokens ?? 1_000) < 100
        ? withoutDeltas(onResponse((whole) => ({ ...reasoningAlone(whole), ...CUT }))(reply))
        : reply,
  },
  'responses-object-missing': {
    does: 'omits the object of a response',
    reply: onResponse(({ object: _, ...whole }) => whole),
  },
  'responses-other-model': {
    does: 'serves a model of another family on /responses, and names it',
    reply: onResponse((whole) => ({ ...whole, model: 'qwen2.5-7b-instruct' })),
  },
  'responses-wrong-key-accepted': {
    does: 'accepts every key on /responses',
    request: (request, { validKey }) => (onRoute(request) ? { ...request, key: validKey } : request),
  },
  'responses-unknown-model-answered': {
    does: 'serves an unknown model on /responses',
    request: (request, { models: [first] }) =>
      onRoute(request) && String(request.body.model).startsWith('gateway-rollout')
        ? { ...request, body: { ...request.body, model: first } }
        : request,
  },
  'responses-client-refused': {
    does: "refuses the official client's headers on /responses",
    request: (request) =>
      onRoute(request) && 'x-stainless-lang' in request.headers
        ? refuse(403, { message: 'Your client is not allowed here.', code: 'client_not_allowed' })
        : request,
  },
  'responses-status-missing': {
    does: 'omits the status of a response that is not streamed',
    reply: onResponse(
      ({ status: _, ...whole }) => whole,
      () => null,
    ),
  },
  'responses-failed': {
    does: 'returns 200 and a response that failed',
    reply: (reply) => (saysPong(reply) ? onResponse(failed, () => null)(reply) : reply),
  },
  'responses-usage-missing': {
    does: 'omits the usage of responses',
    reply: onResponse((whole) => ({ ...whole, usage: null })),
  },
  'responses-parameters-dropped': {
    does: 'drops the tools, the format, the reasoning and the logprobs of /responses',
    request: (request) => {
      const { tools: _, tool_choice: __, text: ___, reasoning: ____, include: _____, ...body } = request.body;
      return onRoute(request) ? { ...request, body } : request;
    },
  },
  'responses-limit-ignored': {
    does: 'ignores the token limit of /responses',
    request: (request) => {
      const { max_output_tokens: _, ...body } = request.body;
      return onRoute(request) ? { ...request, body } : request;
    },
  },
  'responses-unvalidated': {
    does: 'drops the temperature of /responses',
    request: (request) => {
      const { temperature: _, ...body } = request.body;
      return onRoute(request) ? { ...request, body } : request;
    },
  },
  'responses-truncated': {
    does: 'ends a streamed response in order, but without the last third of its text',
    reply: (reply) => {
      if (reply.kind !== 'stream') return reply;
      const spoken = reply.frames.filter(({ event }) => event === 'response.output_text.delta');
      const dropped = new Set(spoken.slice(Math.ceil((spoken.length * 2) / 3)));
      return { ...reply, frames: reply.frames.filter((frame) => !dropped.has(frame)) };
    },
  },
  'responses-type-missing': {
    does: 'names the events of a streamed response in the field event alone',
    reply: onFrames(({ event, data }) => {
      const { type: _, ...rest } = data as JsonObject;
      return [{ ...(event && { event }), data: rest }];
    }),
  },
  'responses-no-deltas': {
    does: 'streams no piece of a response, only its first and its last event',
    reply: (reply) => withoutDeltas(reply),
  },
} as const satisfies Readonly<Record<string, QuirkHooks>>;

const onRoute = ({ route }: GatewayRequest): boolean => route === '/responses';

/** Whether it answers the plain question or streams the long one, and so no other probe's. */
const saysPong = (reply: Reply): boolean =>
  reply.kind === 'json'
    ? JSON.stringify(reply.body).includes('"pong"')
    : 'frames' in reply && /"pong"|"1 2 3 4/.test(JSON.stringify(reply.frames));

const failed = (whole: JsonObject): JsonObject => ({
  ...whole,
  status: 'failed',
  output: [],
  error: { code: 'server_error', message: 'The server had an error.' },
});

const CUT = { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } };

const reasoningAlone = (whole: JsonObject): JsonObject => ({
  ...whole,
  output: [{ id: 'rs_1', type: 'reasoning', summary: [] }],
});

const itemsOf = (whole: JsonObject): readonly JsonObject[] =>
  Array.isArray(whole.output) ? whole.output : [];

const withoutText = (item: JsonObject): JsonObject =>
  Array.isArray(item.content)
    ? { ...item, content: item.content.map((part: JsonObject) => ({ ...part, text: '' })) }
    : item;

/** Changes whole responses, and the one in the last event of a stream. */
function onResponse(
  change: (whole: JsonObject) => JsonObject,
  inStream: (whole: JsonObject) => JsonObject | null = change,
): (reply: Reply) => Reply {
  const last = onFrames((frame) => {
    const data = frame.data as JsonObject;
    const changed = /^response\.(completed|incomplete)$/.test(frame.event ?? '')
      ? inStream(data.response as JsonObject)
      : null;
    return [changed === null ? frame : { ...frame, data: { ...data, response: changed } }];
  });
  return (reply) =>
    reply.kind === 'json' && reply.body.object === 'response'
      ? { ...reply, body: change(reply.body) }
      : last(reply);
}

function onFrames(change: (frame: Frame) => Frame[]): (reply: Reply) => Reply {
  return (reply) =>
    reply.kind === 'stream' && reply.frames.some(({ event }) => event?.startsWith('response.'))
      ? { ...reply, frames: reply.frames.flatMap(change) }
      : reply;
}

/** Leaves of a streamed response only its first and its last event. */
function withoutDeltas(reply: Reply): Reply {
  return onFrames((frame) =>
    /^response\.(created|completed|incomplete)$/.test(frame.event ?? '') ? [frame] : [],
  )(reply);
}
