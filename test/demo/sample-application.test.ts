import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { hardCodedSites, takeInventory } from '../../src/inventory/inventory.ts';
import { temporaryDirectory } from '../support/files.ts';
import {
  CONFIG_PATH,
  linkPackages,
  migration,
  sampleFiles,
  WORKFLOW_PATH,
  writeFiles,
} from './sample-application.ts';

const GATEWAY = 'http://127.0.0.1:4321/v1';

async function hardCodedAddresses(directory: string): Promise<readonly string[]> {
  const sites = hardCodedSites(await takeInventory(directory, {}));
  return sites.filter(({ kind }) => kind === 'base_url').map(({ file }) => file);
}

it('adds a valid config that names the demo’s gateway', async () => {
  const changes = await migration(await sampleFiles(), GATEWAY);
  const loaded = loadConfig(changes[CONFIG_PATH] ?? '', CONFIG_PATH);
  expect(loaded).toMatchObject({ ok: true, config: { gateway: { base_url: GATEWAY } } });
});

it('adds the workflow of the quick start, which says that this gateway may get the key', async () => {
  const changes = await migration(await sampleFiles(), GATEWAY);
  expect(changes[WORKFLOW_PATH]).toContain('trusted-origins: http://127.0.0.1:4321 #');
  expect(changes[WORKFLOW_PATH]).not.toContain('zivv');
});

it('removes the only address from the code', async () => {
  const directory = temporaryDirectory();
  const before = await sampleFiles();
  await writeFiles(directory, before);
  expect(await hardCodedAddresses(directory)).toEqual(['jobs/nightly-report.ts']);
  await writeFiles(directory, await migration(before, GATEWAY));
  expect(await hardCodedAddresses(directory)).toEqual([]);
  expect(await readFile(join(directory, 'jobs/nightly-report.ts'), 'utf8')).toContain('new OpenAI()');
});

it('runs with this project’s packages', async () => {
  const directory = temporaryDirectory();
  await linkPackages(directory);
  expect(existsSync(join(directory, 'node_modules/openai/package.json'))).toBe(true);
});
