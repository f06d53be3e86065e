/** Somebody's own config on the emulated GitHub: the real App opens its issue, and takes their comments. */
import { globSync, readFileSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { findConfigFile } from '../../src/config/files.ts';
import { loadConfig } from '../../src/config/load.ts';
import { formatProblem } from '../../src/config/problem.ts';
import type { Config } from '../../src/config/schema.ts';
import { DemoClock } from './clock.ts';
import type { Narrator } from './narrator.ts';
import { serveIssue } from './pages.ts';
import { startRepositoryHost } from './repository-host.ts';
import type { Files } from './sample-application.ts';
import { showIssueOf } from './scene.ts';

/**
 * Shows the issue that the App opens for the config in a folder, and serves it until the promise resolves. Nothing in the
 * folder changes.
 * @throws a message for people without a valid config, or where the App opens no issue
 */
export async function showOwnIssue(
  folder: string,
  narrator: Narrator,
  untilStopped: () => Promise<void>,
): Promise<void> {
  const { config, files } = await readRepository(folder);
  await using started = new AsyncDisposableStack();
  const host = started.adopt(await startRepositoryHost(new DemoClock(), nameOf(folder)), ({ stop }) =>
    stop(),
  );
  const { github } = host;
  await github.pushes(files, { by: 'alice', message: 'Add gateway-rollout' });
  await host.settled();
  // Nothing runs workflows here, so those that gates name are green.
  const named = config.rollout.stages.flatMap(({ gate }) => gate.workflows);
  for (const workflow of new Set(named)) await github.runFinished(workflow);
  await host.settled();
  showIssueOf(await host.issue(), narrator);
  narrator.aside(
    'This is your config on an emulated GitHub, with the real App. Workflows that gates name count as green. Nothing leaves this machine, and your folder stays as it is.',
  );
  const server = started.adopt(await serveIssue(host), ({ stop }) => stop());
  narrator.aside(`Comment on the issue here, such as /advance-rollout or /rollout-help: ${server.url}`);
  narrator.say('Ctrl-C stops everything.');
  await untilStopped();
}

/** As GitHub would name its repository. */
const nameOf = (folder: string): string => basename(resolve(folder)).replace(/[^\w.-]+/g, '-') || 'assistant';

async function readRepository(folder: string): Promise<{ readonly config: Config; readonly files: Files }> {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw new Error(`${folder} is not a folder. Name the folder of your repository.`);
  const found = await findConfigFile(folder);
  if (!found.ok)
    throw new Error(`${found.problems.map(formatProblem).join('\n')}\nFirst run gateway-rollout init there.`);
  const read = (path: string): string => readFileSync(join(folder, path), 'utf8');
  const loaded = loadConfig(read(found.file), found.file);
  if (!loaded.ok) throw new Error(loaded.problems.map(formatProblem).join('\n'));
  const { config } = loaded;
  const targets = config.traffic.flatMap((target) => (target.kind === 'file' ? [target.path] : []));
  const paths = [...globSync('.github/workflows/*.{yml,yaml}', { cwd: folder }), ...targets].filter(
    (path) => statSync(join(folder, path), { throwIfNoEntry: false }) !== undefined,
  );
  return { config, files: Object.fromEntries([found.file, ...paths].map((path) => [path, read(path)])) };
}
