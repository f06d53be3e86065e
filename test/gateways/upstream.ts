/** The demo's upstream, which does not read the format of a response: here it obeys that one too. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { startUpstream as startDemo, type Upstream, type UpstreamOptions } from '../demo/upstream.ts';

const OF_THE_CONNECTION: ReadonlySet<string> = new Set([
  ...['connection', 'keep-alive', 'transfer-encoding', 'content-encoding', 'content-length'],
]);

export async function startUpstream(options: UpstreamOptions): Promise<Upstream> {
  const demo = await startDemo(options);
  const server = createServer(async (request, response) => {
    const { method = 'GET', url = '/', headers } = request;
    const body = await text(request);
    const answer = await fetch(new URL(url, demo.baseUrl), {
      method,
      headers: { authorization: headers.authorization ?? '', 'content-type': 'application/json' },
      ...(method === 'POST' && { body: url.endsWith('/responses') ? withFormat(body) : body }),
    });
    const kept = [...answer.headers].filter(([name]) => !OF_THE_CONNECTION.has(name));
    response.writeHead(answer.status, Object.fromEntries(kept));
    await pipeline(Readable.from(answer.body ?? []), response).catch(() => response.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return {
    ...demo,
    baseUrl: `http://127.0.0.1:${port}/v1`,
    async stop() {
      server.closeAllConnections();
      server.close();
      await demo.stop();
    },
  };
}

/** The format under the name that the demo's upstream reads. */
function withFormat(body: string): string {
  const request = JSON.parse(body);
  const { type, ...json_schema } = request.text?.format ?? {};
  return JSON.stringify({ ...request, ...(type && { response_format: { type, json_schema } }) });
}
