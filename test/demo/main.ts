/**
 * `npm run demo`: a sample application moves from an official API to a gateway. Both are real servers on this machine;
 * the real commands and the real App run against an emulated GitHub. `--help` lists the options.
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

/** Milliseconds after each chapter. */
const PACE = 1_200;

const HELP = `Usage: npm run demo -- [option]

A sample application moves from an official API to a gateway: inventory, check,
issue, stages, rollback, 100 %. It runs on this machine, in under a minute.

Options:
  --fast            don't pause for reading
  --keep            stop in the last stage and keep the issue open for your
                    comments, until Ctrl-C
  --serve           only run both arms, and print their base URLs and keys
  --issue <folder>  only open the issue for the config in your repository, and
                    take your comments, until Ctrl-C
  --help            show this help
`;
const EXIT_INTERRUPTED = 130;

interface DemoOptions {
  readonly fast: boolean;
  readonly keep: boolean;
  readonly serve: boolean;
  readonly issue: string | undefined;
  readonly help: boolean;
}

const options = readOptions();
if (options === null) process.exitCode = 2;
else if (options.help) process.stdout.write(HELP);
else if (options.serve) await serve();
else await run(options);

/** Null after an error message, where an option is unknown. */
function readOptions(): DemoOptions | null {
  const option = { type: 'boolean', default: false } as const;
  const named = {
    fast: option,
    keep: option,
    serve: option,
    issue: { type: 'string' },
    help: option,
  } as const;
  try {
    return { issue: undefined, ...parseArgs({ options: named }).values };
  } catch (error) {
    const [reason] = (error instanceof Error ? error.message : String(error)).split('. ');
    process.stderr.write(
      `error: ${reason}. Use --fast, --keep, --serve, --issue FOLDER, --help or no option.\n`,
    );
    return null;
  }
}

async function run({ fast, keep, issue }: DemoOptions): Promise<void> {
  // Loaded late: a misspelt option fails before the App and its libraries are loaded.
  const [{ isLive, openTerminal }, { Narrator }, { runStory }, { showOwnIssue }] = await Promise.all([
    import('../../src/commands/terminal.ts'),
    import('./narrator.ts'),
    import('./story.ts'),
    import('./own-issue.ts'),
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
    const untilStopped = () => {
      process.off('SIGINT', interrupt);
      return untilSignal();
    };
    if (issue !== undefined) await showOwnIssue(issue, narrator, untilStopped);
    else await runStory(narrator, { keepUntil: keep ? untilStopped : null });
  } catch (error) {
    stderr.write(`\nerror: ${error instanceof Error ? error.message : error}\n`);
    process.exitCode = 1;
  }
}

/** Prints lines to copy, which a shell can also read by itself: all others are comments. */
async function serve(): Promise<void> {
  const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
  const [{ startStack }, { startFront }] = await Promise.all([import('./servers.ts'), import('./front.ts')]);
  const { gateway, upstream, apiKey, stop } = await startStack();
  const front = await startFront(gateway.baseUrl, gateway.headers);
  process.stdout.write(`# Both arms with a scripted model, until Ctrl-C. In another terminal, copy these lines:
export OPENAI_BASE_URL=${front.baseUrl}
export OPENAI_API_KEY=${apiKey}
export OFFICIAL_BASE_URL=${upstream.baseUrl}
export OFFICIAL_API_KEY=${apiKey}
# The first two are the gateway, the others replace the OpenAI API. Both serve gpt-4o-mini, gpt-4o and
# text-embedding-3-small. Then, in your repository:
#   node ${cli} check
#   node ${cli} exec --arm both -- npm test
`);
  await untilSignal();
  await front.stop();
  await stop();
}

/** Waits for Ctrl-C or SIGTERM. */
function untilSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
}
