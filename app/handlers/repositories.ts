/** Repositories in which the App was installed, and default branches that changed. */
import { reconcileRepository } from '../reconcile.ts';
import { at } from '../repository.ts';
import { contextOf, type Handled, type Webhook } from './handler.ts';

export const INSTALLED = [
  'installation.created',
  'installation.new_permissions_accepted',
  'installation_repositories.added',
] as const;

/** A config may be there already, and the App's permissions may have changed. */
export async function onInstalled(event: Webhook<(typeof INSTALLED)[number]>): Promise<Handled> {
  const { services, octokit, payload } = event;
  const added = ('repositories_added' in payload ? payload.repositories_added : payload.repositories) ?? [];
  for (const { full_name } of added) {
    const [owner = '', repo = ''] = full_name.split('/');
    const { data: repository } = await octokit.rest.repos.get({ owner, repo });
    const context = contextOf({ services, octokit, payload: { repository } });
    context.memory.granted = { ...payload.installation.permissions };
    await reconcileRepository(context);
  }
  return 'handled';
}

/** What is remembered of the earlier default branch may not hold for the new one. */
export async function onRepositoryEdited(event: Webhook<'repository.edited'>): Promise<Handled> {
  if (event.payload.changes.default_branch === undefined) return 'ignored';
  const context = contextOf(event);
  const { repository, services } = context;
  services.log.info({ ...at(repository), branch: repository.defaultBranch }, 'the default branch changed');
  services.forget(repository);
  await reconcileRepository(context);
  return 'handled';
}
