/**
 * Reads a repository's objects without trusting its `.git`, which somebody else's artifact may have overwritten: each
 * object must hash to its name, from the commit down to the file.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import path from 'node:path';
import { promisify } from 'node:util';
import { GIT_OPTIONS, gitEnvironment, LOCAL_OBJECTS_ONLY } from '../../inventory/git.ts';

const run = promisify(execFile);
const GIT_DEADLINE_MS = 10_000;
/** A tree of a million entries. */
const MOST_BYTES = 64 * 1024 * 1024;
/** As many symbolic links as Linux follows. */
const MOST_LINKS = 40;

/** An object is missing, replaced or overwritten. */
export class ForgedObject extends Error {}

/** The name of the commit that is checked out. That its object is genuine is checked by {@link rootTree}. */
export async function headCommit(repository: string): Promise<string> {
  return (await git(repository, 'rev-parse', '--verify', 'HEAD')).toString().trim();
}

export async function rootTree(repository: string, commit: string): Promise<string> {
  const text = (await object(repository, 'commit', commit)).toString('latin1');
  const tree = /^tree ([0-9a-f]+)\n/.exec(text)?.[1];
  if (tree === undefined) throw new ForgedObject();
  return tree;
}

/**
 * The name of a file's content in a tree. Symbolic links are followed inside the tree, as the checkout follows them.
 * @param root the name of the tree
 * @param file relative to it, with forward slashes
 * @returns null where the tree has no such file
 */
export async function blobAt(
  repository: string,
  root: string,
  file: string,
  links = MOST_LINKS,
): Promise<string | null> {
  const parts = path.posix.normalize(file).split('/');
  let tree = root;
  for (const [at, part] of parts.entries()) {
    const entry = entriesOf(await object(repository, 'tree', tree), tree.length / 2).get(part);
    if (entry?.mode === '120000') {
      const target = (await object(repository, 'blob', entry.name)).toString();
      const linked = [...parts.slice(0, at), target, ...parts.slice(at + 1)].join('/');
      return links === 0 || target.startsWith('/') ? null : blobAt(repository, root, linked, links - 1);
    }
    if (entry?.mode !== '40000') {
      return at === parts.length - 1 && entry?.mode.startsWith('100') ? entry.name : null;
    }
    tree = entry.name;
  }
  return null;
}

/** The name under which git stores an object: a hash over a header and the bytes, SHA-1 or SHA-256. */
export function objectName(type: 'blob' | 'commit' | 'tree', content: Buffer, length: number): string {
  const hash = createHash(length === 64 ? 'sha256' : 'sha1');
  return hash.update(`${type} ${content.length}\0`).update(content).digest('hex');
}

async function object(repository: string, type: 'blob' | 'commit' | 'tree', name: string): Promise<Buffer> {
  const content = await git(repository, 'cat-file', type, name).catch((error: unknown) => {
    // git ran and has no such object.
    if (error instanceof Error && 'code' in error && typeof error.code === 'number') throw new ForgedObject();
    throw error;
  });
  if (objectName(type, content, name.length) !== name) throw new ForgedObject();
  return content;
}

interface TreeEntry {
  /** In octal: `40000` a directory, `100…` a file, `120000` a symbolic link. */
  readonly mode: string;
  readonly name: string;
}

/** A tree's entries by file name: mode, space, file name, NUL and the bytes of the object's name. */
function entriesOf(tree: Buffer, nameBytes: number): Map<string, TreeEntry> {
  const entries = new Map<string, TreeEntry>();
  for (let at = 0; at < tree.length; ) {
    const end = tree.indexOf(0, at);
    if (end < 0) break;
    const [mode = '', ...file] = tree.toString('utf8', at, end).split(' ');
    at = end + 1 + nameBytes;
    entries.set(file.join(' '), { mode, name: tree.toString('hex', end + 1, at) });
  }
  return entries;
}

/** The runner's user often does not own the workspace of a container job, hence `safe.directory`. */
async function git(directory: string, ...args: readonly string[]): Promise<Buffer> {
  const { stdout } = await run('git', ['-c', 'safe.directory=*', ...GIT_OPTIONS, ...args], {
    cwd: directory,
    env: { ...gitEnvironment(), ...LOCAL_OBJECTS_ONLY },
    timeout: GIT_DEADLINE_MS,
    maxBuffer: MOST_BYTES,
    encoding: 'buffer',
  });
  return stdout;
}
