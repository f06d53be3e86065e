import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { builtBundle } from '../support/bundle.ts';

const root = path.resolve(import.meta.dirname, '../..');
const run = promisify(execFile);
const dist = builtBundle();

const lockSchema = z.object({
  packages: z.record(
    z.string(),
    z.object({
      integrity: z.string().optional(),
      hasInstallScript: z.boolean().default(false),
      dev: z.boolean().default(false),
    }),
  ),
});

// That a build gives the same bytes anywhere is what CI shows: dist/ has to be what the sources build.
test('a build leaves nothing of an earlier one behind', () => {
  expect(filesIn(dist)).toContain('cli.js');
  expect(filesIn(dist)).not.toContain('stale.js');
});

test('the command line is executable', async () => {
  const cli = path.join(dist, 'cli.js');
  expect(statSync(cli).mode & 0o111).toBe(0o111);
  expect(readFileSync(cli, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  expect((await run(process.execPath, [cli, '--version'])).stdout).toBe(`${version}\n`);
});

test('--help and --version load neither the schemas, the probes nor the official client', () => {
  const loaded = loadedAtStart(path.join(dist, 'cli.js'));
  const bytes = loaded.reduce((sum, file) => sum + statSync(file).size, 0);
  expect(bytes).toBeLessThan(100_000);
});

test('the Action starts without the official client', () => {
  const loaded = loadedAtStart(path.join(dist, 'index.js')).map((file) => path.basename(file));
  expect(loaded).not.toContain('openai.js');
  expect(loaded).not.toContain('probes.js');
});

test('the license of every bundled package is beside the bundle, with its copyright line', () => {
  const text = readFileSync(path.join(dist, 'LICENSES.txt'), 'utf8');
  const sections = text.split(/^(\S+) [\d.]+[^\n]* \((.+)\)\n-+\n/m).slice(1);
  const packages = sections.filter((_, index) => index % 3 === 0);
  expect(packages).toEqual(expect.arrayContaining(['@actions/core', 'commander', 'openai', 'yaml', 'zod']));
  for (const [index, name] of packages.entries()) {
    const [licence = '', words = ''] = sections.slice(index * 3 + 1, index * 3 + 3);
    expect(licence, name).toMatch(/MIT|ISC|BSD|Apache-2\.0|BlueOak|Unlicense/);
    // The Unlicense asks for no notice.
    expect(words.length, name).toBeGreaterThan(licence === 'Unlicense' ? 80 : 400);
  }
});

test('no package is bundled that nobody maintains, or that installs others while it runs', () => {
  const licences = readFileSync(path.join(dist, 'LICENSES.txt'), 'utf8');
  expect(licences).not.toMatch(
    /^(archiver|binary|buffers|chainsaw|isarray|lazystream|unzip-stream|npx-import-light) /m,
  );
  for (const file of filesIn(dist)) {
    expect(readFileSync(path.join(dist, file), 'utf8'), file).not.toMatch(/npx --version/);
  }
});

test('every package has a hash, and none that the App needs has an install script', () => {
  const lock: unknown = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8'));
  const { packages } = lockSchema.parse(lock);
  const { '': own, ...others } = packages;
  expect(own).toBeDefined();
  expect(Object.keys(others).length).toBeGreaterThan(300);
  for (const [name, { integrity, hasInstallScript, dev }] of Object.entries(others)) {
    expect(integrity, name).toMatch(/^sha512-/);
    expect(hasInstallScript && !dev, name).toBe(false);
  }
});

test('the schema of the config is published', () => {
  const schema = JSON.parse(readFileSync(path.join(dist, 'gateway-rollout.schema.json'), 'utf8'));
  expect(Object.keys(schema.properties)).toEqual(expect.arrayContaining(['gateway', 'models', 'rollout']));
});

test('no path of the machine that built it is in the bundle', () => {
  for (const file of filesIn(dist)) {
    expect(readFileSync(path.join(dist, file), 'utf8').includes(root), file).toBe(false);
  }
});

function filesIn(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(directory, path.join(entry.parentPath, entry.name)))
    .sort();
}

/** A script and all that it imports at once, and not only when a command needs it. */
function loadedAtStart(script: string, seen = new Set<string>()): string[] {
  if (seen.has(script)) return [];
  seen.add(script);
  const imports = readFileSync(script, 'utf8').matchAll(/(?:from|import)\s*"(\.[^"]+\.js)"/g);
  return [
    script,
    ...[...imports].flatMap(([, file = '']) => loadedAtStart(path.resolve(path.dirname(script), file), seen)),
  ];
}
