#!/usr/bin/env node
/** The command line: wiring only. The code of a command is loaded when it runs. */
import { Command, CommanderError } from 'commander';
import type { ExecSettings } from './commands/exec/plan.ts';
import { helpColumns, helpEntry, helpNotes } from './commands/help.ts';
import { HELP_NOTES } from './commands/help-notes.ts';
import type { InitOptions } from './commands/init/answers.ts';
import type { InventoryCommandOptions } from './commands/inventory.ts';
import type { ObserveSettings } from './commands/observe/plan.ts';
import type { FidelitySettings } from './commands/plan-fidelity.ts';
import type { CheckSettings, ConfigChoice } from './commands/settings.ts';
import { isLive, openTerminal, sentencesTo } from './commands/terminal.ts';
import { version } from './commands/version.ts';

/** The call itself is wrong. Bugs exit with it too: neither says anything about the gateway. */
const EXIT_USAGE = 2;
const EXIT_INTERRUPTED = 130;

type CheckFlags = Flags<Omit<CheckSettings, 'thorough'>> & {
  readonly maxCost?: string;
  readonly thorough?: boolean;
};

type Flags<Settings> = Settings & { readonly json?: boolean };

const CONFIG = ['--config <file>', 'config file (default: .github/gateway-rollout.yml)'] as const;
const OPTIONAL_CONFIG = [
  '--config <file>',
  'config file (default: .github/gateway-rollout.yml, if it exists)',
] as const;
const NAME = ['--name <name>', 'name of the rollout, if the repository has several'] as const;
const BASE_URL = [
  '--base-url <url>',
  "the gateway's base URL (default: gateway.base_url of the config)",
] as const;

const terminal = openTerminal(process);

process.once('SIGINT', () => process.exit(EXIT_INTERRUPTED));
// A reader such as `head` may close the pipe early; the exit code still shows the verdict.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

const collect = (value: string, earlier: readonly string[] = []): string[] => [...earlier, value];

/** Notes below the options of a command. */
const notes = (command: keyof typeof HELP_NOTES) => () =>
  helpNotes(HELP_NOTES[command], helpColumns(process.stdout.columns));

const program = new Command('gateway-rollout')
  .description(
    'Move your app from the OpenAI API to an OpenAI-compatible gateway: by configuration alone, step by step, with numbers at each step and an automatic rollback.',
  )
  .version(version())
  .enablePositionalOptions()
  .exitOverride()
  .helpOption('-h, --help', 'show this help')
  .helpCommand('help [command]', 'show the help of a command')
  .showHelpAfterError('Use --help to see all commands and options.')
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
  .description('test whether the gateway is ready')
  .option('--json', 'print the report as JSON')
  .option('--only <ids>', 'run only these probes or probe families, separated by commas')
  .option(...OPTIONAL_CONFIG)
  .option(...NAME)
  .option(...BASE_URL)
  .option('--models <names>', 'models to check, separated by commas (default: models of the config)')
  .option('--max-cost <usd>', 'spending limit: stop before the check would cost more')
  .option('--repeat <times>', 'how often to ask for each feature in use, 1 to 16 (default: 1)')
  .option('--thorough', 'ask 16 times, and run the probes that cost more')
  .addHelpText('after', notes('check'))
  .action(async ({ json = false, maxCost, thorough, ...settings }: CheckFlags) => {
    const { runCheckCommand } = await import('./commands/check.ts');
    process.exitCode = await runCheckCommand(
      { ...settings, maxCostUsd: maxCost, thorough: thorough ? 'true' : '' },
      { json, directory: process.cwd() },
      process.env,
      terminal,
    );
  });

