/** Runs the program under test as a shell would: its output, its signals and its exit code are its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { OutputName } from '../../measure/recorder/id-watch.ts';

export interface ChildStart {
  /** The program and its arguments; no shell is involved. */
  readonly command: readonly [string, ...string[]];
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly output: Readonly<Record<OutputName, Writable>>;
  /** Sees every byte that the program writes. */
  readonly onOutput: (stream: OutputName, bytes: Buffer) => void;
  readonly signals: SignalSource;
  /** A terminal gives Ctrl-C to the program by itself. */
  readonly atTerminal: boolean;
}

/** Where signals arrive; a process is one. */
export interface SignalSource {
  on(signal: NodeJS.Signals, listener: () => void): unknown;
  off(signal: NodeJS.Signals, listener: () => void): unknown;
}

export type ChildEnd =
  | {
      readonly kind: 'ended';
      /** As a shell gives it: 128 and the signal's number where a signal ended it. */
      readonly exitCode: number;
      /** Whether somebody asked for an end meanwhile. */
      readonly interrupted: boolean;
    }
  | NotStarted;

/** The program could not be started. */
export interface NotStarted {
  readonly kind: 'not-started';
  /** A shell's: 126 or 127. */
  readonly exitCode: number;
  readonly message: string;
}

const PASSED_ON = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const satisfies readonly NodeJS.Signals[];

/** Programs that the child left behind may hold its output open. */
const LAST_OUTPUT_MS = 2_000;

/** Start the program and wait for its end. */
export async function runChild(start: ChildStart): Promise<ChildEnd> {
  const [program, ...args] = start.command;
  const child = spawn(program, args, {
    cwd: start.directory,
    env: start.environment,
    stdio: ['inherit', 'pipe', 'pipe'],
  });
  const passing = passSignals(child, start);
  passOutput(child.stdout, 'stdout', start);
  passOutput(child.stderr, 'stderr', start);
  const closed = once(child, 'close');
  closed.catch(() => undefined);
  try {
    const [code, signal]: (number | NodeJS.Signals | null)[] = await once(child, 'exit');
    await Promise.race([closed, sleep(LAST_OUTPUT_MS, undefined, { ref: false })]);
    child.stdout.destroy();
    child.stderr.destroy();
    return { kind: 'ended', exitCode: exitCodeOf(code, signal), interrupted: passing.arrived.size > 0 };
  } catch (error) {
    return notStarted(error, program);
  } finally {
    passing.stop();
  }
}

function passOutput(stream: Readable, name: OutputName, { output, onOutput }: ChildStart): void {
  stream.on('data', (bytes: Buffer) => onOutput(name, bytes));
  stream.pipe(output[name], { end: false });
}

function passSignals(child: ChildProcess, { signals, atTerminal }: ChildStart): PassingSignals {
  const arrived = new Set<NodeJS.Signals>();
  const listeners = PASSED_ON.map((signal) => {
    const listener = () => {
      arrived.add(signal);
      if (signal !== 'SIGINT' || !atTerminal) child.kill(signal);
    };
    signals.on(signal, listener);
    return { signal, listener };
  });
  const stop = () => {
    for (const { signal, listener } of listeners) signals.off(signal, listener);
  };
  return { arrived, stop };
}

interface PassingSignals {
  readonly arrived: ReadonlySet<NodeJS.Signals>;
  readonly stop: () => void;
}

function exitCodeOf(code: unknown, signal: unknown): number {
  if (typeof code === 'number') return code;
  const found = Object.entries(constants.signals).find(([name]) => name === signal);
  return 128 + (found?.[1] ?? 0);
}

function notStarted(error: unknown, program: string): NotStarted {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EACCES') {
    const message = `${program} cannot be run: it is no program, or its permissions forbid it. Expected a program after --; make it executable with chmod +x.`;
    return { kind: 'not-started', exitCode: 126, message };
  }
  if (code !== 'ENOENT') {
    const message = `${program} could not be started (${code ?? 'unknown reason'}). Expected a program and its arguments after --.`;
    return { kind: 'not-started', exitCode: 126, message };
  }
  const message = `${program} was not found. Expected a program and its arguments after --, such as: gateway-rollout exec -- npm test. Pipes and && need a shell: -- sh -c "…".`;
  return { kind: 'not-started', exitCode: 127, message };
}
