/** Finding and reading the file in a checked-out repository. */
import { isUtf8 } from 'node:buffer';
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { buffer } from 'node:stream/consumers';
import type { CheckoutReader } from './checkout-advice.ts';
import { MAX_CONFIG_BYTES } from './document.ts';
import type { LoadResult } from './load.ts';
import { type ConfigProblem, fileProblem, nearest } from './problem.ts';

const FOLDER = '.github/gateway-rollout';
const ENDINGS = ['.yml', '.yaml'];

const MINIMAL = '{gateway: {base_url: https://gateway.example/v1}, models: [gpt-4o-mini]}';
const CONFIG_EXPECTED = `${FOLDER}.yml in the root of the repository (at least ${MINIMAL}), or its path in --config (in a workflow: the input config)`;

export type FindResult =
  | { readonly ok: true /** Relative to the root, with forward slashes. */; readonly file: string }
  | {
      readonly ok: false;
      readonly problems: readonly ConfigProblem[];
      /** Whether the repository has no config at all. */
      readonly none: boolean;
    };

/**
 * Finds the config of a repository: `.github/gateway-rollout.yml` (or `.yaml`), or the one that
 * `name` chooses (or the only one) in `.github/gateway-rollout/`.
 * @param root the checked-out repository
 */
export async function findConfigFile(root: string, name?: string): Promise<FindResult> {
  const several = (await readdir(join(root, FOLDER)).catch((): string[] => []))
    .filter((entry) => ENDINGS.some((ending) => entry.endsWith(ending)))
    .sort()
    .map((entry) => `${FOLDER}/${entry}`);
  // Anything with that name: if it is not a file, reading it says so.
  const single = ENDINGS.map((ending) => `${FOLDER}${ending}`).filter((file) => existsSync(join(root, file)));
  const found =
    name === undefined ? [...single, ...several] : several.filter((file) => nameOf(file) === name);
  const [file, ...more] = found;
  if (file !== undefined && more.length === 0) return { ok: true, file };
  if (file !== undefined) {
    const message = `there are several configs: ${found.join(', ')}`;
    return notFound(message, 'the name or the path of one of them');
  }
  if (name === undefined)
    return { ...notFound(`there is no config in ${resolve(root)}`, CONFIG_EXPECTED), none: true };
  const names = several.map(nameOf);
  const expected = names.length === 0 ? `${FOLDER}/${name}.yml` : `one of ${names.join(', ')}`;
  return notFound(`there is no config named "${name}"`, expected, nearest(name, names));
}

/** Null where the directory is not the root of a checkout, so that the repository's files are unknown. */
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
 * Reads one config from a file.
 * @param path where it is
 * @param file its name in messages, where that differs from the path
 * @param checkout where to look for files that the config names; null: nowhere
 */
export async function loadConfigFile(
  path: string,
  file: string = path,
  checkout: CheckoutReader | null = null,
): Promise<LoadResult> {
  const refused = (message: string, expected: string): LoadResult => ({
    ok: false,
    problems: [fileProblem(file, message, expected)],
  });
  const bytes = await readBytes(path);
  if (typeof bytes === 'string') return refused(bytes, 'the path of a readable config');
  // UTF-16 can pass as UTF-8 in which every other byte is zero.
  if (bytes.includes(0) || !isUtf8(bytes))
    return refused('the file is not encoded as UTF-8', 'a text file saved as UTF-8');
  // Loaded only when there is something to read: the schema is large, and many checks have no config.
  const { loadConfig } = await import('./load.ts');
  return loadConfig(new TextDecoder().decode(bytes), file, checkout);
}

/** The content, at most one byte more than allowed, or why it cannot be read. */
function readBytes(path: string): Promise<Uint8Array | string> {
  return buffer(createReadStream(path, { end: MAX_CONFIG_BYTES })).catch(whyUnreadable);
}

const UNREADABLE: Readonly<Record<string, string>> = {
  ENOENT: 'the file does not exist',
  ENOTDIR: 'the file does not exist',
  EISDIR: 'this is a folder, not a file',
  EACCES: 'this user may not read the file',
  EPERM: 'this user may not read the file',
};

/** Why a file cannot be read, as a clause. @param error as the system gave it */
export function whyUnreadable(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
  return UNREADABLE[code] ?? `the file cannot be read (${code})`;
}

function nameOf(file: string): string {
  return basename(file).replace(/\.ya?ml$/, '');
}

function notFound(message: string, expected: string, suggestion: string | null = null) {
  const problem = { ...fileProblem(`${FOLDER}.yml`, message, expected), suggestion };
  return { ok: false, problems: [problem], none: false } as const;
}
