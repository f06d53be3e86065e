/** Finds by reading what webhooks of the rollout's issue should have reported: commands, a closed or removed issue. */
import { createHash } from 'node:crypto';
import { stops } from '../src/conversation/parse-command.ts';
import { isOver } from '../src/rollout/state.ts';
import { applyMissedCommands } from './commands.ts';
import { OLDEST_COMMENT, type WrittenCommand } from './comments.ts';
import { decorate } from './decoration.ts';
import type { Driver } from './driver.ts';
import { closeDuplicate, isOfThisRollout, nameRightIssue } from './duplicate-issue.ts';
import { addLabel, type IssueReading, readIssue } from './issue.ts';

/** From the reading of comments to the end of that tick's own changes of the issue, at most (milliseconds). */
const LONGEST_TICK = 60_000;

/** After so long (milliseconds) GitHub lists every comment, and this machine's clock may differ from GitHub's. */
const AT_REST = 45_000;

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
  const isChanged = driver.memory.issues.get(issue) !== digestOf(reading);
  if (isChanged) {
    await driver.catchUp(reading.body);
    if (!reading.isLabelled) await decorate(driver, 'label', addLabel(driver.repository, issue));
    await reconcileClosing(driver, reading);
    if (wereHeard(driver, reading)) driver.memory.issues.set(issue, digestOf(reading));
  }
  let areHeard = await hear(driver, reading);
  for (const other of listed) {
    if (other.rollout === name && other.number !== issue)
      areHeard = (await hearOther(driver, other)) && areHeard;
  }
  if (areHeard) driver.noteHeard({ at: now, comments: reading.comments });
  return isChanged ? reading : null;
}

const digestOf = (reading: IssueReading) =>
  createHash('sha256').update(JSON.stringify(reading)).digest('base64');

/**
 * Applies the commands on an issue that has changed since this process read its comments.
 * @returns false where GitHub's lists may still leave out a comment: then they are read again
 */
async function hear(
  driver: Driver,
  reading: IssueReading,
  isMeant?: (written: WrittenCommand) => boolean,
): Promise<boolean> {
  const { memory, posted, services } = driver;
  const { number, comments, updatedAt } = reading;
  if (memory.issues.get(number) === digestOf(reading)) return true;
  const isAtRest = services.now() - updatedAt > AT_REST;
  const listed = await applyMissedCommands(driver, number, isMeant);
  if (!isAtRest && listed - posted < comments) return false;
  memory.issues.set(number, digestOf(reading));
  return true;
}

/**
 * What people say on another issue of that name counts too, also on a closed one. A second issue of the rollout passes all
 * commands on, and is closed; that of an earlier rollout only what stops the rollout. Returns what `hear` returns.
 */
async function hearOther(driver: Driver, reading: IssueReading): Promise<boolean> {
  const { startedAt: started } = driver.rollout.state;
  const { number, updatedAt, createdAt, isClosed } = reading;
  const isSecond = isOfThisRollout(driver, createdAt);
  const since = Math.max(started, driver.version.heard?.at ?? 0, driver.services.now() - OLDEST_COMMENT);
  let isAsked = false;
  const isMeant = ({ command, comment: { at } }: WrittenCommand): boolean => {
    isAsked ||= at >= started;
    return isSecond || (at >= started && stops(command));
  };
  const isHeard = updatedAt < since - AT_REST || (await hear(driver, reading, isMeant));
  if (isSecond && !isClosed) await closeDuplicate(driver, number);
  else if (!isSecond && isAsked) await nameRightIssue(driver, number, 'earlier_issue');
  return isHeard;
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
