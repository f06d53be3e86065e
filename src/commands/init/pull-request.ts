/** Opens a pull request with the new files, by git and by GitHub's command line. */
import { bulletList, joined } from '../../wording/markdown.ts';
import { reasonOf } from '../refusal.ts';
import { git, start } from './repository.ts';
import { GUIDE } from './texts.ts';

const BRANCH = 'add-gateway-rollout';
const TITLE = 'Add gateway-rollout';

export async function whyNoPullRequest(checkout: string | null): Promise<string[]> {
  if (checkout === null) return ['--pr needs a git repository, and this directory is not in one.'];
  const isReady = start('gh', ['auth', 'status'], { cwd: checkout }).then(() => true);
  if (await isReady.catch(() => false)) return [];
  return [
    "--pr needs gh, GitHub's command line: install it (https://cli.github.com) and run gh auth login. Without --pr, init only writes the files.",
  ];
}

/** @param use what the repository uses, by line @returns the address of the pull request, or why there is none */
export async function openPullRequest(
  root: string,
  paths: readonly string[],
  use: readonly string[],
  gateway: string,
): Promise<{ readonly url?: string; readonly problem?: string }> {
  const code = (line: string) => `\`${line.replaceAll('`', "'")}\``;
  const merging = `Merging this starts two things: each pull request gets a check whether ${gateway} is ready, and an issue opens for the rollout. It moves no traffic before somebody comments \`/advance-rollout\` there. [Set the secrets](${GUIDE}) first.`;
  const body = joined([bulletList(use.map(code)), merging, bulletList(paths.map(code))]);
  try {
    await git(root, 'switch', '--create', BRANCH);
    await git(root, 'add', '--', ...paths);
    await git(root, 'commit', '--quiet', '--message', TITLE, '--', ...paths);
    await git(root, 'push', '--quiet', '--set-upstream', 'origin', BRANCH);
    const options = ['--head', BRANCH, '--title', TITLE, '--body', body];
    const { stdout } = await start('gh', ['pr', 'create', ...options], { cwd: root });
    return { url: stdout.trim() };
  } catch (error) {
    return { problem: `The files are written, but no pull request is open: ${reasonOf(error)}` };
  }
}
