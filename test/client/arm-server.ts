/** A server that speaks the API on a free port of 127.0.0.1, and fails on request. The test that starts it stops it. */
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

export type Behaviour =
  | 'serve'
  /** A status of 503, which the SDK retries. */
  | 'refuse'
  /** A status of 400, which it doesn't. */
  | 'deny'
  /** The connection breaks before a response. */
  | 'reset'
  /** Status 200, and the connection breaks before the first byte of the body, or after some. */
  | 'empty'
  | 'cut'
  | 'hang'
  /** Status 200 with a web page, or an error. */
  | 'page'
  | 'error';

export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Readonly<Record<string, unknown>>;
  /** Whether the client left before the response was complete. */
  left: boolean;
}

export interface ArmServer {
  readonly baseUrl: string;
  readonly received: Received[];
  /** What happens to each request from now on. */
  behave(how: (received: Received, number: number) => Behaviour): void;
  stop(): Promise<void>;
}

const USAGE = {
  prompt_tokens: 12,
  completion_tokens: 5,
  total_tokens: 17,
  prompt_tokens_details: { cached_tokens: 4 },
};

export async function startArmServer(): Promise<ArmServer> {
  const received: Received[] = [];
  let how: (received: Received, number: number) => Behaviour = () => 'serve';
  const server = createServer(async (request, response) => {
    const body = request.method === 'POST' ? ((await json(request)) as Received['body']) : {};
    const each: Received = { path: request.url ?? '', headers: request.headers, body, left: false };
    received.push(each);
    response.on('close', () => {
      each.left = !response.writableFinished;
    });
    respond(each, how(each, received.length), response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    received,
    behave: (given) => {
      how = given;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function respond({ path, body }: Received, behaviour: Behaviour, response: ServerResponse): void {
  const head = (type: string, status = 200) =>
    response.writeHead(status, { 'content-type': type, 'x-request-id': 'req_1', 'retry-after-ms': '1' });
  const send = (value: unknown, status = 200) => head('application/json', status).end(JSON.stringify(value));
  if (behaviour === 'hang') return;
  if (behaviour === 'reset') response.destroy();
  else if (behaviour === 'refuse') send({ error: { message: 'Overloaded.', type: 'server_error' } }, 503);
  else if (behaviour === 'deny') send({ error: { message: 'No.', type: 'invalid_request_error' } }, 400);
  else if (behaviour === 'page') head('text/html').end('<!doctype html><title>Sign in</title>');
  else if (behaviour === 'error') send({ error: { message: 'No upstream.', type: 'server_error' } });
  else if (behaviour === 'empty') {
    head('application/json').flushHeaders();
    setTimeout(() => response.destroy(), 20);
  } else if (path.endsWith('/embeddings')) {
    const data = [{ object: 'embedding', index: 0, embedding: [0.5] }];
    send({ object: 'list', model: body.model, data, usage: { prompt_tokens: 3, total_tokens: 3 } });
  } else if (body.stream === true) void stream(body, behaviour, head('text/event-stream'));
  else if (behaviour === 'cut') {
    head('application/json').write('{"model":');
    setTimeout(() => response.destroy(), 20);
  } else {
    const message = { role: 'assistant', content: 'Hello there.' };
    const choices = [{ index: 0, message, finish_reason: 'stop' }];
    send({ id: 'c', object: 'chat.completion', model: body.model, choices, usage: USAGE });
  }
}

/** Three pieces of text; a cut comes after the second, and `max_tokens: 1` waits for the client after the first. */
async function stream(body: Received['body'], behaviour: Behaviour, response: ServerResponse): Promise<void> {
  const chunk = (delta: object, finish_reason: string | null = null) =>
    response.write(
      `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', model: body.model, choices: [{ index: 0, delta, finish_reason }] })}\n\n`,
    );
  chunk({ role: 'assistant', content: 'Hel' });
  if (body.max_tokens === 1) return;
  await new Promise((resolve) => setTimeout(resolve, 5));
  chunk({ content: 'lo.' });
  await new Promise((resolve) => setTimeout(resolve, 5));
  if (behaviour === 'cut') {
    response.destroy();
    return;
  }
  chunk({}, 'stop');
  response.write(`data: ${JSON.stringify({ model: body.model, choices: [], usage: USAGE })}\n\n`);
  response.end('data: [DONE]\n\n');
}
