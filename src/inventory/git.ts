/** What every call of git in this room begins with: a monitor that a repository configures is a program of its own. */
export const GIT_OPTIONS: readonly string[] = ['-c', 'core.fsmonitor=false', '-c', 'core.quotePath=true'];

/** The environment for git, without what would make it answer for another repository (a hook's `GIT_DIR`). */
export function gitEnvironment(): NodeJS.ProcessEnv {
  const { GIT_DIR, GIT_WORK_TREE, GIT_INDEX_FILE, GIT_PREFIX, ...environment } = process.env;
  return { ...environment, LC_ALL: 'C' };
}
