/** A TLS server for one arm that remembers the keys of its requests. */
import { once } from 'node:events';
import { createServer } from 'node:https';
import type { Certificate } from '../support/certificates.ts';

export interface ArmServer {
  readonly port: number;
  /** The `Authorization` header of every request since the list was emptied. */
  readonly keys: (string | undefined)[];
  stop(): Promise<void>;
}

export async function startArm(certificate: Certificate): Promise<ArmServer> {
  const keys: (string | undefined)[] = [];
  const server = createServer(certificate, (request, response) => {
    keys.push(request.headers.authorization);
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"data":[]}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return {
    port: address.port,
    keys,
    async stop() {
      if (!server.listening) return;
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
