/** Finds and reads the config of a call. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { CheckoutReader } from '../config/checkout-advice.ts';
import { type FindResult, findConfigFile, loadConfigFile } from '../config/files.ts';
import type { ConfigProblem } from '../config/problem.ts';
import type { Config } from '../config/schema.ts';
import { checkoutAround } from '../inventory/git.ts';
import { type Refused, refuseConfig } from './refusal.ts';
import { type ConfigChoice, nonBlank } from './settings.ts';

export interface Located {
  readonly kind: 'located';
  /** The path as shown in messages; null where the repository has no config. */
  readonly file: string | null;
}

export interface ReadConfig {
  readonly kind: 'config';
  /** The path as shown in messages. It and the config are null where the repository has none. */
  readonly file: string | null;
  readonly config: Config | null;
  readonly warnings: readonly ConfigProblem[];
}

/** The config of a command that needs one. */
export interface RequiredConfig extends ReadConfig {
  readonly config: Config;
  readonly file: string;
}

/**
 * Where a terminal looks for the config: from a subfolder of a checkout, in its root, as git does. A named config is
 * relative to the directory itself.
 */
export function configRoot({ config }: ConfigChoice, directory: string): string {
  if (nonBlank(config) !== null) return directory;
  const root = checkoutAround(resolve(directory)) ?? directory;
  return existsSync(join(resolve(directory), '.github')) ? directory : root;
}

/** Finds the config without reading it: the named file, else the one of the repository at `root`. */
export async function locateConfig(choice: ConfigChoice, root: string): Promise<Located | Refused> {
  const found = await find(choice, root);
  if (found.ok) return { kind: 'located', file: found.file };
  return found.none ? { kind: 'located', file: null } : refuseConfig(found.problems);
}

export async function readConfig({ file }: Located, root: string): Promise<ReadConfig | Refused> {
  return file === null ? { kind: 'config', file, config: null, warnings: [] } : load(file, root, null);
}

/** Finds and reads the config; null where the repository has none. */
export async function findConfig(choice: ConfigChoice, root: string): Promise<ReadConfig | Refused> {
  const located = await locateConfig(choice, root);
  return located.kind === 'refused' ? located : readConfig(located, root);
}

/**
 * Finds and reads the config; a repository without one is refused.
 * @param checkout where to look for files that the config names, to warn of missing ones; null: nowhere
 */
export async function requireConfig(
  choice: ConfigChoice,
  root: string,
  checkout: CheckoutReader | null = null,
): Promise<RequiredConfig | Refused> {
  const found = await find(choice, root);
  return found.ok ? load(found.file, root, checkout) : refuseConfig(found.problems);
}

async function find({ config, name }: ConfigChoice, root: string): Promise<FindResult> {
  const named = nonBlank(config);
  return named === null ? findConfigFile(root, nonBlank(name) ?? undefined) : { ok: true, file: named };
}

async function load(
  file: string,
  root: string,
  checkout: CheckoutReader | null,
): Promise<RequiredConfig | Refused> {
  const loaded = await loadConfigFile(resolve(root, file), file, checkout);
  return loaded.ok
    ? { kind: 'config', file, config: loaded.config, warnings: loaded.warnings }
    : refuseConfig(loaded.problems);
}
