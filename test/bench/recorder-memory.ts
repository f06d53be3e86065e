/** How much memory the recorder takes for what no client or gateway should send. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { startRecorderProcess } from '../support/recorder-process.ts';
import type { Row } from './row.ts';

const MB = 1024 * 1024;
const PIECE = Buffer.alloc(MB, 'x');
const LIMIT_MB = 300;

/** Each in a recorder of its own: the request, and what its only record must say. */
const CASES = [
  { what: 'request body of 1 GiB in chunks', path: '/none', bodyMb: 1024, says: 'larger than 64 MB' },
  { what: 'response with a line of 400 MiB', path: '/line/400', bodyMb: 0, says: 'longer than 16 MB' },
  { what: 'response of 400 MiB that is one JSON text', path: '/json/400', bodyMb: 0, says: null },
  { what: 'response of 10 GiB, compressed to 10 MB', path: '/bomb', bodyMb: 0, says: 'more than 1 GiB' },
] as const;

export async function benchRecorderMemory(): Promise<readonly Row[]> {
  const upstream = await startUpstream();
  const rows: Row[] = [];
  try {
    for (const { what, path, bodyMb, says } of CASES) {
      const recorder = await startRecorderProcess(upstream);
      const startedMs = performance.now();
      await ask(`${recorder.baseUrl}${path}`, recorder.apiKey, bodyMb).catch(() => undefined);
      const seconds = (performance.now() - startedMs) / 1000;
      const { attempts, peakMb } = await recorder.stop();
      const [only] = attempts;
      if (attempts.length !== 1 || (says !== null) !== (only?.message?.includes(says ?? '') ?? false)) {
        throw new Error(`${what}: the records were ${JSON.stringify(attempts)}.`);
      }
      rows.push({ what: `peak memory, ${what}`, value: peakMb, unit: ' MB', limit: LIMIT_MB });
      rows.push({ what: `… (${only?.message ?? 'served'})`, value: seconds, unit: ' s', limit: 90 });
    }
    return rows;
  } finally {
    upstream.server.close();
    upstream.server.closeAllConnections();
  }
}

function* megabytes(count: number): Generator<Buffer> {
  for (let sent = 0; sent < count; sent += 1) yield PIECE;
}

async function ask(url: string, apiKey: string, bodyMb: number): Promise<void> {
  const sent = request(url, { method: 'POST', headers: { authorization: `Bearer ${apiKey}` } });
  sent.on('error', () => undefined);
  const answered: Promise<IncomingMessage[]> = once(sent, 'response');
  await pipeline(Readable.from(megabytes(bodyMb)), sent);
  const [answer] = await answered;
  for await (const _ of answer ?? []);
}

async function startUpstream(): Promise<{ server: Server; baseUrl: string; apiKey: string }> {
  const bomb = await bombOf(10 * 1024);
  const server = createServer(async (incoming, outgoing) => {
    for await (const _ of incoming);
    const [, kind, size] = /^\/v1\/(\w+)(?:\/(\d+))?$/.exec(incoming.url ?? '') ?? [];
    const body = Readable.from(megabytes(Number(size ?? 0)));
    switch (kind) {
      case 'line':
        outgoing.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: ');
        body.pipe(outgoing);
        return;
      case 'json':
        outgoing.writeHead(200, { 'content-type': 'application/json' }).write('{"text":"');
        body.pipe(outgoing, { end: false }).on('unpipe', () => outgoing.end('"}'));
        return;
      default:
        outgoing.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
        outgoing.end(bomb);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The upstream has no port.');
  return { server, baseUrl: `http://127.0.0.1:${address.port}/v1`, apiKey: 'sk-bench-0123456789abcdef' };
}

/** Members of one gigabyte, one after the other: gzip takes them for one body. */
async function bombOf(mb: number): Promise<Buffer> {
  const member = await compressed(1024);
  return Buffer.concat(Array.from({ length: mb / 1024 }, () => member));
}

async function compressed(mb: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of Readable.from(megabytes(mb)).pipe(createGzip({ level: 9 }))) pieces.push(piece);
  return Buffer.concat(pieces);
}
