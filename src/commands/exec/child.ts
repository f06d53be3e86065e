/** Runs the command as a shell would: its output, signals and exit code pass through. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { OutputName } from '../../measure/recorder/id-watch.ts';

export interface ChildStart {
  /** The program and its arguments, without a shell. */
  readonly command: readonly [string, ...string[]];
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly output: Readonly<Record<OutputName, Writable>>;
  /** Sees every byte that the program writes. */
  readonly onOutput: (stream: OutputName, bytes: Buffer) => void;
  readonly signals: SignalSource;
  /** A terminal sends Ctrl-C to the command by itself. */
  readonly atTerminal: boolean;
}

/** Delivers signals, as a process does. */
export interface SignalSource {
  on(signal: NodeJS.Signals, listener: () => void): unknown;
  off(signal: NodeJS.Signals, listener: () => void): unknown;
}

export type ChildEnd =
  | {
      readonly kind: 'ended';
      /** As a shell reports it: 128 plus the signal's number if a signal ended it. */
      readonly exitCode: number;
      /** Whether a signal asked it to end. */
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

const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const satisfies readonly NodeJS.Signals[];

/** Background processes of the child may keep its output open. */
const LAST_OUTPUT_MS = 2_000;

export async function runChild(start: ChildStart): Promise<ChildEnd> {
  const [program, ...args] = start.command;
  const child = spawn(program, args, {
    cwd: start.directory,
    env: start.environment,
    stdio: ['inherit', 'pipe', 'pipe'],
  });
  const forwarding = forwardSignals(child, start);
  passOutput(child.stdout, 'stdout', start);
  passOutput(child.stderr, 'stderr', start);
  const closed = once(child, 'close');
  closed.catch(() => undefined);
  try {
    const [code, signal]: (number | NodeJS.Signals | null)[] = await once(child, 'exit');
    await Promise.race([closed, sleep(LAST_OUTPUT_MS, undefined, { ref: false })]);
    child.stdout.destroy();
    child.stderr.destroy();
    return { kind: 'ended', exitCode: exitCodeOf(code, signal), interrupted: forwarding.hasArrived() };
  } catch (error) {
    return notStarted(error, program);
  } finally {
    forwarding.stop();
  }
}

function passOutput(stream: Readable, name: OutputName, { output, onOutput }: ChildStart): void {
  stream.on('data', (bytes: Buffer) => onOutput(name, bytes));
  stream.pipe(output[name], { end: false });
}

function forwardSignals(child: ChildProcess, { signals, atTerminal }: ChildStart) {
  let arrived = false;
  const listeners = FORWARDED.map((signal) => {
    const listener = () => {
      arrived = true;
      if (signal !== 'SIGINT' || !atTerminal) child.kill(signal);
    };
    signals.on(signal, listener);
    return { signal, listener };
  });
  const stop = () => {
    for (const { signal, listener } of listeners) signals.off(signal, listener);
  };
  return { hasArrived: () => arrived, stop };
}

function exitCodeOf(code: unknown, signal: unknown): number {
  if (typeof code === 'number') return code;
  const found = Object.entries(constants.signals).find(([name]) => name === signal);
  return 128 + (found?.[1] ?? 0);
}

function notStarted(error: unknown, program: string): NotStarted {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const [exitCode, message] =
    code === 'ENOENT'
      ? [
          127,
          `${program} was not found. Expected a command and its arguments after --, such as: gateway-rollout exec -- npm test. Pipes and && need a shell: -- sh -c "…".`,
        ]
      : code === 'EACCES'
        ? [
            126,
            `Can't run ${program}: it is not a program, or its permissions forbid it. Expected a command after --; make it executable with chmod +x.`,
          ]
        : [
            126,
            `Can't start ${program} (${code ?? 'unknown reason'}). Expected a command and its arguments after --.`,
          ];
  return { kind: 'not-started', exitCode, message };
}
