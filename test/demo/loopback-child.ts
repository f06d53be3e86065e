/** Runs a third-party server as a child process, and makes it listen on 127.0.0.1 only. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { z } from 'zod';

export interface LoopbackChild {
  readonly port: number;
  /** Ends the child and waits for its exit. */
  stop(): Promise<void>;
}

const START_DEADLINE_MS = 15_000;
const STOP_DEADLINE_MS = 500;
const PRELOAD = new URL('./loopback-only.mjs', import.meta.url).href;
const portMessage = z.object({ port: z.int() });

/**
 * Starts a Node program in an empty environment and waits until it listens. It ends with `stop`, or when this process
 * ends.
 * @throws when it doesn't listen within 15 seconds; the message holds its standard error
 */
export async function startOnLoopback(program: string, args: readonly string[]): Promise<LoopbackChild> {
  const child = spawn(process.execPath, ['--import', PRELOAD, program, ...args], {
    env: { NODE_ENV: 'production' },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  return { port: await portOf(child, program), stop: () => end(child) };
}

async function portOf(child: ChildProcess, program: string): Promise<number> {
  let errors = '';
  child.stderr?.on('data', (piece: Buffer) => {
    errors = `${errors}${piece}`.slice(-4_000);
  });
  const settled = new AbortController();
  const signal = AbortSignal.any([settled.signal, AbortSignal.timeout(START_DEADLINE_MS)]);
  // Not `exit`: at `close` all of the standard error has been read.
  const gone = once(child, 'close', { signal }).then(([code]) => {
    throw new Error(`it ended with exit code ${code}`);
  });
  const listening = once(child, 'message', { signal }).then(([sent]) => portMessage.parse(sent).port);
  try {
    return await Promise.race([listening, gone]);
  } catch (cause) {
    await end(child);
    const reason = signal.aborted
      ? `it did not listen within ${START_DEADLINE_MS / 1000} seconds`
      : cause instanceof Error
        ? cause.message
        : String(cause);
    throw new Error(
      `${program} did not start: ${reason}. Expected a server on 127.0.0.1. Run \`npm ci\` and try again. ` +
        `Its standard error: ${errors.trim() || '(empty)'}`,
      { cause },
    );
  } finally {
    settled.abort();
    await Promise.allSettled([listening, gone]);
  }
}

async function end(child: ChildProcess): Promise<void> {
  const neverRan = child.pid === undefined;
  if (neverRan || child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill();
  const killTimer = setTimeout(() => child.kill('SIGKILL'), STOP_DEADLINE_MS);
  await exited;
  clearTimeout(killTimer);
}
