import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/** The folder of package.json: one directory up from `dist/`, two up from a chunk of it or the sources. */
const ROOT = ['../', '../../']
  .map((path) => new URL(path, import.meta.url))
  .find((folder) => existsSync(new URL('package.json', folder)));

/** The version in package.json. */
export function version(): string {
  if (ROOT === undefined) throw new Error('package.json is missing');
  return String(JSON.parse(readFileSync(new URL('package.json', ROOT), 'utf8')).version);
}

/** What a workflow names to run this version: the tag of its release, or in a clone the commit, with the version behind. */
export function actionRef(): string {
  const tag = `v${version()}`;
  if (ROOT === undefined || !existsSync(new URL('.git', ROOT))) return tag;
  const commit = execFileSync('git', ['rev-parse', 'HEAD'], { cwd: ROOT, encoding: 'utf8' }).trim();
  return `${commit} # ${tag}`;
}
