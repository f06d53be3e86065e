/** Where the command line writes, and how. */
import type { Writable } from 'node:stream';
import type { Environment } from '../config/environment.ts';
import { wrapped } from '../report/printer.ts';
import { plainLine } from '../wording/foreign-text.ts';
import { lineProgress, type Progress, spinnerProgress } from './progress.ts';

export interface CommandOutput {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
}

export interface Terminal extends CommandOutput {
  readonly color: boolean;
  readonly columns: number;
  readonly progress: () => Promise<Progress>;
}

/** Width assumed for files, pipes and logs. */
export const DEFAULT_COLUMNS = 80;

type OutputStream = Writable & { readonly isTTY?: boolean | undefined; readonly columns?: number };

interface Streams {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly env: Environment;
}

/** The process's own terminal: colours and live progress only on a real terminal. */
export function openTerminal({ stdout, stderr, env }: Streams): Terminal {
  const write = sentencesTo(stderr);
  return {
    stdout: (text) => void stdout.write(text),
    stderr: write,
    color: wantsColor(stdout.isTTY === true, env),
    columns: columnsOf(stdout),
    progress: async () =>
      isLive(stderr, env)
        ? spinnerProgress(stderr, columnsOf(stderr))
        : lineProgress(write, columnsOf(stderr)),
  };
}

/** Writes sentences: unwrapped into files and logs, wrapped between words on a terminal. */
export function sentencesTo(stream: OutputStream): (text: string) => void {
  return (text) => void stream.write(stream.isTTY === true ? wrapped(text, columnsOf(stream)) : text);
}

/** Some pseudo-terminals claim a width of 0. */
const columnsOf = ({ columns }: OutputStream): number => columns || DEFAULT_COLUMNS;

/** Writes notes, warnings and errors, each as one line without control characters. */
export function noticesTo(
  write: (text: string) => void,
): (kind: 'note' | 'warning' | 'error', text: string) => void {
  return (kind, text) => write(`${kind}: ${plainLine(text, 1000)}\n`);
}

/** Writes why a command was refused. @returns its exit code: usage or config error */
export function errorsTo(
  write: (text: string) => void,
): (refused: { readonly messages: readonly string[] }) => 2 {
  const notice = noticesTo(write);
  return ({ messages }) => {
    for (const message of messages) notice('error', message);
    return 2;
  };
}

/** Whether a line can be rewritten: only on a real terminal that supports it. */
export function isLive(stream: Pick<OutputStream, 'isTTY'>, { CI: ci, TERM: term }: Environment): boolean {
  return stream.isTTY === true && !ci && term !== 'dumb';
}

/** NO_COLOR and FORCE_COLOR as Node and most programs read them, else whether it is a terminal. */
export function wantsColor(isTerminal: boolean, environment: Environment): boolean {
  const { NO_COLOR: no, FORCE_COLOR: force, TERM: term } = environment;
  if (force !== undefined) return force !== '0' && force !== 'false';
  if (no !== undefined && no !== '') return false;
  return isTerminal && term !== 'dumb';
}
