/** A program that calls both arms with the official client, under a real instrumentation that Prometheus can scrape. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Arm } from '../../src/config/arms.ts';

/** Calls to be made one after the other. */
export interface Calls {
  readonly arm: Arm;
  readonly api: 'chat' | 'stream' | 'embeddings' | 'responses';
  readonly model: string;
  /** What upstream.ts answers, by its words. */
  readonly content: string;
  readonly retries: number;
  /** Of the client, in seconds. */
  readonly timeout: number;
  readonly times: number;
}

/** How an instrumentation is loaded: a module of a virtual environment of Python, or packages of Node. */
export type Instrumentation = { readonly folder: string } & (
  | { readonly language: 'python'; readonly module: string }
  | { readonly language: 'node' }
);

export class InstrumentedProgram {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  /** `host:port` of its metrics. */
  readonly target: string;

  private constructor(child: ChildProcess, lines: AsyncIterator<string>, target: string) {
    this.#child = child;
    this.#lines = lines;
    this.target = target;
  }

  static async start(
    instrumentation: Instrumentation,
    urls: Readonly<Record<Arm, string>>,
  ): Promise<InstrumentedProgram> {
    const { folder } = instrumentation;
    const [command, program, what] =
      instrumentation.language === 'node'
        ? [process.execPath, 'calls.mjs', folder]
        : [path.join(folder, 'bin/python'), 'calls.py', instrumentation.module];
    const file = path.join(import.meta.dirname, 'programs', program);
    const child = spawn(command, [file, what, urls.official, urls.gateway], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { PATH: process.env.PATH },
    });
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
    return new InstrumentedProgram(child, lines, `127.0.0.1:${await nextOf(lines)}`);
  }

  /** Resolves when all are done, failed ones included. */
  async make(calls: readonly Calls[]): Promise<void> {
    for (const call of calls) {
      this.#child.stdin?.write(`${JSON.stringify(call)}\n`);
      await nextOf(this.#lines);
    }
  }

  async stop(): Promise<void> {
    this.#child.stdin?.end();
    this.#child.kill('SIGKILL');
    if (this.#child.exitCode === null && this.#child.signalCode === null) await once(this.#child, 'exit');
  }
}

async function nextOf(lines: AsyncIterator<string>): Promise<string> {
  const { value, done } = await lines.next();
  if (done) throw new Error('the instrumented program ended; its words are above');
  return value;
}
