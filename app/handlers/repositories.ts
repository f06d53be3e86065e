/** Repositories that the App came to, and default branches that changed. */
import type { Context } from 'probot';
import { reconcileRepository } from '../reconcile.ts';
import { at, type Repository, repositoryFrom } from '../repository.ts';
import { type Event, type Handled, repositoryOf } from './handler.ts';

/** A config may be there already. */
export async function onInstalled(
  event: Event<Context<'installation.created' | 'installation_repositories.added'>['payload']>,
): Promise<Handled> {
  const { services, octokit, payload } = event;
  const added = ('repositories_added' in payload ? payload.repositories_added : payload.repositories) ?? [];
  for (const { full_name } of added) {
    const [owner = '', repo = ''] = full_name.split('/');
    const { data } = await octokit.rest.repos.get({ owner, repo });
    await reconcileRepository(services, repositoryFrom(octokit, data));
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
