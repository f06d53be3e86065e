import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A temporary directory with these files, gone when the test ends. */
export function tree(files: Readonly<Record<string, string | Buffer>>): string {
  const root = mkdtempSync(join(tmpdir(), 'inventory-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  plant(root, files);
  return root;
}

/** Write files below a directory. */
export function plant(root: string, files: Readonly<Record<string, string | Buffer>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
}

/** Run git in a directory, as an author who is nobody. */
export function git(cwd: string, ...args: readonly string[]): string {
  const author = [
    '-c',
    'user.name=nobody',
    '-c',
    'user.email=nobody@example.invalid',
    '-c',
    'init.defaultBranch=main',
  ];
  return execFileSync('git', [...author, '-c', 'protocol.file.allow=always', ...args], {
    cwd,
    encoding: 'utf8',
    stdio: 'pipe',
  });
}

/** The same as a git repository with everything committed. */
export function repository(files: Readonly<Record<string, string | Buffer>>): string {
  const root = tree(files);
  git(root, 'init', '--quiet');
  git(root, 'add', '--all');
  git(root, 'commit', '--quiet', '--message', 'first');
  return root;
}
