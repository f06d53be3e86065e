/** An upstream with the answers of the official API, which fails on request. */
import { once } from 'node:events';
import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Arm } from '../../src/config/arms.ts';
import { sendJson } from '../gateway/loopback.ts';

const MODEL = 'gpt-4o-mini-2024-07-18';
/** Of each chat and each response, and the input of an embedding. */
export const USED = { input: 12, cachedInput: 4, output: 8, embedding: 5 };

const USAGE = {
  prompt_tokens: USED.input,
  completion_tokens: USED.output,
  total_tokens: USED.input + USED.output,
  prompt_tokens_details: { cached_tokens: USED.cachedInput },
};

/**
 * One upstream for both arms, which have different host names.
 * @param take answers a request itself if it returns true
 */
export async function startUpstream(take: (arm: Arm, response: ServerResponse) => boolean = () => false) {
  const answer = scripted();
  const server = createServer((request, response) => {
    const arm = request.headers.host?.startsWith('localhost') ? 'gateway' : 'official';
    if (!take(arm, response)) answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const urls = {
    official: `http://127.0.0.1:${port}/v1`,
    gateway: `http://localhost:${port}/v1`,
  } satisfies Record<Arm, string>;
  return {
    urls,
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/**
 * What the words of a request mean: `status N` is refused with it, `hang up` breaks the connection, `silence` is never
 * answered, and `status N once` is served when it is retried.
 */
function scripted(): RequestListener {
  return async (request, response) => {
    const asked = JSON.parse((await text(request)) || '{}');
    const words: string = asked.messages?.at(-1)?.content ?? asked.input ?? '';
    const isRetry = Number(request.headers['x-stainless-retry-count'] ?? 0) > 0;
    const [, status, once] = /status (\d+)( once)?/.exec(words) ?? [];
    if (words === 'hang up') return void request.socket.destroy();
    if (words === 'silence') return;
    if (status !== undefined && !(once !== undefined && isRetry)) {
      const error = { message: 'no', type: 'none', code: null, param: null };
      return sendJson(response, Number(status), { error }, { 'retry-after-ms': '1' });
    }
    if (!asked.stream) return sendJson(response, 200, answerOf(request.url ?? ''));
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const chunk of CHUNKS) response.write(`data: ${JSON.stringify(chunk)}\n\n`);
    response.end('data: [DONE]\n\n');
  };
}

function answerOf(path: string) {
  if (path.endsWith('/embeddings')) return EMBEDDING;
  return path.endsWith('/responses') ? RESPONSE : CHAT;
}

const chat = (choices: readonly object[], more: object = {}) => ({
  id: 'c',
  created: 1,
  model: MODEL,
  choices,
  ...more,
});
const piece = (delta: object, finish_reason: string | null) =>
  chat([{ index: 0, delta, finish_reason }], { object: 'chat.completion.chunk' });

const MESSAGE = { role: 'assistant', content: 'Hello.' };
const CHAT = chat([{ index: 0, message: MESSAGE, finish_reason: 'stop' }], {
  object: 'chat.completion',
  usage: USAGE,
});
const CHUNKS = [piece(MESSAGE, null), piece({}, 'stop'), { ...piece({}, null), choices: [], usage: USAGE }];
const EMBEDDING = {
  object: 'list',
  model: 'text-embedding-3-small',
  // One number, in base64.
  data: [{ object: 'embedding', index: 0, embedding: 'AACAPw==' }],
  usage: { prompt_tokens: USED.embedding, total_tokens: USED.embedding },
};
const RESPONSE = {
  id: 'r',
  object: 'response',
  created_at: 1,
  model: MODEL,
  status: 'completed',
  output: [
    {
      type: 'message',
      id: 'm',
      status: 'completed',
      role: 'assistant',
      content: [{ type: 'output_text', text: 'Hello.', annotations: [] }],
    },
  ],
  usage: {
    input_tokens: USED.input,
    output_tokens: USED.output,
    total_tokens: USED.input + USED.output,
    input_tokens_details: { cached_tokens: USED.cachedInput },
    output_tokens_details: { reasoning_tokens: 0 },
  },
};
