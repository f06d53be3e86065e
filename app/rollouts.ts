/** Opens the rollouts of a repository, one at a time. Nothing moves where a state is not trusted. */
import { branchOf } from '../src/config/state-branch.ts';
import { sealOn } from '../src/conversation/issue-body.ts';
import { stops, takesBack } from '../src/conversation/parse-command.ts';
import type { Command } from '../src/rollout/command.ts';
import { applyMissedCommands, considerCommand } from './commands.ts';
import { readCommands } from './comments.ts';
import { Driver } from './driver.ts';
import { closeDuplicate, isOfThisRollout, nameRightIssue } from './duplicate-issue.ts';
import { findIssue, type IssueFacts, type IssueReading, readIssue } from './issue.ts';
import { logFailure } from './log.ts';
import { announceOnce } from './notice.ts';
import type { RepositoryContext } from './repository-context.ts';
import type { BranchLog } from './state/activity.ts';
import type { StateReadOptions } from './state/store.ts';
import { readRollout, rolloutOf, StateLost, StateRefused, Unheard } from './stored-rollout.ts';
import { reportUnrecorded } from './take-back.ts';

export interface OpenOptions extends StateReadOptions {
  /** The App's newest issues, where they are listed anyway. */
  readonly ourIssues?: () => Promise<readonly IssueReading[]>;
  /** The rollout's issue, if the event came from it: problems are reported there. */
  readonly issue?: number;
}

/**
 * Opens the rollout when its turn comes, does the work, and shows the outcome on the issue.
 * @returns false where the rollout could not be opened or written; the issue reports it
 */
export function withRollout(
  context: RepositoryContext,
  name: string,
  options: OpenOptions,
  work: (driver: Driver) => Promise<void>,
): Promise<boolean> {
  return context.services.turns.run(context.rolloutId(name), async () => {
    try {
      return await openAndWork(context, name, options, work);
    } catch (error) {
      if (!(error instanceof Unheard)) throw error;
      return openAndWork(context, name, options, async (driver) => {
        await hearAgain(driver);
        await work(driver);
      });
    }
  });
}

async function openAndWork(
  context: RepositoryContext,
  name: string,
  options: OpenOptions,
  work: (driver: Driver) => Promise<void>,
): Promise<boolean> {
  let driver: Driver | null = null;
  try {
    const log = options.commit === undefined ? await logOf(context, name) : null;
    const commit = options.commit ?? log?.head ?? undefined;
    const known = { ...options, ...(commit === undefined ? {} : { commit }) };
    const { rollout, version } = await readRollout(context.store, name, known);
    driver = new Driver(context, rollout, version);
    driver.log = log;
    const { rollouts } = context.memory;
    await driver.confirmNewest(false);
    if (!rollouts.has(name) && options.shown === undefined) await catchUpWithIssue(driver, options);
    rollouts.add(name);
    await work(driver);
    await showOnIssue(driver);
    return true;
  } catch (error) {
    if (error instanceof StateLost) {
      const { issue = null } = driver === null ? options : driver.rollout.state;
      await reportInvalidState(context, name, issue, error);
      if (driver?.takenBack) await reportUnrecorded(driver, driver.takenBack, error.message);
      await takeBackUntrusted(context, name, error, options.issue);
    } else if (error instanceof StateRefused && driver !== null) {
      context.services.log.error({ rollout: name, err: error }, 'the state could not be written');
      await reportUnrecorded(driver, driver.takenBack, error.message);
    } else throw error;
    return false;
  }
}

/** GitHub's log names the branch's newest commit: a state that is known needs no request. Null where it is not readable. */
async function logOf({ services, store }: RepositoryContext, name: string): Promise<BranchLog | null> {
  return store.log(name, await services.identity()).catch(() => null);
}

/**
 * While the state is not trusted, a rollback that people ask for still takes traffic back, from where the newest state
 * that is known has written it. Whatever they ask for is heard again when the newest state is restored.
 */
