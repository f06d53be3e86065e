#!/usr/bin/env node
/** The command line. Wiring alone; whatever a command needs is loaded when it runs. */
import { Command, CommanderError } from 'commander';
import {
  CHECK_NOTES,
  CONFIG_NOTES,
  EXEC_NOTES,
  type HelpNote,
  helpColumns,
  helpEntry,
  helpNotes,
  INVENTORY_NOTES,
  JUDGE_NOTES,
} from './commands/help.ts';
import { OBSERVE_NOTES } from './commands/observe/help.ts';
import { isLive, sentencesTo } from './commands/terminal.ts';
import { version } from './commands/version.ts';

/** The call itself is wrong; also used for bugs, since neither says anything about the gateway. */
const EXIT_USAGE = 2;
const EXIT_INTERRUPTED = 130;

interface CheckFlags {
  readonly json?: boolean;
  readonly only?: string;
  readonly config?: string;
  readonly name?: string;
  readonly baseUrl?: string;
  readonly models?: string;
  readonly maxCost?: string;
}

interface InventoryFlags {
  readonly json?: boolean;
  readonly sarif?: string;
  readonly changedSince?: string;
  readonly failOn?: string;
  readonly suggest?: boolean;
}

interface ExecFlags {
  readonly arm?: string;
  readonly fault?: readonly string[];
  readonly out?: string;
  readonly html?: string;
  readonly json?: boolean;
  readonly config?: string;
  readonly name?: string;
  readonly baseUrl?: string;
}

interface ObserveFlags {
  readonly since?: string;
  readonly stage?: string;
  readonly out?: string;
  readonly html?: string;
  readonly json?: boolean;
  readonly config?: string;
  readonly name?: string;
}

type JudgeFlags = Pick<CheckFlags, 'json' | 'config' | 'name'> & { readonly html?: string };
type ConfigFlags = Pick<CheckFlags, 'json' | 'config' | 'name'>;

const io = {
  stdout: (text: string) => void process.stdout.write(text),
  stderr: sentencesTo(process.stderr),
};
const sentences = { ...io, stdout: sentencesTo(process.stdout) };

process.once('SIGINT', () => process.exit(EXIT_INTERRUPTED));
// A reader such as `head` may leave before the end; the exit code still tells the verdict.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

const collect = (value: string, earlier: readonly string[] = []): string[] => [...earlier, value];

/** Notes below the options of a command. */
const notes = (text: readonly HelpNote[]) => () => helpNotes(text, helpColumns(process.stdout.columns));

const program = new Command('gateway-rollout')
  .description('Move from the official OpenAI API to a compatible gateway by configuration alone.')
  .version(version())
  .enablePositionalOptions()
  .exitOverride()
  .helpOption('-h, --help', 'show this help')
  .helpCommand('help [command]', 'show the help of a command')
  .showHelpAfterError('Add --help to see what there is.')
  .configureOutput({
    getOutHelpWidth: () => helpColumns(process.stdout.columns),
    getErrHelpWidth: () => helpColumns(process.stderr.columns),
  })
  .configureHelp({
    subcommandTerm: (command) => `${command.name()} ${command.usage()}`,
    formatItem: (name, nameWidth, about, { helpWidth }) =>
      helpEntry([name, about], nameWidth, helpColumns(helpWidth)),
  });

program
  .command('check')
  .description('ask the gateway whether it is ready')
  .option('--json', 'print the report as JSON')
  .option('--only <ids>', 'ask only these probes or families, separated by commas')
  .option('--config <file>', 'config file (default: .github/gateway-rollout.yml, where it exists)')
  .option('--name <name>', 'name of the rollout, where the repository has several')
  .option('--base-url <url>', "the gateway's base URL (default: gateway.base_url of the config)")
  .option('--models <names>', 'models to check, separated by commas (default: models of the config)')
  .option('--max-cost <usd>', 'stop before more than this would be spent')
  .addHelpText('after', notes(CHECK_NOTES))
  .action(async ({ json = false, maxCost, ...settings }: CheckFlags) => {
    const [{ runCheckCommand }, { openTerminal }] = await Promise.all([
      import('./commands/check.ts'),
      import('./commands/terminal.ts'),
    ]);
    const place = { json, directory: process.cwd() };
    process.exitCode = await runCheckCommand(
      { ...settings, maxCostUsd: maxCost },
      place,
      process.env,
      openTerminal(process),
    );
  });

