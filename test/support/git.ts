/** Repositories of git, made as on a machine that has no settings of its own. */
import { execFileSync } from 'node:child_process';
import { type Files, temporaryDirectory, writeFiles } from './files.ts';

const SETTINGS = {
  'user.name': 'Test',
  'user.email': 'test@example.invalid',
  'init.defaultBranch': 'main',
  // Submodules come from repositories on this machine.
  'protocol.file.allow': 'always',
};
const OPTIONS = Object.entries(SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`]);

/** Runs git in a directory. Returns what it printed, trimmed; throws where it fails. */
export function git(directory: string, ...args: readonly string[]): string {
  const env = { PATH: process.env.PATH, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };
  return execFileSync('git', [...OPTIONS, ...args], {
    cwd: directory,
    env,
    encoding: 'utf8',
    stdio: 'pipe',
  }).trim();
}

/** Commits these files and all others of a directory, a new repository where it was none. Returns the commit. */
export function commitFiles(directory: string, files: Files): string {
  writeFiles(directory, files);
  git(directory, 'init', '--quiet');
  git(directory, 'add', '--all');
  git(directory, 'commit', '--quiet', '--message', 'Test');
  return git(directory, 'rev-parse', 'HEAD');
}

/** A repository for one test, with these files committed. */
export function repository(files: Files): string {
  const directory = temporaryDirectory();
  commitFiles(directory, files);
  return directory;
}
