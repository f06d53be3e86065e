/** A server in front of the demo's gateway that adds the headers which name its upstream: a base URL and a key are enough. */
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Front {
  readonly baseUrl: string;
  stop(): Promise<void>;
}

/** @param target with `/v1`, on this machine @param headers for every request */
export async function startFront(target: string, headers: Readonly<Record<string, string>>): Promise<Front> {
  const { hostname, port, pathname } = new URL(target);
  const pass = (incoming: IncomingMessage, response: ServerResponse): void => {
    const { host: _, ...given } = incoming.headers;
    const { method = 'GET', url: path = '/' } = incoming;
    const forwarded = request({ hostname, port, method, path, headers: { ...given, ...headers } });
    forwarded.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
      answer.on('error', () => response.destroy());
    });
    forwarded.on('error', () => response.destroy());
    response.on('close', () => forwarded.destroy());
    incoming.pipe(forwarded);
  };
  const server = createServer(pass);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}${pathname}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
