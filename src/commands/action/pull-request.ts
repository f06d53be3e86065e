/** The lines that a pull request changes: only they get annotations. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { field, textField } from '../../gateway/json.ts';
import { type ChangedLines, changedSince } from '../../inventory/changed.ts';
import { anyoneCanTrigger, type RunEvent } from './trust.ts';

const FETCH_DEADLINE_MS = 30_000;

/**
 * The lines that the pull request of this run changes. A shallow clone lacks the base; it is fetched when the
 * checkout kept its credentials.
 * @returns null outside pull requests, the reason where git does not know
 */
export async function linesOfPullRequest(
  event: RunEvent,
  workspace: string,
): Promise<ChangedLines | string | null> {
  const base = textField(field(field(event.payload, 'pull_request'), 'base'), 'sha');
  if (!event.name.startsWith('pull_request') || base === null || !/^[0-9a-f]{40,64}$/.test(base)) return null;
  if (anyoneCanTrigger(event.name)) {
    return `On ${event.name}, the changed lines are not read: git would run programs that a stranger's .git may name.`;
  }
  const known = await changedSince(workspace, base);
  if (known.kind === 'changes') return known.lines;
  await promisify(execFile)('git', ['fetch', '--quiet', '--no-tags', '--depth=1', 'origin', base], {
    cwd: workspace,
    timeout: FETCH_DEADLINE_MS,
  }).catch(() => undefined);
  const fetched = await changedSince(workspace, base);
  return fetched.kind === 'changes' ? fetched.lines : fetched.message;
}
