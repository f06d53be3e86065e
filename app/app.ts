/** The App: the events that it subscribes to, and its tick. */
import type { Probot } from 'probot';
import { onCheckRun, onDeploymentStatus, onWorkflowRun } from './handlers/actions.ts';
import type { Event, Handled } from './handlers/handler.ts';
import { onComment } from './handlers/issue-comment.ts';
import { onClosed, onEdited, onGone, onReopened, onUnlocked } from './handlers/issues.ts';
import {
  CHANGED,
  onMergeGroup,
  onPullRequest,
  onPullRequestEdited,
  onRerun,
} from './handlers/pull-request.ts';
import { onPush } from './handlers/push.ts';
import { INSTALLED, onInstalled, onRepositoryEdited } from './handlers/repositories.ts';
import { statusOf } from './http-status.ts';
import { logFailure } from './log.ts';
import { type RolloutStatusKind, reconcileRepository } from './reconcile.ts';
import {
  loginOf,
  type Octokit,
  type Permissions,
  type RepositoryFacts,
  repositoryFrom,
} from './repository.ts';
import { RepositoryContext } from './repository-context.ts';
import { tickAll } from './scheduler.ts';
import { type AppSettings, Services } from './services.ts';

export type { AppSettings } from './services.ts';

const NOT_HANDLED = 'a webhook was not handled completely';

export interface RolloutApp {
  /** Reconciles every rollout of every installation once. Never throws. */
  tick(): Promise<void>;
  /** Reconciles every rollout of one repository once. @param granted permissions of the App; null where unknown */
  reconcile(
    octokit: Octokit,
    repository: RepositoryFacts,
    granted: Permissions | null,
  ): Promise<readonly RolloutStatusKind[]>;
  /** Resolves when no work is in progress. */
  idle(): Promise<void>;
}

/** Subscribes to the webhooks of the client. */
export function createRolloutApp(probot: Probot, settings: AppSettings): RolloutApp {
  const services = new Services(settings, probot.log, settings.identity ?? (() => askIdentity(probot)));
  const inProgress = new Set<Promise<void>>();
  subscribe(probot, services, (work) => {
    inProgress.add(work);
    return work.finally(() => inProgress.delete(work));
  });
  return {
    tick: () => tickAll(services, probot),
    async reconcile(octokit, facts, granted) {
      const context = new RepositoryContext(services, repositoryFrom(services.counted(octokit), facts));
      context.memory.granted = granted;
      return reconcileRepository(context);
    },
    async idle() {
      while (inProgress.size > 0) await Promise.allSettled(inProgress);
      await services.turns.idle();
    },
  };
}

/** @param watch gets the work of each webhook */
function subscribe(probot: Probot, services: Services, watch: (work: Promise<void>) => Promise<void>): void {
  /** If a handler fails, the next tick finds what it left undone. */
  async function handle<Payload>(
    { name, octokit, payload }: ReceivedWebhook<Payload>,
    handler: (event: Event<Payload>) => Promise<Handled>,
  ): Promise<void> {
    try {
      const outcome = await handler({ services, octokit: services.counted(octokit), payload });
      services.metrics.events.inc({ event: name, outcome });
    } catch (error) {
      services.metrics.events.inc({ event: name, outcome: 'failed' });
      const about = { event: name, err: error };
      // A token that expired in between; the tick reports credentials that are wrong.
      if (statusOf(error) === 401) services.log.warn(about, NOT_HANDLED);
      else logFailure(services.log, about, NOT_HANDLED);
    }
  }
  const run: typeof handle = (received, handler) => watch(handle(received, handler));

  probot.on('check_run.completed', (context) => run(context, onCheckRun));
  probot.on(['check_run.rerequested', 'check_suite.rerequested'], (context) => run(context, onRerun));
  probot.on('deployment_status.created', (context) => run(context, onDeploymentStatus));
  probot.on([...INSTALLED], (context) => run(context, onInstalled));
  probot.on('issue_comment.created', (context) => run(context, onComment));
  probot.on('issues.closed', (context) => run(context, onClosed));
  probot.on(['issues.deleted', 'issues.transferred'], (context) => run(context, onGone));
  probot.on('issues.edited', (context) => run(context, onEdited));
  probot.on('issues.reopened', (context) => run(context, onReopened));
  probot.on('issues.unlocked', (context) => run(context, onUnlocked));
  probot.on('merge_group.checks_requested', (context) => run(context, onMergeGroup));
  probot.on('pull_request.edited', (context) => run(context, onPullRequestEdited));
  probot.on([...CHANGED], (context) => run(context, onPullRequest));
  probot.on('push', (context) => run(context, onPush));
  probot.on('repository.edited', (context) => run(context, onRepositoryEdited));
  probot.on('workflow_run.completed', (context) => run(context, onWorkflowRun));
}

interface ReceivedWebhook<Payload> {
  readonly name: string;
  readonly octokit: Octokit;
  readonly payload: Payload;
}

async function askIdentity(probot: Probot): Promise<string> {
  const app = await probot.auth();
  const { data } = await app.rest.apps.getAuthenticated();
  if (data === null)
    throw new Error('GitHub did not name the App. Expected the ID of an App and its private key.');
  return loginOf(data.slug);
}
