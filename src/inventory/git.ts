/** Options for every git call: a repository's `core.fsmonitor` could run any program. */
export const GIT_OPTIONS: readonly string[] = ['-c', 'core.fsmonitor=false', '-c', 'core.quotePath=true'];

/** The environment for git, without variables that point it at another repository (a hook's `GIT_DIR`). */
export function gitEnvironment(): NodeJS.ProcessEnv {
  const { GIT_DIR, GIT_WORK_TREE, GIT_INDEX_FILE, GIT_PREFIX, ...environment } = process.env;
  return { ...environment, LC_ALL: 'C' };
}
