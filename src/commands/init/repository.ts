/** Files and branches of the repository in which `init` runs. */
import { execFile } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { promisify } from 'node:util';
import { GIT_OPTIONS, gitEnvironment } from '../../inventory/git.ts';
import { reasonOf } from '../refusal.ts';

export const start = promisify(execFile);

export async function git(root: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await start('git', [...GIT_OPTIONS, ...args], { cwd: root, env: gitEnvironment() });
  return stdout.trim();
}

/** By what the remote says, else the branch that is checked out. */
export async function defaultBranch(root: string): Promise<string> {
  const branch = await git(root, 'symbolic-ref', '--short', 'refs/remotes/origin/HEAD')
    .catch(() => git(root, 'symbolic-ref', '--short', 'HEAD'))
    .catch(() => 'main');
  return branch.replace(/^origin\//, '');
}

/** Those of the paths where something is already, links to nowhere too. */
export function existing(root: string, paths: readonly string[]): string[] {
  return paths.filter((path) => lstatSync(join(root, path), { throwIfNoEntry: false }) !== undefined);
}

/** Writes new files: all of them or none, and over nothing. @returns why nothing was written, or null */
export function writeNewFiles(root: string, files: Readonly<Record<string, string>>): string | null {
  const written: string[] = [];
  for (const [path, text] of Object.entries(files)) {
    const target = join(root, path);
    try {
      if (!isInside(root, target)) throw new Error('its folder is a link that leads out of the repository');
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, text, { flag: 'wx' });
      written.push(target);
    } catch (error) {
      for (const each of written) rmSync(each, { force: true });
      return `Can't write ${path}: ${reasonOf(error)}. Nothing was written.`;
    }
  }
  return null;
}

/** Whether the nearest folder that exists is in the repository. */
function isInside(root: string, path: string): boolean {
  const folder = dirname(path);
  if (!existsSync(folder)) return isInside(root, folder);
  return `${realpathSync(folder)}${sep}`.startsWith(`${realpathSync(root)}${sep}`);
}
