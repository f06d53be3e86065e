/** Repositories that the App came to, and default branches that changed. */
import type { Context } from 'probot';
import { reconcileRepository } from '../reconcile.ts';
import { at, type Repository, repositoryFrom } from '../repository.ts';
import { type Event, type Handled, repositoryOf } from './handler.ts';

type Installed =
  | 'installation.created'
  | 'installation.new_permissions_accepted'
  | 'installation_repositories.added';

/** A config may be there already, and what the App may do is another than before. */
export async function onInstalled(event: Event<Context<Installed>['payload']>): Promise<Handled> {
  const { services, octokit, payload } = event;
  const added = ('repositories_added' in payload ? payload.repositories_added : payload.repositories) ?? [];
  for (const { full_name } of added) {
    const [owner = '', repo = ''] = full_name.split('/');
    const { data } = await octokit.rest.repos.get({ owner, repo });
    const repository = repositoryFrom(octokit, data);
    services.memoryOf(repository).granted = { ...payload.installation.permissions };
    await reconcileRepository(services, repository);
  }
  return 'handled';
}

/** What was believed on one branch need not be on another. */
export async function onRepositoryEdited(
  event: Event<Context<'repository.edited'>['payload']>,
): Promise<Handled> {
  if (event.payload.changes.default_branch === undefined) return 'ignored';
  const repository: Repository = repositoryOf(event);
  event.services.log.info(
    { ...at(repository), branch: repository.defaultBranch },
    'the default branch changed',
  );
  event.services.forget(repository);
  await reconcileRepository(event.services, repository);
  return 'handled';
}
