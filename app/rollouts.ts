/** The rollouts of a repository: one at a time, and nothing moves where a state is not believed. */

import { branchOf } from '../src/config/state-branch.ts';
import { sealOn } from '../src/conversation/issue-body.ts';
import { type Driver, openRollout } from './driver.ts';
import { type IssueFacts, lookAtIssue, ourOpenIssues } from './issue.ts';
import { tellOnce } from './notice.ts';
import { handleRefusedWrite } from './refused-state.ts';
import type { Repository } from './repository.ts';
import { rolloutId, type Services } from './services.ts';
import type { ReadOptions } from './state/store.ts';
import { StateLost, StateRefused } from './stored-rollout.ts';

export interface Known extends ReadOptions {
  /** The rollout's issue, where the event came from it: there a person learns what is wrong. */
  readonly issue?: number;
}

/**
 * Reads the rollout when its turn comes, lets the task tell what happened to it, and shows the outcome on the issue.
 * @returns false where there is no rollout that could be believed; people were told
 */
export function withRollout(
  services: Services,
  repository: Repository,
  name: string,
  known: Known,
  task: (driver: Driver) => Promise<void>,
): Promise<boolean> {
  return services.turns.run(rolloutId(repository, name), async () => {
    const opened = await openRollout(services, repository, name, known);
    if (opened.kind !== 'driver') {
      const about = opened.kind === 'missing' ? { reason: 'missing' as const, detail: MISSING } : opened;
      await reportInvalidState(services, repository, name, known.issue ?? null, about);
      return false;
    }
    const { driver } = opened;
    const { rollouts } = services.memoryOf(repository);
    try {
      if (!rollouts.has(name) && known.shown === undefined)
        await holdAgainstIssue(services, repository, driver);
      rollouts.add(name);
      await task(driver);
      await showOnIssue(driver);
      return true;
    } catch (error) {
      if (error instanceof StateLost) {
        const { reason, message: detail } = error;
        await reportInvalidState(services, repository, name, driver.rollout.state.issue, { reason, detail });
        return false;
      }
      if (!(error instanceof StateRefused)) throw error;
      await handleRefusedWrite(services, repository, driver.rollout, error);
      return false;
    }
  });
}

/**
 * The same for the rollout that an issue shows, of which a webhook told: nothing where the issue is a copy, or of an
 * earlier rollout of that name.
 */
export async function withRolloutOn(
  services: Services,
  repository: Repository,
  { number, body }: Pick<IssueFacts, 'number' | 'body'>,
  name: string,
  task: (driver: Driver) => Promise<void>,
): Promise<void> {
  const shown = services.storeOf(repository).shownSequence(name, sealOn(body ?? ''));
  const known = { issue: number, ...(shown === null ? {} : { shown }) };
  await withRollout(services, repository, name, known, async (driver) => {
    if (driver.rollout.state.issue === number) await task(driver);
  });
}

/**
 * A process that sees the rollout for the first time knows no newer state: before it does anything, the issue says
 * which one was shown last.
 * @throws {StateLost} where the branch was put back
 */
async function holdAgainstIssue(services: Services, repository: Repository, driver: Driver): Promise<void> {
  const { name, issue } = driver.rollout.state;
  const body =
    issue === null
      ? (await ourOpenIssues(repository, await services.identity())).find((each) => each.rollout === name)
          ?.body
      : (await lookAtIssue(repository, issue))?.value.body;
  await driver.catchUp(body ?? '');
}

/** Where the issue is gone, the rollout opens another one. */
async function showOnIssue(driver: Driver): Promise<void> {
  if (await driver.showOnIssue({ always: false })) return;
  await driver.happen({ kind: 'issue_gone', key: `gone:${driver.rollout.state.issue}`, by: null });
  await driver.showOnIssue({ always: false });
}

/** Every rollout of the repository, one after another; one that fails does not keep the others. */
export async function eachRollout(
  services: Services,
  repository: Repository,
  task: (driver: Driver) => Promise<void>,
): Promise<void> {
  for (const { name, commit } of await services.storeOf(repository).list()) {
    // Whoever is at work there may have written a newer commit since.
    const known = services.turns.isBusy(rolloutId(repository, name)) ? {} : { commit };
    try {
      await withRollout(services, repository, name, known, task);
    } catch (error) {
      services.log.error(
        { rollout: name, repository: repository.name, err: error },
        'a rollout was left as it is',
      );
    }
  }
}

const MISSING =
  'The branch that holds the state of this rollout is gone, and with it what the rollout knew. The traffic stays where it is. Restore the branch, or write /start-rollout to begin anew.';

interface InvalidState {
  readonly reason: 'not_verified' | 'rewound' | 'newer_schema' | 'broken' | 'missing';
  readonly detail: string;
}

async function reportInvalidState(
  services: Services,
  repository: Repository,
  rollout: string,
  issue: number | null,
  { reason, detail }: InvalidState,
): Promise<void> {
  services.log.error({ rollout, reason, detail }, 'the state is not believed: nothing moves');
  const message = {
    code: 'state_not_trusted',
    data: { why: reason, branch: branchOf(rollout), detail },
  } as const;
  await tellOnce(services, repository, { rollout, issue, about: reason, message });
}
