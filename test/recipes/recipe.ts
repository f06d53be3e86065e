/** The files of a recipe, whose folder has the layout of a user's repository: as they are, and as the App writes them. */
import { globSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { editFile } from '../../app/traffic/edit-file.ts';
import { type FileTargetConfig, wantedIn } from '../../app/traffic/file-target.ts';
import { loadConfig } from '../../src/config/load.ts';
import { formatProblem } from '../../src/config/problem.ts';
import type { Config } from '../../src/config/schema.ts';
import type { Shares } from '../../src/rollout/effect.ts';

const CONFIG = '.github/gateway-rollout.yml';

/** The names of all recipes. */
export const RECIPES: readonly string[] = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .sort();

/** The files of a recipe that a user copies, by path from the repository's root. */
export function recipeFiles(recipe: string): Readonly<Record<string, string>> {
  const paths = globSync(['.github/**/*', '**/*'], {
    cwd: join(import.meta.dirname, recipe),
    exclude: ['README.md', '*.test.ts'],
    withFileTypes: true,
  })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  const own = paths.map((path) => relative(join(import.meta.dirname, recipe), path));
  return Object.fromEntries(own.sort().map((path) => [path, recipeFile(recipe, path)]));
}

export function recipeFile(recipe: string, path: string): string {
  return readFileSync(join(import.meta.dirname, recipe, path), 'utf8');
}

/** @throws all problems of a config that is not valid */
export function recipeConfig(recipe: string, path = CONFIG): Config {
  const loaded = loadConfig(recipeFile(recipe, path), path);
  if (loaded.ok) return loaded.config;
  throw new Error(`${recipe}: ${loaded.problems.map(formatProblem).join('\n')}`);
}

/** The files into which the App writes the shares. */
export function fileTargets({ traffic }: Config): readonly FileTargetConfig[] {
  return traffic.filter((target) => target.kind === 'file');
}

/**
 * A file as the App's file target leaves it.
 * @param text the file's text before
 * @throws where the target can't write it
 */
export function written(target: FileTargetConfig, text: string, shares: Shares): string {
  const edited = editFile(target.path, text, wantedIn(target, shares));
  if (edited.kind === 'edited') return edited.text;
  throw new Error(edited.problem);
}

/** The recipe's file target at a share in percent. */
export function atShare(recipe: string, share: number): string {
  const [target] = fileTargets(recipeConfig(recipe));
  if (target === undefined) throw new Error(`The recipe ${recipe} has no file target.`);
  return written(target, recipeFile(recipe, target.path), { everything: share, slices: {} });
}
