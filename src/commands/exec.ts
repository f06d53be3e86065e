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
import { namedInJob } from './named-in-job.ts';
import { findConfig } from './read-config.ts';
import { knownSecrets } from './settings.ts';
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

interface ExecProcess extends SignalSource {
  readonly stdin: { readonly isTTY?: boolean };
  readonly stdout: Writable;
  readonly stderr: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  readonly env: Environment;
}

/** The report goes to standard error, so its colour and width count. */
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

/** Width assumed for files, pipes and logs: two arms fit side by side. */
const REPORT_COLUMNS = 100;
const EXIT_USAGE = 2;

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
  const { stdout, stderr } = terminal;
  const notice = noticesTo(sentencesTo(stderr));
  const read = await findConfig(settings, directory);
  const outcome =
    read.kind === 'refused'
      ? read
      : await performExec(settings, read.config, {
          directory,
          environment,
          front: 'command-line',
          named: await namedInJob(settings, environment, directory, read),
          output: { stdout: json ? stderr : stdout, stderr },
          signals: terminal.signals,
          atTerminal: terminal.atTerminal,
          onSecrets: () => undefined,
          onNote: (note) => notice('note', note),
        });
  switch (outcome.kind) {
    case 'refused':
      for (const message of outcome.messages) notice('error', message);
      return EXIT_USAGE;
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