async function takeBackUntrusted(
  context: RepositoryContext,
  name: string,
  lost: StateLost,
  shownOn: number | undefined,
): Promise<void> {
  const { repository, services, store, memory } = context;
  const { takenBack } = memory;
  const identity = await services.identity();
  const known = await store.newestKnown(name, identity);
  const rollout = known === null ? null : rolloutOf(known.state);
  if (known === null || rollout === null) return;
  const driver = new Driver(context, rollout, known.version);
  driver.lost = lost;
  const numbers = new Set([rollout.state.issue, shownOn ?? (await findIssue(repository, name, identity))]);
  for (const issue of numbers) {
    if (issue === null) continue;
    memory.issues.delete(issue);
    const { commands } = await readCommands(context, issue);
    const meant = commands.filter(({ comment: { at } }) => at >= known.state.startedAt);
    for (const { command, comment } of meant.filter((each) => takesBack(each.command))) {
      if (takenBack.has(`${name} comment:${comment.id}`)) continue;
      driver.takenBack = null;
      await considerCommand(driver, command, comment).catch(ignoreLost);
      if (driver.takenBack !== null) await reportUnrecorded(driver, driver.takenBack, lost.message);
    }
  }
}

function ignoreLost(error: unknown): void {
  if (!(error instanceof StateLost)) throw error;
}

async function hearAgain(driver: Driver): Promise<void> {
  const { issue } = driver.rollout.state;
  if (issue === null) return;
  driver.memory.issues.delete(issue);
  driver.hasHeard = true;
  await applyMissedCommands(driver, issue);
}

/**
 * The same for the rollout whose issue a webhook names. Does nothing if the issue is a copy, or belongs to an earlier
 * rollout of the same name.
 * @param command that was posted there: it is also carried out for a second issue of the rollout, which is closed then;
 * of an earlier rollout's issue, only what stops the rollout is
 */
export async function withRolloutOn(
  context: RepositoryContext,
  facts: Pick<IssueFacts, 'number' | 'body' | 'created_at'>,
  name: string,
  work: (driver: Driver) => Promise<void>,
  command?: Command,
): Promise<void> {
  const { number, body } = facts;
  const shown = context.store.shownState(name, sealOn(body ?? ''));
  const options = { issue: number, ...(shown === null ? {} : { shown }) };
  await withRollout(context, name, options, async (driver) => {
    const { issue } = driver.rollout.state;
    if (issue === number) return work(driver);
    if (!isOfThisRollout(driver, Date.parse(facts.created_at))) {
      if (command === undefined) return;
      if (stops(command)) await work(driver);
      return nameRightIssue(driver, number, 'earlier_issue');
    }
    // GitHub opened it, but its response was lost.
    if (issue === null) await driver.apply({ kind: 'issue_opened', key: `opened:${number}`, issue: number });
    if (issue === null || command !== undefined) await work(driver);
    if (issue !== null) await closeDuplicate(driver, number);
  });
}

/**
 * A process that opens the rollout for the first time does not know whether its state is the newest. The issue shows
 * which state was the last one.
 * @throws {StateLost} where an earlier state was put back
 */
async function catchUpWithIssue(driver: Driver, { ourIssues }: OpenOptions): Promise<void> {
  const { repository, services, rollout } = driver;
  const { name, issue } = rollout.state;
  const number = issue ?? (await findIssue(repository, name, await services.identity()));
  const listed = (await ourIssues?.())?.find((each) => each.number === number);
  const reading = listed ?? (number === null ? null : await readIssue(repository, number));
  await driver.catchUp(reading?.body ?? '');
}

/** If the issue is gone, the rollout opens another one. */
async function showOnIssue(driver: Driver): Promise<void> {
  if (await driver.showOnIssue({ always: false })) return;
  await driver.apply({ kind: 'issue_gone', key: `gone:${driver.rollout.state.issue}`, by: null });
  await driver.showOnIssue({ always: false });
}

/** Does the work for every rollout of the repository, one after another. A failure does not affect the others. */
export async function eachRollout(
  context: RepositoryContext,
  work: (driver: Driver) => Promise<void>,
  options: Pick<OpenOptions, 'ourIssues'> = {},
): Promise<void> {
  const { turns, log } = context.services;
  for (const { name, commit } of await context.store.list()) {
    // Work in progress may write a newer commit than the list shows.
    const known = turns.isBusy(context.rolloutId(name)) ? {} : { commit };
    try {
      await withRollout(context, name, { ...options, ...known }, work);
    } catch (error) {
      const { name: repository } = context.repository;
      logFailure(log, { rollout: name, repository, err: error }, 'a rollout was left as it is');
    }
  }
}

async function reportInvalidState(
  context: RepositoryContext,
  rollout: string,
  issue: number | null,
  { reason, message: detail }: StateLost,
): Promise<void> {
  context.services.log.error({ rollout, reason, detail }, 'the state is not trusted: nothing moves');
  const data = { why: reason, branch: branchOf(rollout), detail };
  const message = { code: 'state_not_trusted', data } as const;
  await announceOnce(context, { rollout, issue, about: reason, message });
}
