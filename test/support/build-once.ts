/** Builds the bundle once, before all tests; those that run it ask `builtBundle` for its directory. */
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';

const root = path.resolve(import.meta.dirname, '../..');

export default async function setup(project: TestProject): Promise<() => void> {
  const release = mkdtempSync(path.join(tmpdir(), 'gateway-rollout-bundle-'));
  cpSync(path.join(root, 'package.json'), path.join(release, 'package.json'));
  const dist = path.join(release, 'dist');
  // As an earlier build would have left it.
  mkdirSync(dist);
  writeFileSync(path.join(dist, 'stale.js'), '');
  await promisify(execFile)(process.execPath, [path.join(root, '.ci/build.ts'), dist]);
  project.provide('bundle', dist);
  project.provide('compileCache', path.join(release, 'compiled'));
  return () => rmSync(release, { recursive: true, force: true });
}
