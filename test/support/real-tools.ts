/** The real programs that `.ci/real-tools` installs beside the clone, because they are too large for `npm ci`. */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

const cache = process.env.XDG_CACHE_HOME || path.join(homedir(), '.cache');
const tools = process.env.GATEWAY_ROLLOUT_TOOLS || path.join(cache, 'gateway-rollout/tools');

/** The folder of a tool; null where it is not installed, which is said loudly. */
export function realTool(name: string): string | null {
  const folder = path.join(tools, name);
  if (existsSync(path.join(folder, '.installed'))) return folder;
  process.stderr.write(
    `\n!!! SKIPPED: the tests against the real ${name} did not run: it is not installed.\n` +
      `!!! Install it: .ci/real-tools ${name}\n\n`,
  );
  return null;
}
