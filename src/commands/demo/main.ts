/**
 * `npm run demo`: the main job on embedded defaults. A sample application moves from an official API to a gateway, both
 * of them real servers on this machine, by the real commands and the real App before an emulated GitHub.
 *
 * `--fast` leaves no time to read; `--keep` keeps everything running until Ctrl-C. `--serve` moves nothing: it prints
 * where the gateway listens and keeps it running.
 */
import { parseArgs } from 'node:util';

/** Milliseconds after each chapter. */
const PACE = 1_200;

interface DemoOptions {
  readonly fast: boolean;
  readonly keep: boolean;
  readonly serve: boolean;
}

const options = readOptions();
if (options === null) process.exitCode = 2;
else if (options.serve) await serve();
else await tell(options);

/** Null where they are wrong, which is told. */
function readOptions(): DemoOptions | null {
  const option = { type: 'boolean', default: false } as const;
  try {
    return parseArgs({ options: { fast: option, keep: option, serve: option } }).values;
  } catch (error) {
    const [reason] = (error instanceof Error ? error.message : String(error)).split('. ');
    process.stderr.write(`error: ${reason}. Expected nothing, --fast, --keep or --serve.\n`);
    return null;
  }
}

async function tell({ fast, keep }: DemoOptions): Promise<void> {
  // A misspelt option is told before the App and its libraries are loaded.
  const [{ openTerminal }, { Narrator }, { tellStory }] = await Promise.all([
    import('../terminal.ts'),
    import('./narrator.ts'),
    import('./story.ts'),
  ]);
  const { stdout, stderr } = process;
  const narrator = new Narrator({
    pace: fast ? 0 : PACE,
    terminal: openTerminal(process),
    live: stdout.isTTY ? (text) => void stdout.write(text) : null,
  });
  try {
    await tellStory(narrator, { kept: keep ? untilAsked : null });
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
