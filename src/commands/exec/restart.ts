/**
 * Keeps keys out of `/proc/<pid>/environ`, where the command could read the environment with which this process began.
 * The process replaces itself: the same number and files, the keys through a pipe. It also gets no debugger by signal.
 */
import { closeSync, existsSync, readFileSync } from 'node:fs';
import type { Environment } from '../../config/environment.ts';
import { isKeptFromCommand } from './environment.ts';

/** What is handed over, as JSON; then the number of the pipe. */
const HANDED_OVER = 'GATEWAY_ROLLOUT_HANDED_OVER';
const PIPE = 9;
const SHELL = '/bin/sh';
/** A shell writes a here-document to a pipe; what stands in a variable is not expanded again. */
const HAND_OVER = `exec ${PIPE}<<END\n$${HANDED_OVER}\nEND\n${HANDED_OVER}=${PIPE}; exec "$0" "$@"`;
/** A shell keeps no other variable. */
const SHELL_NAME = /^[A-Za-z_]\w*$/;
/** Linux takes no variable of more than 128 KiB, and Node ends when it cannot be replaced. */
const MOST_BYTES = 120_000;
const NO_DEBUGGER = '--disable-sigusr1';

/** At the start of a process: takes what the one before it handed over. */
export function takeHandedOver(environment: NodeJS.ProcessEnv): void {
  if (environment[HANDED_OVER] !== String(PIPE)) return;
  Object.assign(environment, JSON.parse(readFileSync(PIPE, 'utf8')));
  closeSync(PIPE);
}

/**
 * Replaces this process, unless it has been already, or on a system or a Node (before 22.15) that cannot.
 * @param secrets the keys; variables of gateway-rollout are handed over whatever they hold
 */
export function restartWithoutKeys(environment: Environment, secrets: readonly string[]): void {
  if (environment[HANDED_OVER] !== undefined || process.execve === undefined) return;
  if (process.platform === 'win32' || !existsSync(SHELL)) return;
  const set = Object.entries(environment).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, value]],
  );
  const isHidden = ([name, value]: [string, string]) =>
    isKeptFromCommand(name, value, secrets) || !SHELL_NAME.test(name);
  const json = JSON.stringify(Object.fromEntries(set.filter(isHidden)));
  const open = Object.fromEntries(set.filter((each) => !isHidden(each)));
  if (Buffer.byteLength(json) > MOST_BYTES) return;
  const flags = process.allowedNodeEnvironmentFlags.has(NO_DEBUGGER) ? [NO_DEBUGGER] : [];
  const call = [process.execPath, ...flags, ...process.execArgv, ...process.argv.slice(1)];
  process.execve(SHELL, ['sh', '-c', HAND_OVER, ...call], { ...open, [HANDED_OVER]: json });
}
