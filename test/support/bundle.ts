import { spawn } from 'node:child_process';
import { inject } from 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    readonly bundle: string;
    readonly compileCache: string;
  }
}

/** The directory of a fresh build of `dist/`, beside a package.json as in a release; one for the whole run. */
export const builtBundle = (): string => inject('bundle');

/** For programs of Node: without what this process has in its environment, and what one compiled, the next one loads. */
export const bareEnvironment = (): Readonly<Record<string, string>> => ({
  PATH: process.env.PATH ?? '',
  NODE_COMPILE_CACHE: inject('compileCache'),
});

/** What a program wrote, and how it ended. */
export interface Ended {
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Start {
  readonly cwd: string;
  /** All that the program sees of the environment besides PATH. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Run a script of the bundle with this Node in an otherwise empty environment. */
export function runNode(
  script: string,
  args: readonly string[],
  { cwd, environment }: Start,
): Promise<Ended> {
  const child = spawn(process.execPath, [script, ...args], {
    cwd,
    env: { ...bareEnvironment(), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode) => resolve({ exitCode, stdout, stderr }));
  });
}
