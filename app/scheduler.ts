/** Ticks every repository of every installation. A failure in one does not affect the others. */
import pLimit from 'p-limit';
import type { Probot } from 'probot';
import { logFailure } from './log.ts';
import { type RolloutStatusKind, reconcileRepository } from './reconcile.ts';
import { loginOf, type Octokit, type Permissions, repositoryFrom } from './repository.ts';
import { RepositoryContext } from './repository-context.ts';
import type { Services } from './services.ts';

/** Repositories that are reconciled at the same time. */
const SIDE_BY_SIDE = 4;

/** Never throws: errors are logged, and the next tick tries again. */
export async function tickAll(services: Services, probot: Probot): Promise<void> {
  const began = services.now();
  const statuses: RolloutStatusKind[] = [];
  try {
    const app = services.counted(await probot.auth());
    const installations = await app.paginate(app.rest.apps.listInstallations, { per_page: 100 });
    for (const { id, suspended_at, permissions, app_slug: slug } of installations) {
      services.isKnownAs(loginOf(slug));
      if (suspended_at !== null) continue;
      const octokit = services.counted(await probot.auth(id));
      statuses.push(...(await tickInstallation(services, octokit, { ...permissions })));
    }
    services.metrics.rollouts(statuses);
  } catch (error) {
    logFailure(services.log, { err: error }, 'the tick ended early');
  }
  services.metrics.tick(services.now(), services.now() - began);
}

async function tickInstallation(
  services: Services,
  octokit: Octokit,
  granted: Permissions,
): Promise<readonly RolloutStatusKind[]> {
  const { listReposAccessibleToInstallation } = octokit.rest.apps;
  const found = await octokit.paginate(listReposAccessibleToInstallation, { per_page: 100 });
  const active = found.filter(({ archived }) => !archived);
  const ticked = await pLimit(SIDE_BY_SIDE).map(active, (facts) => {
    const context = new RepositoryContext(services, repositoryFrom(octokit, facts));
    context.memory.granted = granted;
    return tickRepository(context);
  });
  return ticked.flat();
}

async function tickRepository(context: RepositoryContext): Promise<readonly RolloutStatusKind[]> {
  try {
    return await reconcileRepository(context);
  } catch (error) {
    const { owner, name } = context.repository;
    const repository = `${owner}/${name}`;
    logFailure(context.services.log, { repository, err: error }, 'a repository could not be reconciled');
    return [];
  }
}
