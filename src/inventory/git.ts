import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Options for every git call: a repository's `core.fsmonitor` and its hooks could run any program. */
export const GIT_OPTIONS: readonly string[] = [
  ...['-c', 'core.fsmonitor=false'],
  ...['-c', 'core.hooksPath=/dev/null'],
  ...['-c', 'core.quotePath=true'],
];

/**
 * For calls that need no network: a partial clone's config names a program that fetches missing objects. Git before
 * 2.45 knows only the allowed protocols. Replacements (`git replace`) are ignored.
 */
export const LOCAL_OBJECTS_ONLY = {
  GIT_ALLOW_PROTOCOL: '',
  GIT_NO_LAZY_FETCH: '1',
  GIT_NO_REPLACE_OBJECTS: '1',
} as const;

/** The environment for git, without variables that point it at another repository (a hook's `GIT_DIR`). */
export function gitEnvironment(): NodeJS.ProcessEnv {
  const { GIT_DIR, GIT_WORK_TREE, GIT_INDEX_FILE, GIT_PREFIX, ...environment } = process.env;
  return { ...environment, LC_ALL: 'C' };
}

/** The directory, or the nearest one above it, that is the root of a checkout, without starting a process; null where there is none. */
export function checkoutAround(directory: string): string | null {
  if (existsSync(join(directory, '.git'))) return directory;
  const parent = dirname(directory);
  return parent === directory ? null : checkoutAround(parent);
}