program
  .command('fidelity')
  .description('test whether the gateway serves the model that it is asked for')
  .option('--pairs <number>', 'ask both arms so often at most (default: 1500)')
  .option(
    '--sibling <model>',
    'a cheaper official model that must be distinguishable (default: by the model)',
  )
  .option('--keep <file>', 'carry over what earlier runs learnt and proved')
  .option('--html <file>', 'write the report as an HTML page')
  .option('--json', 'print the report as JSON')
  .option(...OPTIONAL_CONFIG)
  .option(...NAME)
  .option(...BASE_URL)
  .option('--models <name>', 'the model to test (default: the first chat model of the config)')
  .option('--max-cost <usd>', 'spending limit (default: 0.10)')
  .addHelpText('after', notes('fidelity'))
  .action(
    async ({
      json = false,
      maxCost,
      ...settings
    }: Flags<FidelitySettings> & { readonly maxCost?: string }) => {
      const { runFidelityCommand } = await import('./commands/fidelity.ts');
      const call = { json, directory: process.cwd() };
      const given = { ...settings, maxCostUsd: maxCost };
      process.exitCode = await runFidelityCommand(given, call, process.env, terminal);
    },
  );

program
  .command('inventory')
  .description('list OpenAI usage in your code and what a migration would change')
  .argument('[path]', 'repository or directory', '.')
  .option('--json', 'print the inventory as JSON')
  .option('--sarif <file>', 'write hard-coded settings and hazards for code scanning')
  .option('--changed-since <ref>', 'report only lines changed since a branch, tag or commit')
  .option('--fail-on <what>', 'hard-coded: exit with 1 while a setting is hard-coded')
  .option('--suggest', 'suggest a fix for each hard-coded setting')
  .addHelpText('after', notes('inventory'))
  .action(async (path: string, flags: Omit<InventoryCommandOptions, 'path' | 'version'>) => {
    const { runInventoryCommand } = await import('./commands/inventory.ts');
    const live = isLive(process.stderr, process.env) ? process.stderr : null;
    process.exitCode = await runInventoryCommand(
      { ...flags, path, version: version() },
      { ...terminal, live },
    );
  });

program
  .command('init')
  .description('write the files that start a rollout: config, workflows and share')
  .option('--gateway <url>', "the gateway's base URL")
  .option('--models <names>', 'models in use, separated by commas (default: those in the code)')
  .option('--target <kind>', 'where to write the share: file (default), variable, workflow or dispatch')
  .option('--app', 'run the rollout as a GitHub App')
  .option('--no-app', "run it with the job's own token; something pulls the file with the share")
  .option('--prometheus <url>', 'find your metrics in Prometheus')
  .option('--tasks <number>', 'how often your product calls a model a day, if Prometheus does not show it')
  .option('--yes', 'ask no questions')
  .option('--dry-run', 'print the files and write nothing')
  .option('--pr', 'open a pull request with the files, through gh')
  .addHelpText('after', notes('init'))
  .action(async ({ yes = false, ...options }: InitOptions & { readonly yes?: boolean }) => {
    const [{ runInitCommand }, { openQuestions }] = await Promise.all([
      import('./commands/init.ts'),
      import('./commands/init/answers.ts'),
    ]);
    const ask = yes ? null : openQuestions(process);
    const host = { directory: process.cwd(), environment: process.env, terminal, ask };
    process.exitCode = await runInitCommand(options, host);
  });

program
  .command('exec')
  .description(
    'run a command, such as your tests, through a local proxy that records requests, tokens, cost and latency',
  )
  .usage('[options] -- <command...>')
  .argument('[command...]', 'the command and its arguments')
  .option('--arm <arm>', 'gateway (default), official, or both: runs once on each and compares')
  .option('--shadow', 'run on the official arm, and compare with copies of its requests to the gateway')
  .option('--quality-command <command>', 'with --shadow: a program that says which of two answers is better')
  .option(
    '--fault <spec>',
    'inject a fault into a request, e.g. 503@2, stall:30s@7, cut@9; repeatable',
    collect,
  )
  .option('--out <file>', 'write one record per request, as JSONL')
  .option('--html <file>', 'write the report as an HTML page')
  .option('--json', "print the report as JSON on stdout; the command's output goes to stderr")
  .option(...OPTIONAL_CONFIG)
  .option(...NAME)
  .option(...BASE_URL)
  .passThroughOptions()
  .addHelpText('after', notes('exec'))
  .action(
    async (
      command: string[],
      {
        json = false,
        fault = [],
        ...settings
      }: Flags<Omit<ExecSettings, 'command' | 'faults'>> & { readonly fault?: readonly string[] },
    ) => {
      const { openExecTerminal, runExecCommand, startWithoutKeys } = await import('./commands/exec.ts');
      startWithoutKeys(process.env);
      // The command handles Ctrl-C itself; we wait for its exit.
      process.removeAllListeners('SIGINT');
      process.exitCode = await runExecCommand(
        { ...settings, faults: fault, command },
        { json, directory: process.cwd() },
        process.env,
        openExecTerminal(process),
      );
    },
  );

