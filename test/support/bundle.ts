import { execFile, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const root = path.resolve(import.meta.dirname, '../..');
let built: Promise<string> | null = null;

/** The directory of a fresh build of `dist/`, beside a package.json as in a release. Built once per test file. */
export function buildBundle(): Promise<string> {
  built ??= build();
  return built;
}

async function build(): Promise<string> {
  const release = mkdtempSync(path.join(tmpdir(), 'gateway-rollout-bundle-'));
  process.once('exit', () => rmSync(release, { recursive: true, force: true }));
  cpSync(path.join(root, 'package.json'), path.join(release, 'package.json'));
  const dist = path.join(release, 'dist');
  await promisify(execFile)(process.execPath, [path.join(root, 'build.ts'), dist]);
  return dist;
}

/** What a program wrote, and how it ended. */
export interface Ended {
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Start {
  readonly cwd: string;
  /** All that the program sees of the environment besides PATH. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Run a script of the bundle with this Node in an otherwise empty environment. */
export function runNode(
  script: string,
  args: readonly string[],
  { cwd, environment }: Start,
): Promise<Ended> {
  const child = spawn(process.execPath, [script, ...args], {
    cwd,
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode) => resolve({ exitCode, stdout, stderr }));
  });
}
