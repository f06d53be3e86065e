import { existsSync } from 'node:fs';
import { readFile, realpath } from 'node:fs/promises';
import path from 'node:path';
import { blobAt, ForgedObject, headCommit, objectName, rootTree } from './git-objects.ts';
import type { CheckedOut } from './trust.ts';

/**
 * Finds the commits of the workspace and of the config's directory.
 * @param workspace the job's working directory
 * @param config path of the config that would be read, or null when there is none
 * @returns one entry per directory; never throws
 */
export async function readCheckouts(workspace: string, config: string | null): Promise<CheckedOut[]> {
  const real = await realpath(workspace).catch(() => workspace);
  const inWorkspace = await readCheckout(real, real, null);
  if (config === null) return [inWorkspace];
  // Not the config's real path: a link must be one of the commit's own.
  const file = path.resolve(real, path.relative(workspace, config));
  return [inWorkspace, await readCheckout(real, path.dirname(file), path.basename(file))];
}

async function readCheckout(workspace: string, directory: string, file: string | null): Promise<CheckedOut> {
  const repository = repositoryAround(directory, workspace);
  if (repository === null) {
    return file === null
      ? { kind: 'nothing', directory }
      : { kind: 'unknown', directory, why: `${file} is not part of a git repository` };
  }
  try {
    const commit = await headCommit(repository);
    const tree = await rootTree(repository, commit);
    const same = file === null || (await isUnchanged(repository, tree, path.join(directory, file)));
    return { kind: 'commit', directory, commit, changed: same ? [] : [file] };
  } catch (error) {
    return { kind: 'unknown', directory, why: reason(error) };
  }
}

/**
 * The repository around a directory. Inside the workspace it is the outermost one: somebody else's artifact may have
 * brought another `.git` below it.
 */
export function repositoryAround(directory: string, workspace: string): string | null {
  const around = directoriesUp(directory).filter((each) => existsSync(path.join(each, '.git')));
  return around.findLast((each) => directoriesUp(each).includes(workspace)) ?? around[0] ?? null;
}

function directoriesUp(directory: string): string[] {
  const parent = path.dirname(directory);
  return parent === directory ? [directory] : [directory, ...directoriesUp(parent)];
}

/**
 * Compares with the commit's blob here rather than with `git diff`, which would run filters that the checkout's own
 * settings name, and believe its index. A checkout on Windows may have turned line ends into CRLF.
 */
async function isUnchanged(repository: string, tree: string, file: string): Promise<boolean> {
  const inTree = path.relative(repository, file).replaceAll(path.sep, '/');
  const committed = await blobAt(repository, tree, inTree);
  if (committed === null) return false;
  const content = await readFile(file);
  const withLf = Buffer.from(content.toString('latin1').replaceAll('\r\n', '\n'), 'latin1');
  return [content, withLf].some((bytes) => objectName('blob', bytes, committed.length) === committed);
}

function reason(error: unknown): string {
  if (error instanceof ForgedObject) return 'an object of the commit in .git is missing or not genuine';
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return code === 'ENOENT' ? 'git is not installed' : 'git reports no commit';
}
