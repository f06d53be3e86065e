/** `gateway-rollout exec`: runs a command through a recorder and reports its requests. */
import type { Writable } from 'node:stream';
import type { Environment } from '../config/environment.ts';
import { sourceSecrets } from '../measure/source-settings.ts';
import { execWarning } from '../report/exec-sentences.ts';
import { execOnTerminal } from '../report/exec-terminal.ts';
import type { SignalSource } from './exec/child.ts';
import { performExec } from './exec/perform.ts';
import type { ExecSettings } from './exec/plan.ts';
import { restartWithoutKeys, takeHandedOver } from './exec/restart.ts';
import { knownSecrets } from './settings.ts';
import { errorsTo, noticesTo, sentencesTo, wantsColor } from './terminal.ts';
import { callOnTerminal } from './terminal-call.ts';

/** The process's own terminal. */
export interface ExecTerminal {
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly color: boolean;
  readonly columns: number;
  readonly signals: SignalSource;
  readonly atTerminal: boolean;
}

/** The report goes to standard error, so its colour and width count. */
export function openExecTerminal(host: NodeJS.Process): ExecTerminal {
  const { stdin, stdout, stderr, env } = host;
  return {
    stdout,
    stderr,
    color: wantsColor(stderr.isTTY === true, env),
    columns: stderr.columns || REPORT_COLUMNS,
    signals: host,
    atTerminal: stdin.isTTY === true,
  };
}

/** Width assumed for files, pipes and logs: two arms fit side by side. */
const REPORT_COLUMNS = 100;

/** To be called first: it may start this process anew. */
export function startWithoutKeys(environment: NodeJS.ProcessEnv): void {
  takeHandedOver(environment);
  restartWithoutKeys(environment, [...knownSecrets({}, environment), ...sourceSecrets(environment)]);
}

/**
 * The output of the command passes through unchanged, and the report follows on stderr. With
 * `--json`, stdout has only the report, and the output of the command goes to stderr.
 * @returns exit code: that of the command; 2 usage or config error; 126 or 127 the command cannot be started
 */
export async function runExecCommand(
  settings: ExecSettings,
  { json, directory }: { readonly json: boolean; readonly directory: string },
  environment: Environment,
  terminal: ExecTerminal,
): Promise<number> {
  const { stdout, stderr, signals, atTerminal } = terminal;
  const write = sentencesTo(stderr);
  const notice = noticesTo(write);
  const call = await callOnTerminal(settings, directory, environment, write);
  const output = { stdout: json ? stderr : stdout, stderr };
  const outcome =
    call.kind === 'refused' ? call : await performExec({ ...call, output, signals, atTerminal });
  switch (outcome.kind) {
    case 'refused':
      return errorsTo(write)(outcome);
    case 'not-started':
      notice('error', outcome.message);
      return outcome.exitCode;
    case 'executed':
      if (json) {
        stdout.write(`${JSON.stringify(outcome.report, null, 2)}\n`);
        const warning = execWarning(outcome.report);
        if (warning !== null) notice('warning', warning);
      } else stderr.write(execOnTerminal(outcome.report, terminal));
      return outcome.report.exitCode;
  }
}
