import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';
import { onTestFinished } from 'vitest';
import type { Certificate } from '../support/certificates.ts';

export type { IncomingMessage, ServerResponse };

/** An HTTP server on a free loopback port; it ends with the test. @returns its origin */
export async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  return `http://127.0.0.1:${await listen(server, () => server.closeAllConnections())}`;
}

/** The same over TLS, with this certificate; it sends `{}` by default. */
export async function serveTls(
  certificate: Certificate,
  listener: RequestListener = (_, response) => sendJson(response, 200, {}),
): Promise<string> {
  const server = createTlsServer(certificate, listener);
  return `https://127.0.0.1:${await listen(server, () => server.closeAllConnections())}`;
}

/** A TCP server that takes a connection and hangs up at once. */
export async function serveHangUp(): Promise<string> {
  const server = createTcpServer((socket) => socket.destroy());
  return `http://127.0.0.1:${await listen(server, () => {})}`;
}

/** A port on which nothing listens: one that was free a moment ago. */
export async function closedPort(): Promise<number> {
  const server = createTcpServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const port = portOf(server);
  server.close();
  await once(server, 'close');
  return port;
}

async function listen(server: Server, closeConnections: () => void): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    closeConnections();
    server.close();
    await once(server, 'close');
  });
  return portOf(server);
}

function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server listens on no port');
  return address.port;
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}
