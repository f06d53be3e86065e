/** Finding and reading the file in a checked-out repository. */

import { existsSync, readFileSync } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { CheckoutReader } from './checkout-advice.ts';
import { MAX_BYTES } from './document.ts';
import type { LoadResult } from './load.ts';
import { fileProblem, nearest, type Problem } from './problem.ts';

const FOLDER = '.github/gateway-rollout';
const ENDINGS = ['.yml', '.yaml'];

const LEAST = 'a file such as: {gateway: {base_url: https://gateway.example/v1}, models: [gpt-4o-mini]}';

const SOMEWHERE = `to run at the root of a repository that has ${FOLDER}.yml (${LEAST}), or the file's path: --config, in a workflow the input config`;

export type FindResult =
  | { readonly ok: true /** Relative to the root, with forward slashes. */; readonly file: string }
  | {
      readonly ok: false;
      readonly problems: readonly Problem[];
      /** Whether the repository has no configuration at all. */
      readonly none: boolean;
    };

/**
 * Finds the configuration of a repository: `.github/gateway-rollout.yml` (or `.yaml`), or the one that
 * `name` chooses (or the only one) in `.github/gateway-rollout/`.
 * @param root the checked-out repository
 */
export async function findConfigFile(root: string, name?: string): Promise<FindResult> {
  const several = (await readdir(join(root, FOLDER)).catch((): string[] => []))
    .filter((entry) => ENDINGS.some((ending) => entry.endsWith(ending)))
    .sort()
    .map((entry) => `${FOLDER}/${entry}`);
  const single: string[] = [];
  for (const file of ENDINGS.map((ending) => `${FOLDER}${ending}`)) {
    if (await exists(join(root, file))) single.push(file);
  }
  const found =
    name === undefined ? [...single, ...several] : several.filter((file) => nameOf(file) === name);
  const [file, ...more] = found;
  if (file !== undefined && more.length === 0) return { ok: true, file };
  if (file !== undefined)
    return notFound(
      `there are several configurations: ${found.join(', ')}`,
      'the name or the path of one of them',
    );
  if (name === undefined)
    return { ...notFound(`there is no configuration in ${resolve(root)}`, SOMEWHERE), none: true };
  const names = several.map(nameOf);
  const expected = names.length === 0 ? `${FOLDER}/${name}.yml` : `one of ${names.join(', ')}`;
  return notFound(`there is no configuration named "${name}"`, expected, nearest(name, names));
}

/** Null where the directory is not the root of a checkout: nothing is known then of what the repository has. */
export function checkoutAt(root: string): CheckoutReader | null {
  if (!existsSync(join(root, '.git'))) return null;
  return (path) => {
    try {
      return readFileSync(join(root, path), 'utf8');
    } catch {
      return null;
    }
  };
}

/**
 * Reads one configuration from a file.
 * @param path where it is
 * @param file its name in messages, where that differs from the path
 * @param checkout what the config names is looked for there; null: nowhere
 */
export async function loadConfigFile(
  path: string,
  file: string = path,
  checkout: CheckoutReader | null = null,
): Promise<LoadResult> {
  const bytes = await readBytes(path);
  if (typeof bytes === 'string')
    return { ok: false, problems: [fileProblem(file, bytes, 'the path of a readable configuration')] };
  const text = decode(bytes);
  if (text !== null) {
    // Loaded when there is something to read: the schema is large, and many checks have no config.
    const { loadConfig } = await import('./load.ts');
    return loadConfig(text, file, checkout);
  }
  const problem = fileProblem(file, 'the file is not encoded as UTF-8', 'a text file saved as UTF-8');
  return { ok: false, problems: [problem] };
}

function decode(bytes: Uint8Array): string | null {
  // UTF-16 can pass for UTF-8 with a zero in every other place.
  if (bytes.includes(0)) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** The content, one byte more than allowed at most, or what stands in the way. */
async function readBytes(path: string): Promise<Uint8Array | string> {
  try {
    const handle = await open(path);
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(MAX_BYTES + 1), 0, MAX_BYTES + 1, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (error) {
    return whyUnreadable(error);
  }
}

const UNREADABLE: Readonly<Record<string, string>> = {
  ENOENT: 'the file does not exist',
  ENOTDIR: 'the file does not exist',
  EISDIR: 'this is a folder, not a file',
  EACCES: 'the file may not be read by this user',
  EPERM: 'the file may not be read by this user',
};

/** Why a file cannot be read, as a clause. @param error as the system gave it */
export function whyUnreadable(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
  return UNREADABLE[code] ?? `the file cannot be read (${code})`;
}

/** Whatever it is: that it is no file is told when it is read. */
async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

function nameOf(file: string): string {
  return basename(file).replace(/\.ya?ml$/, '');
}

function notFound(message: string, expected: string, suggestion: string | null = null) {
  const problem = { ...fileProblem(`${FOLDER}.yml`, message, expected), suggestion };
  return { ok: false, problems: [problem], none: false } as const;
}
