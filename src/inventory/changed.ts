import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { GIT_OPTIONS, gitEnvironment } from './git.ts';
import type { FileLine } from './site.ts';

/** By file, relative to the given directory: the numbers of its changed lines, or `all` for a new file. */
export type ChangedLines = ReadonlyMap<string, ReadonlySet<number> | 'all'>;

/** The changed lines, or a message for the user. */
export type ChangedLinesResult =
  | { readonly kind: 'changes'; readonly lines: ChangedLines }
  | { readonly kind: 'refused'; readonly message: string };

const MAX_OUTPUT = 256 * 1024 * 1024;

/**
 * The lines below `root` added or changed since the common ancestor of `ref` and HEAD, as a pull request shows them.
 * Includes uncommitted changes and untracked files.
 * @param ref a branch, tag or commit, e.g. `origin/main`
 */
export async function changedSince(root: string, ref: string): Promise<ChangedLinesResult> {
  // A ref that begins with a dash would be an option to git.
  if (!/^[^-\s][^\s]*$/.test(ref)) return refused(ref, 'not a branch, tag or commit');
  try {
    const base = await forkPoint(root, ref);
    const diff = await git(root, [
      'diff',
      '--unified=0',
      '--no-color',
      '--no-ext-diff',
      '--no-textconv',
      '--no-renames',
      '--relative',
      '--src-prefix=a/',
      '--dst-prefix=b/',
      base,
      '--',
      '.',
    ]);
    const untracked = await git(root, ['ls-files', '-z', '--others', '--exclude-standard', '--', '.']);
    const lines = new Map<string, ReadonlySet<number> | 'all'>(parseDiff(diff));
    for (const path of untracked.split('\0')) if (path !== '') lines.set(path, 'all');
    return { kind: 'changes', lines };
  } catch (error) {
    return refused(ref, reasonOf(error));
  }
}

/**
 * The common ancestor of `ref` and HEAD. In a shallow clone it may be missing, so fall back to `ref` itself; for the
 * merge commit that GitHub checks out for a pull request, both are the same.
 */
async function forkPoint(root: string, ref: string): Promise<string> {
  const commit = (await git(root, ['rev-parse', '--verify', `${ref}^{commit}`])).trim();
  return git(root, ['merge-base', commit, 'HEAD']).then(
    (ancestor) => ancestor.trim(),
    () => commit,
  );
}

/** Whether this line is one of the changed ones. */
export function isChanged(lines: ChangedLines, { file, line }: FileLine): boolean {
  const changed = lines.get(file);
  return changed === 'all' || (changed?.has(line) ?? false);
}

/** The lines that a unified diff without context adds, by file. */
export function parseDiff(diff: string): Map<string, Set<number>> {
  const files = new Map<string, Set<number>>();
  let lines = new Set<number>();
  let left = 0;
  for (const line of diff.split('\n')) {
    // An added or removed line may look like a header.
    if (left > 0 && /^[+-]/.test(line)) {
      left -= 1;
      continue;
    }
    const hunk = /^@@ -\d+(?:,(?<taken>\d+))? \+(?<start>\d+)(?:,(?<added>\d+))? @@/.exec(line)?.groups;
    if (hunk !== undefined) {
      const added = Number(hunk.added ?? 1);
      left = added + Number(hunk.taken ?? 1);
      for (let offset = 0; offset < added; offset++) lines.add(Number(hunk.start) + offset);
    } else if (line.startsWith('+++ ')) {
      lines = new Set();
      files.set(pathOf(line.slice(4)), lines);
    }
  }
  files.delete('/dev/null');
  return files;
}

/** `b/src/a.ts`; git quotes names that are not plain ASCII and writes their bytes in octal. */
function pathOf(name: string): string {
  const plain = name.replace(/\t$/, '');
  if (!plain.startsWith('"')) return plain.replace(/^b\//, '');
  const bytes = plain.slice(1, -1).replace(/\\([0-7]{3}|.)/g, (_, escaped: string) => {
    if (escaped.length === 3) return String.fromCharCode(Number.parseInt(escaped, 8));
    return { n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b', v: '\v', f: '\f' }[escaped] ?? escaped;
  });
  return Buffer.from(bytes, 'latin1').toString('utf8').replace(/^b\//, '');
}

async function git(cwd: string, args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('git', [...GIT_OPTIONS, ...args], {
    cwd,
    env: gitEnvironment(),
    maxBuffer: MAX_OUTPUT,
  });
  return stdout;
}

function reasonOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
    return 'git is not installed, or the directory does not exist';
  const stderr = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error);
  return (
    stderr
      .trim()
      .split('\n')[0]
      ?.replace(/^(?:fatal|error): /, '') || 'git failed'
  );
}

function refused(ref: string, reason: string): ChangedLinesResult {
  return {
    kind: 'refused',
    message: `Cannot list the lines changed since "${ref}": ${reason}. Use a commit that exists in this clone; in a workflow, check out with fetch-depth: 0.`,
  };
}