program
  .command('observe')
  .description('collect metrics since the last run, from the sources named in the config')
  .option('--since <duration>', 'how far back the first window starts, e.g. 1h')
  .option('--stage <stage>', 'the stage to measure, e.g. 5%')
  .option('--out <file>', 'JSONL file of measurements; the next window starts where its last line ends')
  .option('--html <file>', 'write an HTML page with the measurements in --out and their verdicts')
  .option(
    '--discover',
    'list metrics in Prometheus that look like calls of models, with a config that names them',
  )
  .option(
    '--evaluations <file>',
    'JSONL file with scores of your own evaluations, to be judged with the rest',
  )
  .option('--explain', 'print each query or statement that Prometheus or an SQL engine is asked')
  .option('--json', 'print the measurement as the JSON line that is stored')
  .option(...CONFIG)
  .option(...NAME)
  .addHelpText('after', notes('observe'))
  .action(async ({ json = false, ...settings }: Flags<ObserveSettings>) => {
    const { runObserveCommand } = await import('./commands/observe.ts');
    const call = { json, directory: process.cwd() };
    process.exitCode = await runObserveCommand(settings, call, process.env, terminal);
  });

program
  .command('judge')
  .description('replay collected metrics and show each decision')
  .argument('<measurements>', 'JSONL file of measurements, as observe writes it')
  .option('--json', 'print one JSON object per look')
  .option('--html <file>', 'write an HTML page with measurements and verdicts')
  .option(...CONFIG)
  .option(...NAME)
  .addHelpText('after', notes('judge'))
  .action(
    async (file: string, { json = false, ...settings }: Flags<ConfigChoice> & { readonly html?: string }) => {
      const { runJudgeCommand } = await import('./commands/judge.ts');
      process.exitCode = await runJudgeCommand(
        { ...settings, file, json, cwd: process.cwd() },
        json ? terminal : { ...terminal, stdout: sentencesTo(process.stdout) },
      );
    },
  );

program
  .command('config')
  .description('validate the config and print it with all defaults')
  .option('--json', 'print the config as JSON')
  .option('--quiet', 'print problems, warnings and the result only')
  .option(...CONFIG)
  .option(...NAME)
  .addHelpText('after', notes('config'))
  .action(async ({ json = false, ...settings }: Flags<ConfigChoice> & { readonly quiet?: boolean }) => {
    const { runConfigCommand } = await import('./commands/config.ts');
    process.exitCode = await runConfigCommand({ ...settings, json, cwd: process.cwd() }, terminal);
  });

program
  .command('dashboards')
  .description('write alert rules for Prometheus and a Grafana dashboard for the metrics of the config')
  .option('--output <folder>', 'write the files there (default: print them)')
  .option(...CONFIG)
  .option(...NAME)
  .addHelpText('after', notes('dashboards'))
  .action(async (settings: ConfigChoice & { readonly output?: string }) => {
    const { runDashboardsCommand } = await import('./commands/dashboards.ts');
    process.exitCode = await runDashboardsCommand({ ...settings, cwd: process.cwd() }, terminal);
  });

program
  .command('app')
  .description("run the GitHub App's server, which moves rollouts")
  .addHelpText('after', notes('app'))
  .action(async () => {
    const { serveApp } = await import('./commands/app.ts');
    // The server finishes its work on Ctrl-C.
    process.removeAllListeners('SIGINT');
    await serveApp();
  });

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    // Commander has already printed the error. It reports help and version as errors too.
    process.exitCode = error.exitCode === 0 ? 0 : EXIT_USAGE;
  } else {
    const [{ internalErrorText }, { knownSecrets }] = await Promise.all([
      import('./commands/internal-error.ts'),
      import('./commands/settings.ts'),
    ]);
    terminal.stderr(`${internalErrorText(error, knownSecrets({}, process.env), process.env)}\n`);
    process.exitCode = EXIT_USAGE;
  }
}
