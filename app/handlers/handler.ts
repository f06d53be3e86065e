/** What every handler takes and returns. */
import type { Context } from 'probot';
import { type Octokit, type RepositoryFacts, repositoryFrom } from '../repository.ts';
import { RepositoryContext } from '../repository-context.ts';
import type { Services } from '../services.ts';

/** `ignored`: the event does not concern the App. */
export type Handled = 'handled' | 'ignored';

export interface Event<Payload> {
  readonly services: Services;
  readonly octokit: Octokit;
  readonly payload: Payload;
}

/** The event of a webhook, such as `issues.closed`. */
export type Webhook<Name extends Context['name']> = Event<Context<Name>['payload']>;

export function contextOf(event: Event<{ readonly repository: RepositoryFacts }>): RepositoryContext {
  const { services, octokit, payload } = event;
  return new RepositoryContext(services, repositoryFrom(octokit, payload.repository));
}
