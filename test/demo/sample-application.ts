/** The application that moves: the files of its repository, and a folder in which it runs. */
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Contents by path in the repository. */
export type Files = Readonly<Record<string, string>>;

export const CONFIG_PATH = '.github/gateway-rollout.yml';
export const WORKFLOW_PATH = '.github/workflows/gateway-check.yml';
export const SHARE_PATH = 'deploy/share.json';
export const SMOKE_TEST_PATH = 'test/smoke.ts';
const NIGHTLY_PATH = 'jobs/nightly-report.ts';

const SOURCES = {
  'src/assistant.ts': new URL('../example/assistant.ts', import.meta.url),
  [SHARE_PATH]: new URL('../example/deploy/share.json', import.meta.url),
  [SMOKE_TEST_PATH]: new URL('./sample/smoke.ts', import.meta.url),
  [NIGHTLY_PATH]: new URL('./sample/jobs/nightly-report.ts', import.meta.url),
} as const;
const WORKFLOW = new URL('../../src/commands/init/templates/gateway-check.yml', import.meta.url);
const CONFIG = new URL('./gateway-rollout.yml', import.meta.url);
const NODE_MODULES = fileURLToPath(new URL('../../node_modules', import.meta.url));

/** The application before the move: every file but the config. */
export async function sampleFiles(): Promise<Files> {
  const entries = Object.entries(SOURCES).map(async ([path, url]) => [path, await readFile(url, 'utf8')]);
  return Object.fromEntries(await Promise.all(entries));
}

/**
 * What the pull request changes: the config, the workflow that `init` writes, a share of copies beside the other one, and
 * the one file with a hard-coded address.
 * @param gatewayUrl where the demo's gateway listens
 */
export async function migration(before: Files, gatewayUrl: string): Promise<Files> {
  const [config, workflow] = await Promise.all([readFile(CONFIG, 'utf8'), readFile(WORKFLOW, 'utf8')]);
  return {
    [WORKFLOW_PATH]: workflow.replace(/(trusted-origins:) \S+/, `$1 ${new URL(gatewayUrl).origin}`),
    [CONFIG_PATH]: config.replace(/base_url: \S+.*/, `base_url: ${gatewayUrl}`),
    [SHARE_PATH]: '{ "gateway": 0, "shadow": 0 }\n',
    [NIGHTLY_PATH]: (before[NIGHTLY_PATH] ?? '')
      .replace("{ baseURL: 'https://api.openai.com/v1' }", '')
      .replace(', before the move: its base URL is hard-coded', ''),
  };
}

/** Writes the files below the directory. */
export async function writeFiles(directory: string, files: Files): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    const file = join(directory, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
}

/** Lets the application run with this project's packages, as after its own `npm install`. */
export async function linkPackages(directory: string): Promise<void> {
  await symlink(NODE_MODULES, join(directory, 'node_modules'), 'junction');
}
