import type { Writable } from 'node:stream';
import type { Terminal } from './check.ts';
import { lineProgress, spinnerProgress } from './progress.ts';
import type { Environment } from './settings.ts';

/** Width assumed for files, pipes and logs. */
const DEFAULT_COLUMNS = 80;

type OutputStream = Writable & { readonly isTTY?: boolean | undefined; readonly columns?: number };

/** What of a process is used. */
interface Streams {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly env: Environment;
}

/** The process's own terminal: colour and live progress only where a person looks at it. */
export function openTerminal({ stdout, stderr, env }: Streams): Terminal {
  const write = (stream: Writable) => (text: string) => void stream.write(text);
  return {
    stdout: write(stdout),
    stderr: write(stderr),
    color: wantsColor(stdout.isTTY === true, env),
    // Some pseudo-terminals claim a width of 0.
    columns: stdout.columns || DEFAULT_COLUMNS,
    progress: async () =>
      stderr.isTTY === true && !env.CI ? spinnerProgress(stderr) : lineProgress(write(stderr)),
  };
}

/** NO_COLOR and FORCE_COLOR as Node and most programs read them, else whether a person looks. */
export function wantsColor(isTerminal: boolean, environment: Environment): boolean {
  const { NO_COLOR: no, FORCE_COLOR: force, TERM: term } = environment;
  if (force !== undefined) return force !== '0' && force !== 'false';
  if (no !== undefined && no !== '') return false;
  return isTerminal && term !== 'dumb';
}
