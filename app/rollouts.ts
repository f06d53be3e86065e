/** Opens the rollouts of a repository, one at a time. Nothing moves where a state is not trusted. */
import { branchOf } from '../src/config/state-branch.ts';
import { sealOn } from '../src/conversation/issue-body.ts';
import { type Driver, openRollout } from './driver.ts';
import { type IssueFacts, ourOpenIssues, readIssue } from './issue.ts';
import { announceOnce } from './notice.ts';
import { handleRefusedWrite } from './refused-write.ts';
import type { RepositoryContext } from './repository-context.ts';
import type { ReadOptions } from './state/store.ts';
import { StateLost, StateRefused } from './stored-rollout.ts';

export interface OpenOptions extends ReadOptions {
  /** The rollout's issue, if the event came from it: problems are reported there. */
  readonly issue?: number;
}

/**
 * Opens the rollout when its turn comes, runs the task, and shows the outcome on the issue.
 * @returns false where the rollout could not be opened or written; the issue reports it
 */
export function withRollout(
  context: RepositoryContext,
  name: string,
  options: OpenOptions,
  task: (driver: Driver) => Promise<void>,
): Promise<boolean> {
  return context.services.turns.run(context.rolloutId(name), async () => {
    const opened = await openRollout(context, name, options);
    if (opened.kind !== 'driver') {
      const invalid = opened.kind === 'missing' ? { reason: 'missing' as const, detail: MISSING } : opened;
      await reportInvalidState(context, name, options.issue ?? null, invalid);
      return false;
    }
    const { driver } = opened;
    const { rollouts } = context.memory;
    try {
      if (!rollouts.has(name) && options.shown === undefined) await catchUpWithIssue(driver);
      rollouts.add(name);
      await task(driver);
      await showOnIssue(driver);
      return true;
    } catch (error) {
      if (error instanceof StateLost) {
        const { reason, message: detail } = error;
        await reportInvalidState(context, name, driver.rollout.state.issue, { reason, detail });
      } else if (error instanceof StateRefused) await handleRefusedWrite(driver, error);
      else throw error;
      return false;
    }
  });
}

/**
 * The same for the rollout whose issue a webhook names. Does nothing if the issue is a copy, or belongs to an earlier
 * rollout of the same name.
 */
export async function withRolloutOn(
  context: RepositoryContext,
  { number, body }: Pick<IssueFacts, 'number' | 'body'>,
  name: string,
  task: (driver: Driver) => Promise<void>,
): Promise<void> {
  const shown = context.store.shownSequence(name, sealOn(body ?? ''));
  const options = { issue: number, ...(shown === null ? {} : { shown }) };
  await withRollout(context, name, options, async (driver) => {
    if (driver.rollout.state.issue === number) await task(driver);
  });
}

/**
 * A process that opens the rollout for the first time does not know whether its state is the newest. The issue shows
 * which state was the last one.
 * @throws {StateLost} where an earlier state was put back
 */
async function catchUpWithIssue(driver: Driver): Promise<void> {
  const { repository, services, rollout } = driver;
  const { name, issue } = rollout.state;
  const body =
    issue === null
      ? (await ourOpenIssues(repository, await services.identity())).find((each) => each.rollout === name)
          ?.body
      : (await readIssue(repository, issue))?.value.body;
  await driver.catchUp(body ?? '');
}

/** If the issue is gone, the rollout opens another one. */
async function showOnIssue(driver: Driver): Promise<void> {
  if (await driver.showOnIssue({ always: false })) return;
  await driver.apply({ kind: 'issue_gone', key: `gone:${driver.rollout.state.issue}`, by: null });
  await driver.showOnIssue({ always: false });
}

/** Runs the task for every rollout of the repository, one after another. A failure does not affect the others. */
export async function eachRollout(
  context: RepositoryContext,
  task: (driver: Driver) => Promise<void>,
): Promise<void> {
  const { turns, log } = context.services;
  for (const { name, commit } of await context.store.list()) {
    // A task in progress may write a newer commit than the list shows.
    const options = turns.isBusy(context.rolloutId(name)) ? {} : { commit };
    try {
      await withRollout(context, name, options, task);
    } catch (error) {
      const { name: repository } = context.repository;
      log.error({ rollout: name, repository, err: error }, 'a rollout was left as it is');
    }
  }
}

const MISSING =
  "The branch with this rollout's state is gone. The traffic stays where it is. Restore the branch, or comment /start-rollout to start over.";

interface InvalidState {
  readonly reason: 'not_verified' | 'rewound' | 'newer_schema' | 'broken' | 'missing';
  readonly detail: string;
}

async function reportInvalidState(
  context: RepositoryContext,
  rollout: string,
  issue: number | null,
  { reason, detail }: InvalidState,
): Promise<void> {
  context.services.log.error({ rollout, reason, detail }, 'the state is not trusted: nothing moves');
  const data = { why: reason, branch: branchOf(rollout), detail };
  const message = { code: 'state_not_trusted', data } as const;
  await announceOnce(context, { rollout, issue, about: reason, message });
}
