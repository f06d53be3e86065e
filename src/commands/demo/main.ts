/**
 * `npm run demo`: the main job on embedded defaults. A sample application moves from an official API to a gateway, both
 * of them real servers on this machine, by the real commands and the real App before an emulated GitHub.
 *
 * `--fast` leaves no time to read; `--keep` keeps everything running until Ctrl-C. `--serve` moves nothing: it prints
 * where the gateway listens and keeps it running.
 */
import { parseArgs } from 'node:util';
import { openTerminal } from '../terminal.ts';
import { Narrator } from './narrator.ts';
import { startStack } from './servers.ts';
import { tellStory } from './story.ts';

/** Milliseconds after each chapter. */
const PACE = 1_200;

const { values } = parseArgs({
  options: {
    fast: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
    serve: { type: 'boolean', default: false },
  },
});
if (values.serve) await serve();
else await tell();

async function tell(): Promise<void> {
  const { stdout, stderr } = process;
  const narrator = new Narrator({
    pace: values.fast ? 0 : PACE,
    terminal: openTerminal(process),
    live: stdout.isTTY ? (text) => void stdout.write(text) : null,
  });
  try {
    await tellStory(narrator, { kept: values.keep ? untilAsked : null });
  } catch (error) {
    stderr.write(`\nerror: ${error instanceof Error ? error.message : error}\n`);
    process.exitCode = 1;
  }
}

async function serve(): Promise<void> {
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
