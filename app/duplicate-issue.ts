/** A second issue of a rollout: GitHub opened one without a response, and its lists left it out for a while. */
import { decorate } from './decoration.ts';
import type { Driver } from './driver.ts';
import { announceOnce } from './notice.ts';
import { at } from './repository.ts';

/** GitHub's clock and the one that the rollout was started by may differ by so much (milliseconds). */
const CLOCK_MARGIN = 60_000;

/** Whether an issue that shows this rollout's name is not that of an earlier rollout. @param createdAt milliseconds since 1970 */
export function isOfThisRollout({ rollout }: Driver, createdAt: number): boolean {
  return createdAt >= rollout.state.startedAt - CLOCK_MARGIN;
}

/** Says on another issue of that name which one counts. */
export async function nameRightIssue(
  driver: Driver,
  other: number,
  code: 'duplicate_issue' | 'earlier_issue',
): Promise<void> {
  const { issue, name: rollout } = driver.rollout.state;
  if (issue === null) return;
  const message = { code, data: { issue } } as const;
  const notice = { rollout, issue: other, about: `${code}:${other}:${issue}`, message };
  await decorate(driver, 'notice on another issue', announceOnce(driver, notice));
}

/** Says on it which issue counts, and closes it. */
export async function closeDuplicate(driver: Driver, duplicate: number): Promise<void> {
  const { repository, rollout } = driver;
  const { issue } = rollout.state;
  if (issue === null || issue === duplicate) return;
  await nameRightIssue(driver, duplicate, 'duplicate_issue');
  const change = { state: 'closed', state_reason: 'not_planned' } as const;
  const { issues } = repository.octokit.rest;
  await issues.update({ ...at(repository), issue_number: duplicate, ...change });
}
