/** Finds by reading what webhooks of the rollout's issue should have reported: commands, a closed or removed issue. */
import { createHash } from 'node:crypto';
import { isOver } from '../src/rollout/state.ts';
import { applyMissedCommands } from './commands.ts';
import { decorate } from './decoration.ts';
import type { Driver } from './driver.ts';
import { closeDuplicate, duplicatesOf } from './duplicate-issue.ts';
import { addLabel, type IssueReading, readIssue } from './issue.ts';

/** From the reading of comments to the end of that tick's own changes of the issue, at most (milliseconds). */
const LONGEST_TICK = 60_000;

/**
 * @param listed the App's newest issues
 * @returns the issue, if it has changed since this process read it last
 */
export async function reconcileIssue(
  driver: Driver,
  listed: readonly IssueReading[],
): Promise<IssueReading | null> {
  const { name, issue } = driver.rollout.state;
  if (issue === null) return null;
  const now = driver.services.now();
  const reading =
    listed.find(({ number }) => number === issue) ?? (await readIssue(driver.repository, issue));
  if (reading === null) {
    await driver.apply({ kind: 'issue_gone', key: `gone:${issue}`, by: null });
    return null;
  }
  const { issues } = driver.memory;
  const seen = createHash('sha256').update(JSON.stringify(reading)).digest('base64');
  const isChanged = issues.get(issue) !== seen;
  if (isChanged) {
    await driver.catchUp(reading.body);
    if (!reading.isLabelled) await decorate(driver, 'label', addLabel(driver.repository, issue));
    await reconcileClosing(driver, reading);
    if (!wereHeard(driver, reading)) await applyMissedCommands(driver, issue, name);
    issues.set(issue, seen);
  }
  driver.noteHeard({ at: now, comments: reading.comments });
  return isChanged ? reading : null;
}

/**
 * Whether an earlier process read all comments of the issue, and nothing but its own changes came after: a comment
 * changes the number of comments, and later also the time of the last change.
 */
function wereHeard({ version: { heard } }: Driver, { comments, updatedAt }: IssueReading): boolean {
  if (comments === 0) return true;
  return heard !== undefined && comments === heard.comments && updatedAt <= heard.at + LONGEST_TICK;
}

async function reconcileClosing(driver: Driver, reading: IssueReading): Promise<void> {
  const { number, isClosed, closedAt } = reading;
  const { state } = driver.rollout;
  const closing = { kind: 'issue_closed', key: `closed:${number}:${closedAt}` } as const;
  if (!isClosed || isOver(state) || state.applied.keys.includes(closing.key)) return;
  const by = reading.closedBy ?? (await readIssue(driver.repository, number))?.closedBy ?? null;
  if (by === null || by.login === (await driver.services.identity())) return;
  await driver.apply({ ...closing, by });
}

/** A second issue passes its commands on, says which one counts, and is closed. */
export async function reconcileDuplicates(driver: Driver, listed: readonly IssueReading[]): Promise<void> {
  for (const duplicate of duplicatesOf(driver, listed)) {
    await applyMissedCommands(driver, duplicate, `${driver.rollout.state.name}#${duplicate}`);
    await closeDuplicate(driver, duplicate);
  }
}