program
  .command('inventory')
  .description('tell what the code uses of the API, and what a move would have to touch')
  .argument('[path]', 'repository or directory', '.')
  .option('--json', 'print it as JSON')
  .option('--sarif <file>', 'write hard-coded settings and hazards for code scanning')
  .option('--changed-since <ref>', 'tell only of lines changed since a branch, tag or commit')
  .option('--fail-on <what>', 'hard-coded: exit with 1 while a setting is hard-coded')
  .option('--suggest', 'show how each hard-coded setting could leave the code')
  .addHelpText('after', notes(INVENTORY_NOTES))
  .action(async (path: string, flags: InventoryFlags) => {
    const [{ runInventoryCommand }, { openTerminal }] = await Promise.all([
      import('./commands/inventory.ts'),
      import('./commands/terminal.ts'),
    ]);
    const live = isLive(process.stderr, process.env) ? process.stderr : null;
    process.exitCode = await runInventoryCommand(
      { ...flags, path, version: version() },
      { ...openTerminal(process), live },
    );
  });

program
  .command('exec')
  .description(
    'run a command, a test suite for instance, through a recorder that counts what it asks of the API',
  )
  .usage('[options] -- <command...>')
  .argument('[command...]', 'the command and its arguments')
  .option('--arm <arm>', 'gateway (default), official, or both: once on each, side by side')
  .option('--fault <spec>', 'break a request, e.g. 503@2, stall:30s@7, cut@9; may be repeated', collect)
  .option('--out <file>', 'write one record per attempt, as JSONL')
  .option('--html <file>', 'write one page that shows the report')
  .option('--json', 'print the report as JSON on stdout; the command then writes to stderr')
  .option('--config <file>', 'config file (default: .github/gateway-rollout.yml, where it exists)')
  .option('--name <name>', 'name of the rollout, where the repository has several')
  .option('--base-url <url>', "the gateway's base URL (default: gateway.base_url of the config)")
  .passThroughOptions()
  .addHelpText('after', notes(EXEC_NOTES))
  .action(async (command: string[], { json = false, fault = [], ...settings }: ExecFlags) => {
    const { openExecTerminal, runExecCommand } = await import('./commands/exec.ts');
    // The command decides what an interrupt means; its end is waited for.
    process.removeAllListeners('SIGINT');
    const place = { json, directory: process.cwd() };
    const terminal = openExecTerminal(process);
    process.exitCode = await runExecCommand(
      { ...settings, faults: fault, command },
      place,
      process.env,
      terminal,
    );
  });

program
  .command('observe')
  .description('measure the window since the last one, from the sources that the config names')
  .option('--since <duration>', 'how far the first window reaches back, e.g. 1h')
  .option('--stage <stage>', 'the stage that is measured, e.g. 5%')
  .option('--out <file>', 'JSONL file of measurements; its last line tells where the next window begins')
  .option('--html <file>', 'write one page that shows the measurements in --out and their verdicts')
  .option('--json', 'print the measurement as the line that is stored')
  .option('--config <file>', 'config file (default: .github/gateway-rollout.yml)')
  .option('--name <name>', 'name of the rollout, where the repository has several')
  .addHelpText('after', notes(OBSERVE_NOTES))
  .action(async ({ json = false, ...settings }: ObserveFlags) => {
    const [{ runObserveCommand }, { openTerminal }] = await Promise.all([
      import('./commands/observe.ts'),
      import('./commands/terminal.ts'),
    ]);
    const place = { json, directory: process.cwd() };
    process.exitCode = await runObserveCommand(settings, place, process.env, openTerminal(process));
  });

program
  .command('judge')
  .description('replay measurements through the judge, look by look')
  .argument('<measurements>', 'JSONL file of measurements, as observe writes it')
  .option('--json', 'print one JSON object a look')
  .option('--html <file>', 'write one page that shows measurements and verdicts')
  .option('--config <file>', 'config file (default: .github/gateway-rollout.yml)')
  .option('--name <name>', 'name of the rollout, where the repository has several')
  .addHelpText('after', notes(JUDGE_NOTES))
  .action(async (file: string, { json = false, ...settings }: JudgeFlags) => {
    const { runJudgeCommand } = await import('./commands/judge.ts');
    process.exitCode = await runJudgeCommand(
      { ...settings, file, json, cwd: process.cwd() },
      json ? io : sentences,
    );
  });

program
  .command('config')
  .description('validate the config and print it with all defaults')
  .option('--json', 'print it as JSON')
  .option('--config <file>', 'config file (default: .github/gateway-rollout.yml)')
  .option('--name <name>', 'name of the rollout, where the repository has several')
  .addHelpText('after', notes(CONFIG_NOTES))
  .action(async ({ json = false, ...settings }: ConfigFlags) => {
    const { runConfigCommand } = await import('./commands/config.ts');
    process.exitCode = await runConfigCommand({ ...settings, json, cwd: process.cwd() }, io);
  });

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    // Commander has already said what is wrong; it calls help and version errors too.
    process.exitCode = error.exitCode === 0 ? 0 : EXIT_USAGE;
  } else {
    const [{ internalErrorText }, { secretsAtHand }] = await Promise.all([
      import('./commands/internal-error.ts'),
      import('./commands/settings.ts'),
    ]);
    io.stderr(`${internalErrorText(error, secretsAtHand({}, process.env), process.env)}\n`);
    process.exitCode = EXIT_USAGE;
  }
}
