/** The configs on the default branch: which there are, and what they say. */
import { type LoadResult, loadConfig } from '../src/config/load.ts';
import { fileProblem } from '../src/config/problem.ts';
import type { Config } from '../src/config/schema.ts';
import type { ConfigSource } from '../src/rollout/state.ts';
import { ConditionalAnswers } from './conditional.ts';
import { type FileRead, fetchFile } from './contents.ts';
import { orNull } from './http-status.ts';
import { at, defaultRef, type Repository } from './repository.ts';

const FOLDER = '.github/gateway-rollout';
const CONFIG = /^\.github\/gateway-rollout(?:\.ya?ml|\/[^/]+\.ya?ml)$/;

export function isConfigPath(path: string): boolean {
  return CONFIG.test(path);
}

export interface ConfigPlace {
  readonly path: string;
  /** Of the blob. */
  readonly sha: string;
}

/** Lists configs with conditional requests; one object serves one repository. */
export class ConfigListing {
  readonly #folders = new ConditionalAnswers<readonly Entry[]>(10);
  /** The folder of several rollouts, by the Git tree that it was. */
  #inside: { readonly tree: string; readonly entries: readonly Entry[] } | null = null;

  /** Usually one request: whether there is a folder of several rollouts, and another one than before, is seen above it. */
  async list(repository: Repository): Promise<readonly ConfigPlace[]> {
    const above = await this.#folder(repository, '.github');
    const several = above.find(({ path, type }) => path === FOLDER && type === 'dir');
    const inside = several === undefined ? [] : await this.#several(repository, several.sha);
    return [...above, ...inside]
      .filter(({ path, type }) => type === 'file' && isConfigPath(path))
      .map(({ path, sha }) => ({ path, sha }));
  }

  async #several(repository: Repository, tree: string): Promise<readonly Entry[]> {
    if (this.#inside?.tree !== tree) {
      this.#inside = { tree, entries: await this.#folder(repository, FOLDER) };
    }
    return this.#inside.entries;
  }

  async #folder(repository: Repository, path: string): Promise<readonly Entry[]> {
    const ref = defaultRef(repository);
    const asked = this.#folders.ask(`${ref}:${path}`, async (headers) => {
      const request = { ...at(repository), path, ref, headers };
      const answer = await repository.octokit.rest.repos.getContent(request);
      const entries = Array.isArray(answer.data) ? answer.data : [];
      const value = entries.map(({ path, sha, type }) => ({ path, sha, type }));
      return { etag: answer.headers.etag, value };
    });
    return (await orNull(asked))?.value ?? [];
  }
}

interface Entry {
  readonly path: string;
  readonly sha: string;
  readonly type: string;
}

export interface ReadConfig {
  readonly source: ConfigSource;
  readonly loaded: LoadResult;
}

/** The file as the default branch has it; null where it is not there. */
export async function readConfig(repository: Repository, path: string): Promise<ReadConfig | null> {
  const file = await orNull(fetchFile(repository, path, defaultRef(repository)));
  return file === null ? null : configFrom(path, file.value);
}

/** What a file of that path says as a config. */
export function configFrom(path: string, file: FileRead): ReadConfig {
  if (file.kind === 'file') {
    const { blob: sha, text } = file;
    return { source: { path, sha, text }, loaded: loadConfig(text, path) };
  }
  const problem = fileProblem(path, `this is ${file.what}`, 'a text file saved as UTF-8');
  return { source: { path, sha: '', text: '' }, loaded: { ok: false, problems: [problem] } };
}

/** A rollout without a name in its config or by its file bears the repository's. */
export function rolloutName(config: Config, { name }: Repository): string {
  return config.name ?? name;
}
