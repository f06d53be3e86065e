/**
 * `npm run demo`: the main job on embedded defaults. A sample application moves from an official API to a gateway, both
 * of them real servers on this machine, by the real commands and the real App before an emulated GitHub.
 *
 * `--help` tells the options.
 */
import { parseArgs } from 'node:util';

/** Milliseconds after each chapter. */
const PACE = 1_200;

const HELP = `Usage: npm run demo -- [option]

A sample application moves from an official API to a gateway: inventory, check,
issue, stages, rollback, 100 %. All on this machine, in under a minute.

Options:
  --fast   leave no time to read
  --keep   stop in the last stage, and keep its issue open for comments of yours
           until Ctrl-C
  --serve  move nothing: run the gateway alone, and print where it listens
  --help   show this help
`;
const EXIT_INTERRUPTED = 130;

interface DemoOptions {
  readonly fast: boolean;
  readonly keep: boolean;
  readonly serve: boolean;
  readonly help: boolean;
}

const options = readOptions();
if (options === null) process.exitCode = 2;
else if (options.help) process.stdout.write(HELP);
else if (options.serve) await serve();
else await tell(options);

/** Null where they are wrong, which is told. */
function readOptions(): DemoOptions | null {
  const option = { type: 'boolean', default: false } as const;
  try {
    return parseArgs({ options: { fast: option, keep: option, serve: option, help: option } }).values;
  } catch (error) {
    const [reason] = (error instanceof Error ? error.message : String(error)).split('. ');
    process.stderr.write(`error: ${reason}. Expected nothing, --fast, --keep, --serve or --help.\n`);
    return null;
  }
}

async function tell({ fast, keep }: DemoOptions): Promise<void> {
  // A misspelt option is told before the App and its libraries are loaded.
  const [{ isLive, openTerminal }, { Narrator }, { tellStory }] = await Promise.all([
    import('../../src/commands/terminal.ts'),
    import('./narrator.ts'),
    import('./story.ts'),
  ]);
  const { stdout, stderr, env } = process;
  const interrupt = () => process.exit(EXIT_INTERRUPTED);
  process.once('SIGINT', interrupt);
  // A reader such as `head` may leave before the end.
  stdout.once('error', () => process.exit());
  const narrator = new Narrator({
    pace: fast ? 0 : PACE,
    terminal: openTerminal(process),
    live: isLive(stdout, env) ? (text) => void stdout.write(text) : null,
  });
  try {
    const kept = () => {
      process.off('SIGINT', interrupt);
      return untilAsked();
    };
    await tellStory(narrator, { kept: keep ? kept : null });
  } catch (error) {
    stderr.write(`\nerror: ${error instanceof Error ? error.message : error}\n`);
    process.exitCode = 1;
  }
}

async function serve(): Promise<void> {
  const { startStack } = await import('./servers.ts');
  const { gateway, upstream, apiKey, stop } = await startStack();
  process.stdout.write(
    `${JSON.stringify({ baseUrl: gateway.baseUrl, upstream: upstream.baseUrl, apiKey })}\n`,
  );
  await untilAsked();
  await stop();
}

/** Ctrl-C, or whatever else ends a process politely. */
function untilAsked(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
}
