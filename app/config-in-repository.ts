/** Lists and reads the configs on the default branch. */
import { type LoadResult, loadConfig } from '../src/config/load.ts';
import { fileProblem } from '../src/config/problem.ts';
import type { Config } from '../src/config/schema.ts';
import type { ConfigSource } from '../src/rollout/state.ts';
import { ConditionalCache } from './conditional.ts';
import { type FileRead, fetchFile } from './contents.ts';
import { nullIfMissing } from './http-status.ts';
import { at, defaultRef, type Repository } from './repository.ts';

const FOLDER = '.github/gateway-rollout';
const CONFIG = /^\.github\/gateway-rollout(?:\.ya?ml|\/[^/]+\.ya?ml)$/;

export function isConfigPath(path: string): boolean {
  return CONFIG.test(path);
}

export interface ListedConfig {
  readonly path: string;
  /** Of the blob. */
  readonly sha: string;
}

/** Lists configs with conditional requests; one object serves one repository. */
export class ConfigListing {
  readonly #folders = new ConditionalCache<readonly TreeEntry[]>(10);
  /** The entries of the folder with several configs, by its Git tree. */
  #inside: { readonly tree: string; readonly entries: readonly TreeEntry[] } | null = null;

  /** Usually one request: the parent folder shows whether the folder with several configs exists and has changed. */
  async list(repository: Repository): Promise<readonly ListedConfig[]> {
    const parent = await this.#list(repository, '.github');
    const folder = parent.find(({ path, type }) => path === FOLDER && type === 'dir');
    const inside = folder === undefined ? [] : await this.#inFolder(repository, folder.sha);
    return [...parent, ...inside]
      .filter(({ path, type }) => type === 'file' && isConfigPath(path))
      .map(({ path, sha }) => ({ path, sha }));
  }

  async #inFolder(repository: Repository, tree: string): Promise<readonly TreeEntry[]> {
    if (this.#inside?.tree !== tree) {
      this.#inside = { tree, entries: await this.#list(repository, FOLDER) };
    }
    return this.#inside.entries;
  }

  async #list(repository: Repository, path: string): Promise<readonly TreeEntry[]> {
    const ref = defaultRef(repository);
    const { repos } = repository.octokit.rest;
    const entries = this.#folders.get(
      `${ref}:${path}`,
      (headers) => repos.getContent({ ...at(repository), path, ref, headers }),
      (data) => (Array.isArray(data) ? data.map(({ path, sha, type }) => ({ path, sha, type })) : []),
    );
    return (await nullIfMissing(entries)) ?? [];
  }
}

interface TreeEntry {
  readonly path: string;
  readonly sha: string;
  readonly type: string;
}

export interface FetchedConfig {
  readonly source: ConfigSource;
  readonly loaded: LoadResult;
}

/** The config on the default branch; null where there is no such file. */
export async function fetchConfig(repository: Repository, path: string): Promise<FetchedConfig | null> {
  const file = await nullIfMissing(fetchFile(repository, path, defaultRef(repository)));
  return file === null ? null : configFrom(path, file.data);
}

export function configFrom(path: string, file: FileRead): FetchedConfig {
  if (file.kind === 'file') {
    const { blob: sha, text } = file;
    return { source: { path, sha, text }, loaded: loadConfig(text, path) };
  }
  const problem = fileProblem(path, `this is ${file.what}`, 'a text file saved as UTF-8');
  return { source: { path, sha: '', text: '' }, loaded: { ok: false, problems: [problem] } };
}

/** The name of a config's rollout; by default the repository's. */
export function rolloutName(config: Config, { name }: Repository): string {
  return config.name ?? name;
}
