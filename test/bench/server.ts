/** What strangers and large webhooks cost the App's server: 200 MB unsigned, half-open connections, 24 MB bodies. */
import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { startGithub } from '../support/github/github.ts';
import { STATE_KEY } from '../support/start-app.ts';
import type { Row } from './row.ts';

const MB = 1024 * 1024;
const UNSIGNED = 200 * MB;
const SIGNED = 24 * MB;
const HALF_OPEN = 900;
const BODIES = 50;
/** What is deployed: the bundle. */
const CLI = join(import.meta.dirname, '../../dist/cli.js');

export async function benchServer(): Promise<readonly Row[]> {
  const github = await startGithub({ repo: 'acme/shop', users: { alice: 'write' } });
  const { appId, privateKey, webhookSecret } = github.app;
  const child = spawn(process.execPath, [CLI, 'app'], {
    env: {
      APP_ID: String(appId),
      PRIVATE_KEY: privateKey,
      WEBHOOK_SECRET: webhookSecret,
      STATE_KEY,
      GHE_HOST: new URL(github.url).host,
      GHE_PROTOCOL: 'http',
      HOST: '127.0.0.1',
      PORT: '0',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let logged = 0;
  const lines = createInterface(child.stdout);
  lines.on('line', (line) => {
    logged += line.length;
  });
  const url = await addressOf(lines);
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
    const asked: Promise<void>[] = [];
    const timer = setInterval(() => asked.push(ask()), 250);
    await post(url, UNSIGNED, {});
    const body = Buffer.from(`{"filler":"${'x'.repeat(SIGNED - 14)}"}`);
    const signature = createHmac('sha256', webhookSecret).update(body).digest('hex');
    const headers = {
      'x-github-event': 'ping',
      'x-github-delivery': 'd-1',
      'x-hub-signature-256': `sha256=${signature}`,
    };
    const statuses = await Promise.all(Array.from({ length: BODIES }, () => post(url, body, headers)));
    clearInterval(timer);
    await Promise.all(asked);
    const served = statuses.filter((status) => status === 200 || status === 202).length;
    const peak = Number(/VmHWM:\s*(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) / 1024;
    for (const socket of sockets) socket.destroy();
    return [
      { what: 'peak memory of the server', value: peak, unit: ' MB', limit: 400 },
      { what: 'what it logged', value: logged / MB, unit: ' MB', limit: 1 },
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

/** @param lines the App's log: the line that says where it listens comes first */
async function addressOf(lines: Interface): Promise<string> {
  const [line] = await once(lines, 'line');
  return JSON.parse(line).url;
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
