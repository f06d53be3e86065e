/** `gateway-rollout exec`: run a command while a recorder passes its requests on, and report what happened. */
import type { Writable } from 'node:stream';
import type { ExecReport } from '../measure/recorder/exec-report.ts';
import { execWarning } from '../report/exec-sentences.ts';
import { execOnTerminal } from '../report/exec-terminal.ts';
import type { SignalSource } from './exec/child.ts';
import { performExec } from './exec/perform.ts';
import type { ExecSettings } from './exec/plan.ts';
import { findConfig } from './read-config.ts';
import type { Environment } from './settings.ts';
import { noticesTo, sentencesTo, wantsColor } from './terminal.ts';

/** The process's own terminal. */
export interface ExecTerminal {
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly color: boolean;
  readonly columns: number;
  readonly signals: SignalSource;
  readonly atTerminal: boolean;
}

/** What of a process is used. */
interface ExecProcess extends SignalSource {
  readonly stdin: { readonly isTTY?: boolean };
  readonly stdout: Writable;
  readonly stderr: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  readonly env: Environment;
}

/** The report goes to standard error, so that is where a person may look. */
export function openExecTerminal(host: ExecProcess): ExecTerminal {
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

/** Width assumed for files, pipes and logs: two arms stand side by side in it. */
const REPORT_COLUMNS = 100;
const EXIT_USAGE = 2;

/**
 * `gateway-rollout exec`. The command's output passes through unchanged and the report follows on stderr; with
 * `--json` the report alone is on stdout, and the command's standard output joins stderr.
 * @returns exit code: the command's; 2 when the call or the config is wrong; 126 or 127 when it cannot be started
 */
export async function runExecCommand(
  settings: ExecSettings,
  { json, directory }: { readonly json: boolean; readonly directory: string },
  environment: Environment,
  terminal: ExecTerminal,
): Promise<number> {
  const { stdout, stderr } = terminal;
  const tell = noticesTo(sentencesTo(stderr));
  const read = await findConfig(settings, directory);
  const outcome =
    read.kind === 'refused'
      ? read
      : await performExec(settings, read.config, {
          directory,
          environment,
          front: 'command-line',
          output: { stdout: json ? stderr : stdout, stderr },
          signals: terminal.signals,
          atTerminal: terminal.atTerminal,
          onSecrets: () => undefined,
          onNote: (note) => tell('note', note),
        });
  switch (outcome.kind) {
    case 'refused':
      for (const message of outcome.messages) tell('error', message);
      return EXIT_USAGE;
    case 'not-started':
      tell('error', outcome.message);
      return outcome.exitCode;
    case 'executed':
      if (json) tellJson(outcome.report, stdout, (warning) => tell('warning', warning));
      else stderr.write(execOnTerminal(outcome.report, terminal));
      return outcome.report.exitCode;
  }
}

/** The report, and what a reader of its exit code alone should know. */
function tellJson(report: ExecReport, stdout: Writable, warn: (warning: string) => void): void {
  stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  const warning = execWarning(report);
  if (warning !== null) warn(warning);
}
