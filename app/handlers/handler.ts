/** What every handler gets, and what it says in the end. */
import { type Octokit, type Repository, type RepositoryFacts, repositoryFrom } from '../repository.ts';
import type { Services } from '../services.ts';

/** `ignored`: it was none of the App's business, and nothing was asked of GitHub. */
export type Handled = 'handled' | 'ignored';

export interface Event<Payload> {
  readonly services: Services;
  readonly octokit: Octokit;
  readonly payload: Payload;
}

export function repositoryOf(event: Event<{ readonly repository: RepositoryFacts }>): Repository {
  return repositoryFrom(event.octokit, event.payload.repository);
}
