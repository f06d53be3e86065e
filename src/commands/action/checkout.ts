import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, realpath } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { CheckedOut } from './trust.ts';

const run = promisify(execFile);
const GIT_DEADLINE_MS = 10_000;

/**
 * Finds the commits of the workspace and of the config's directory.
 * @param workspace the job's working directory
 * @param config path of the config that would be read, or null when there is none
 * @returns one entry per directory; never throws
 */
export async function readCheckouts(workspace: string, config: string | null): Promise<CheckedOut[]> {
  const real = config === null ? null : await realpath(config).catch(() => config);
  const inWorkspace = await readCheckout(await realpath(workspace).catch(() => workspace), null);
  if (real === null) return [inWorkspace];
  return [inWorkspace, await readCheckout(path.dirname(real), path.basename(real))];
}

async function readCheckout(directory: string, file: string | null): Promise<CheckedOut> {
  if (!insideRepository(directory)) {
    return file === null
      ? { kind: 'nothing', directory }
      : { kind: 'unknown', directory, why: `${file} is not part of a git repository` };
  }
  try {
    const commit = await git(directory, 'rev-parse', '--verify', 'HEAD^{commit}');
    const changed = file === null || (await isUnchanged(directory, file)) ? [] : [file];
    return { kind: 'commit', directory, commit, changed };
  } catch (error) {
    return { kind: 'unknown', directory, why: reason(error) };
  }
}

function insideRepository(directory: string): boolean {
  if (existsSync(path.join(directory, '.git'))) return true;
  const parent = path.dirname(directory);
  return parent !== directory && insideRepository(parent);
}

/**
 * Compares with the commit's blob here rather than with `git diff`, which would run filters and hooks that the
 * checkout's own settings name. A checkout on Windows may have turned line ends into CRLF.
 */
async function isUnchanged(directory: string, file: string): Promise<boolean> {
  const committed = await git(directory, 'rev-parse', '--verify', '--quiet', `HEAD:./${file}`).catch(
    () => null,
  );
  if (committed === null) return false;
  const content = await readFile(path.join(directory, file));
  const withLf = Buffer.from(content.toString('latin1').replaceAll('\r\n', '\n'), 'latin1');
  return [content, withLf].some((bytes) => blobName(bytes, committed.length) === committed);
}

/** The name under which git stores a file's content: a hash over a header and the bytes. */
function blobName(content: Buffer, length: number): string {
  const hash = createHash(length === 64 ? 'sha256' : 'sha1');
  return hash.update(`blob ${content.length}\0`).update(content).digest('hex');
}

/** The runner's user often does not own the workspace of a container job, hence `safe.directory`. */
async function git(directory: string, ...args: readonly string[]): Promise<string> {
  const environment = Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'));
  const { stdout } = await run('git', ['-c', 'safe.directory=*', ...args], {
    cwd: directory,
    env: Object.fromEntries(environment),
    timeout: GIT_DEADLINE_MS,
  });
  return stdout.trim();
}

function reason(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return code === 'ENOENT' ? 'git is not installed' : 'git reports no commit';
}
