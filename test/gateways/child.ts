/** Runs a gateway of another language as a child process on 127.0.0.1. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** LiteLLM takes half a minute on a machine with two busy cores. */
const START_DEADLINE_MS = 240_000;
const STOP_DEADLINE_MS = 10_000;

export interface Running {
  stop(): Promise<void>;
}

interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Whether it is ready, asked twice a second. `output` is what it has written so far. */
  readonly isReady: (output: string) => Promise<boolean> | boolean;
}

/**
 * Starts a program in a group of processes of its own, and waits until it is ready.
 * @throws when it ends, or is not ready within four minutes; the message holds the end of what it wrote
 */
export async function startChild({ command, args, cwd, env, isReady }: Program): Promise<Running> {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(command, args, {
    cwd,
    env: { PATH, HOME, PYTHONUNBUFFERED: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (piece: Buffer) => {
      output = `${output}${piece}`.slice(-20_000);
    });
  }
  const closed = once(child, 'close');
  let hasEnded = false;
  void closed.then(() => {
    hasEnded = true;
  });
  const stop = async () => {
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      if (hasEnded || child.pid === undefined) return;
      process.kill(-child.pid, signal);
      await Promise.race([closed, sleep(STOP_DEADLINE_MS, undefined, { ref: false })]);
    }
  };
  for (
    const deadline = Date.now() + START_DEADLINE_MS;
    Date.now() < deadline && !hasEnded;
    await sleep(500)
  ) {
    if (await isReady(output)) return { stop };
  }
  await stop();
  throw new Error(`${command} did not start. The end of its output:\n${output.slice(-4_000)}`);
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** Whether anything responds over HTTP. */
export const responds = (url: string): Promise<boolean> =>
  fetch(url, { signal: AbortSignal.timeout(2_000) }).then(
    () => true,
    () => false,
  );
