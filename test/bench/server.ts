/** What strangers and large webhooks cost the App's server: 200 MB unsigned, half-open connections, 24 MB bodies. */
import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { startGithub } from '../support/github/github.ts';
import { environmentOf } from '../support/start-app.ts';
import type { Row } from './row.ts';

const MB = 1024 * 1024;
const UNSIGNED = 200 * MB;
const SIGNED = 24 * MB;
const HALF_OPEN = 900;
const BODIES = 50;

export async function benchServer(): Promise<readonly Row[]> {
  const github = await startGithub({ repo: 'acme/shop', users: { alice: 'write' } });
  const environment = environmentOf(github);
  const child = spawn(process.execPath, [join(import.meta.dirname, 'server/child.ts')], {
    env: { BENCH_ENVIRONMENT: JSON.stringify(environment) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface(child.stdout);
  const [url] = await once(lines, 'line');
  const health: number[] = [];
  const ask = async (): Promise<void> => {
    const start = performance.now();
    await (await fetch(`${url}/healthz`)).text();
    health.push(performance.now() - start);
  };
  try {
    await ask();
    health.length = 0;
    const sockets = await halfOpen(new URL(url));
    const timer = setInterval(() => void ask(), 250);
    await post(url, UNSIGNED, {});
    const body = Buffer.from(`{"filler":"${'x'.repeat(SIGNED - 14)}"}`);
    const signature = createHmac('sha256', environment.webhookSecret).update(body).digest('hex');
    const headers = {
      'x-github-event': 'ping',
      'x-github-delivery': 'd-1',
      'x-hub-signature-256': `sha256=${signature}`,
    };
    const statuses = await Promise.all(Array.from({ length: BODIES }, () => post(url, body, headers)));
    clearInterval(timer);
    const served = statuses.filter((status) => status === 200 || status === 202).length;
    const peak = Number(/VmHWM:\s*(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) / 1024;
    for (const socket of sockets) socket.destroy();
    child.kill('SIGTERM');
    const [logged] = await once(lines, 'line');
    return [
      { what: 'peak memory of the server', value: peak, unit: ' MB', limit: 400 },
      { what: 'what it logged', value: Number(logged) / MB, unit: ' MB', limit: 1 },
      {
        what: `slowest of ${health.length} answers of /healthz meanwhile`,
        value: Math.max(...health),
        unit: ' ms',
        limit: 100,
      },
      { what: `of ${BODIES} signed bodies of 24 MB not served`, value: BODIES - served, unit: '', limit: 0 },
    ];
  } finally {
    child.kill('SIGKILL');
    await github.close();
  }
}

/** Connections whose request never ends. */
async function halfOpen({ hostname, port }: URL): Promise<readonly Socket[]> {
  const sockets = Array.from({ length: HALF_OPEN }, () => connect(Number(port), hostname));
  await Promise.all(sockets.map((socket) => once(socket, 'connect')));
  for (const socket of sockets) {
    socket.on('error', () => undefined);
    socket.write('POST /api/github/webhooks HTTP/1.1\r\nhost: x\r\n');
  }
  return sockets;
}

/** @param body or its length, of zeros. @returns the status; null where the server closed the connection */
function post(
  url: string,
  body: Buffer | number,
  headers: Readonly<Record<string, string>>,
): Promise<number | null> {
  return new Promise((resolve) => {
    const outgoing = request(`${url}/api/github/webhooks`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'content-length': typeof body === 'number' ? body : body.length,
        ...headers,
      },
    });
    outgoing.on('response', (response) => {
      response.resume();
      resolve(response.statusCode ?? null);
    });
    outgoing.on('error', () => resolve(null));
    if (typeof body !== 'number') {
      outgoing.end(body);
      return;
    }
    const piece = Buffer.alloc(MB);
    const write = (left: number): void => {
      if (left <= 0 || outgoing.destroyed) outgoing.end();
      else outgoing.write(piece, () => write(left - piece.length));
    };
    write(body);
  });
}
