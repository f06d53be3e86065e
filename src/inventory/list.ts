import { spawn } from 'node:child_process';
import type { Dirent } from 'node:fs';
import { readdirSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { checkoutAround, GIT_OPTIONS, gitEnvironment, LOCAL_OBJECTS_ONLY } from './git.ts';
import { IgnoreRules } from './ignore-rules.ts';
import type { SkipReason } from './skip.ts';

/** A batch of files, or an entry that can't be searched. */
export type Listed =
  | { readonly kind: 'files'; readonly paths: readonly string[] }
  | { readonly kind: 'skipped'; readonly reason: SkipReason };

/**
 * The files below a directory, relative to it and with forward slashes: what git tracks or would track. Without git (no
 * repository, git not installed, a directory ignored by the repository around it), a walk that honours `.gitignore`.
 * Files are yielded while git is still listing, so reading can start at once.
 */
export async function* listFiles(root: string): AsyncGenerator<Listed> {
  let any = false;
  if (checkoutAround(realpathSync(root)) !== null) {
    for await (const paths of gitFiles(root)) {
      any = true;
      yield { kind: 'files', paths };
    }
  }
  if (!any) yield* walk(root);
}

const LIST = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];

async function* gitFiles(root: string): AsyncGenerator<string[]> {
  const git = spawn('git', [...GIT_OPTIONS, ...LIST], {
    cwd: root,
    env: { ...gitEnvironment(), ...LOCAL_OBJECTS_ONLY },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = new Promise<void>((resolve) => {
    git.on('error', () => resolve());
    git.on('close', () => resolve());
  });
  let rest = '';
  let last = '';
  for await (const chunk of git.stdout.setEncoding('utf8')) {
    const paths = (rest + String(chunk)).split('\0');
    rest = paths.pop() ?? '';
    // A file with a merge conflict is listed once per side.
    const once = paths.filter((path, index) => path !== (index === 0 ? last : paths[index - 1]));
    last = paths.at(-1) ?? last;
    if (once.length > 0) yield once;
  }
  await ended;
}

/** Directories of generated or downloaded files. Without git, nothing else identifies them. */
const NEVER_WALKED =
  /^(?:\.git|\.hg|\.svn|node_modules|\.venv|venv|__pycache__|\.tox|\.gradle|\.terraform|target)$/;

/** A directory still to walk, with the ignore rules of its parents. */
interface Directory {
  /** Relative to the root; `''` is the root. */
  readonly path: string;
  readonly ignored: IgnoreRules;
}

function* walk(root: string): Generator<Listed> {
  const open: Directory[] = [{ path: '', ignored: IgnoreRules.none }];
  for (let directory = open.pop(); directory !== undefined; directory = open.pop()) {
    const entries = entriesOf(join(root, directory.path));
    if (entries === null) {
      yield { kind: 'skipped', reason: 'unreadable' };
      continue;
    }
    const ignored = rulesIn(root, directory, entries);
    const seen = entries
      .map((entry) => ({
        entry,
        path: directory.path === '' ? entry.name : `${directory.path}/${entry.name}`,
      }))
      .filter(({ entry, path }) => !ignored.ignores(path, entry.isDirectory()));
    for (const { entry } of seen) if (entry.isSymbolicLink()) yield { kind: 'skipped', reason: 'link' };
    const inside = seen.filter(({ entry }) => entry.isDirectory() && !NEVER_WALKED.test(entry.name));
    open.push(...inside.map(({ path }) => ({ path, ignored })));
    const paths = seen.filter(({ entry }) => entry.isFile()).map(({ path }) => path);
    if (paths.length > 0) yield { kind: 'files', paths };
  }
}

function rulesIn(root: string, { path, ignored }: Directory, entries: readonly Dirent[]): IgnoreRules {
  if (!entries.some(({ name }) => name === '.gitignore')) return ignored;
  return ignored.with(path, textOf(join(root, path, '.gitignore')));
}

function entriesOf(path: string): Dirent[] | null {
  try {
    return readdirSync(path, { withFileTypes: true });
  } catch {
    return null;
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
