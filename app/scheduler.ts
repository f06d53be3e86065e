/** Ticks every repository of every installation; what one of them throws does not keep the others. */
import type { Probot } from 'probot';
import { type RolloutStatusKind, reconcileRepository } from './reconcile.ts';
import type { Permissions } from './repository.ts';
import { type Octokit, type Repository, repositoryFrom } from './repository.ts';
import type { Services } from './services.ts';

/** Repositories that are looked at side by side. */
const SIDE_BY_SIDE = 4;

/** Never throws: what goes wrong is in the log, and the next tick tries again. */
export async function tickAll(services: Services, probot: Probot): Promise<void> {
  const began = services.now();
  const statuses: RolloutStatusKind[] = [];
  try {
    const app = services.counted(await probot.auth());
    const installations = await app.paginate(app.rest.apps.listInstallations, { per_page: 100 });
    for (const { id, suspended_at, permissions } of installations) {
      if (suspended_at !== null) continue;
      const octokit = services.counted(await probot.auth(id));
      statuses.push(...(await tickInstallation(services, octokit, { ...permissions })));
    }
    const counts: Partial<Record<RolloutStatusKind, number>> = {};
    for (const status of statuses) counts[status] = (counts[status] ?? 0) + 1;
    services.metrics.rollouts(counts);
  } catch (error) {
    services.log.error({ err: error }, 'the tick ended early');
  }
  services.metrics.tick(services.now(), services.now() - began);
}

async function tickInstallation(
  services: Services,
  octokit: Octokit,
  granted: Permissions,
): Promise<readonly RolloutStatusKind[]> {
  const statuses: RolloutStatusKind[] = [];
  const { listReposAccessibleToInstallation } = octokit.rest.apps;
  const found = await octokit.paginate(listReposAccessibleToInstallation, { per_page: 100 });
  const waiting = found.filter(({ archived }) => !archived).map((facts) => repositoryFrom(octokit, facts));
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      services.memoryOf(next).granted = granted;
      statuses.push(...(await tickRepository(services, next)));
    }
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, worker));
  return statuses;
}

async function tickRepository(
  services: Services,
  repository: Repository,
): Promise<readonly RolloutStatusKind[]> {
  try {
    return await reconcileRepository(services, repository);
  } catch (error) {
    services.log.error(
      { repository: `${repository.owner}/${repository.name}`, err: error },
      'not reconciled',
    );
    return [];
  }
}
