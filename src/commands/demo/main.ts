/**
 * `npm run demo`: the main job on embedded defaults. Starts a real gateway before a scripted upstream, both on this
 * machine alone, and checks whether the upstream's users could move to the gateway.
 *
 * With `--serve` it checks nothing: it prints where the gateway listens and keeps it running.
 */
import { mkdtemp, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runCheckCommand } from '../check.ts';
import { openTerminal } from '../terminal.ts';
import { type Stack, startStack } from './servers.ts';

const CONFIG = fileURLToPath(new URL('./gateway-rollout.yml', import.meta.url));

const { values } = parseArgs({ options: { serve: { type: 'boolean', default: false } } });
const stack = await startStack();
if (values.serve) await serve(stack);
else process.exitCode = await check(stack);

async function check({ gateway, upstream, apiKey, stop }: Stack): Promise<number> {
  process.stderr.write(
    `A real gateway (Portkey) listens on ${gateway.baseUrl}, its upstream on ${upstream.baseUrl}.\n`,
  );
  const environment = {
    GATEWAY_API_KEY: apiKey,
    GATEWAY_UPSTREAM: upstream.baseUrl,
    OFFICIAL_API_KEY: apiKey,
    OFFICIAL_BASE_URL: upstream.baseUrl,
  };
  // Of no repository: this one's own code is not the program that moves.
  const directory = await mkdtemp(join(tmpdir(), 'gateway-rollout-demo-'));
  try {
    const place = { json: false, directory };
    return await runCheckCommand(
      { config: CONFIG, baseUrl: gateway.baseUrl },
      place,
      environment,
      openTerminal(process),
    );
  } finally {
    await rmdir(directory);
    await stop();
  }
}

async function serve({ gateway, upstream, apiKey, stop }: Stack): Promise<void> {
  process.stdout.write(
    `${JSON.stringify({ baseUrl: gateway.baseUrl, upstream: upstream.baseUrl, apiKey })}\n`,
  );
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop());
}
