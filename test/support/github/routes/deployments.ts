/** Deployments, their statuses, and the environments that they go to. */
import type { DeploymentCreatedEvent, DeploymentStatusCreatedEvent } from '@octokit/webhooks-types';
import { z } from 'zod';
import { isListed, leaveOut } from '../listing.ts';
import { environmentOf, headOf } from '../repository.ts';
import { type GithubResponse, json, listed, notFound, nothing, refuse } from '../response.ts';
import { bodyOf, type Call, type Route, repositoryRoute } from '../router.ts';
import type { Common, Environment, Schema, StoredDeployment } from '../world.ts';

export const deploymentRoutes: readonly Route[] = [
  repositoryRoute('GET', '/deployments', (call) => {
    const { repository, url } = call;
    const wanted = ['sha', 'ref', 'task', 'environment'] as const;
    const found = [...repository.deployments.values()]
      .map(({ deployment }) => deployment)
      .filter(({ id }) => isListed(call, Number(id)))
      .filter((each) =>
        wanted.every((key) => {
          const value = url.searchParams.get(key);
          return value === null || value === 'none' || each[key] === value;
        }),
      );
    return listed(found.reverse(), url);
  }),
  repositoryRoute('POST', '/deployments', createDeployment),
  repositoryRoute('GET', '/deployments/:id', (call) => json(200, find(call).deployment)),
  repositoryRoute('DELETE', '/deployments/:id', (call) => {
    call.repository.deployments.delete(Number(find(call).deployment.id));
    return nothing();
  }),
  repositoryRoute('GET', '/deployments/:id/statuses', (call) =>
    listed([...find(call).statuses].reverse(), call.url),
  ),
  repositoryRoute('POST', '/deployments/:id/statuses', createStatus),
  repositoryRoute('GET', '/environments', ({ repository, world, url }) => {
    const all = [...repository.environments.values()].map((each) =>
      shownEnvironment(world.url, repository.fullName, each),
    );
    return listed(all, url, (environments) => ({ total_count: all.length, environments }));
  }),
  repositoryRoute('GET', '/environments/:environment', ({ repository, world, params }) => {
    const found = repository.environments.get(params.environment ?? '') ?? notFound();
    return json(200, shownEnvironment(world.url, repository.fullName, found));
  }),
];

const deploymentSchema = z.object({
  ref: z.string(),
  task: z.string().default('deploy'),
  auto_merge: z.boolean().default(true),
  required_contexts: z.array(z.string()).optional(),
  payload: z.union([z.record(z.string(), z.unknown()), z.string()]).default(''),
  environment: z.string().default('production'),
  description: z.string().nullish(),
  transient_environment: z.boolean().default(false),
  production_environment: z.boolean().optional(),
});

async function createDeployment(call: Call): Promise<GithubResponse> {
  const { world, repository, caller } = call;
  const asked = bodyOf(call, deploymentSchema);
  const sha = (await headOf(world, repository, asked.ref)) ?? refuse(422, `No ref found for: ${asked.ref}`);
  if (
    asked.required_contexts === undefined &&
    failedContexts(repository.statuses.get(sha) ?? []).length > 0
  ) {
    refuse(409, 'Conflict: Commit status checks failed for this ref.');
  }
  environmentOf(repository, asked.environment);
  const id = world.nextId();
  const now = world.clock.stamp();
  const creator = await world.userOf(caller);
  const base = `${world.url}/repos/${repository.fullName}`;
  const deployment = {
    url: `${base}/deployments/${id}`,
    id,
    node_id: `DE_${id}`,
    sha,
    ref: asked.ref,
    task: asked.task,
    payload: asked.payload,
    original_environment: asked.environment,
    environment: asked.environment,
    description: asked.description ?? null,
    creator,
    created_at: now,
    updated_at: now,
    statuses_url: `${base}/deployments/${id}/statuses`,
    repository_url: base,
    transient_environment: asked.transient_environment,
    production_environment: asked.production_environment ?? asked.environment === 'production',
    performed_via_github_app: null,
  };
  repository.deployments.set(id, { deployment, statuses: [] });
  if (repository.allListsLag) leaveOut(call, id);
  const payload = {
    action: 'created',
    deployment: { ...deployment, payload: typeof asked.payload === 'string' ? {} : asked.payload },
    workflow: null,
    workflow_run: null,
  } satisfies Omit<DeploymentCreatedEvent, keyof Common>;
  await world.announce(repository, 'deployment', payload, creator);
  return json(201, deployment satisfies Schema<'deployment'>);
}

const statusSchema = z.object({
  state: z.enum(['error', 'failure', 'inactive', 'in_progress', 'queued', 'pending', 'success']),
  description: z.string().max(140).default(''),
  environment: z.string().optional(),
  environment_url: z.string().default(''),
  log_url: z.string().default(''),
  auto_inactive: z.boolean().default(true),
});

async function createStatus(call: Call): Promise<GithubResponse> {
  const { world, repository, caller, url } = call;
  const { state, auto_inactive: autoInactive, ...asked } = bodyOf(call, statusSchema);
  const stored = find(call);
  const { deployment } = stored;
  const creator = await world.userOf(caller);
  const shown = (
    of: StoredDeployment,
    which: Schema<'deployment-status'>['state'],
  ): Schema<'deployment-status'> => {
    const id = world.nextId();
    const now = world.clock.stamp();
    return {
      url: `${of.deployment.url}/statuses/${id}`,
      id,
      node_id: `DES_${id}`,
      state: which,
      creator,
      description: asked.description,
      environment: asked.environment ?? of.deployment.environment,
      environment_url: asked.environment_url,
      log_url: asked.log_url,
      target_url: asked.log_url,
      created_at: now,
      updated_at: now,
      deployment_url: of.deployment.url,
      repository_url: of.deployment.repository_url,
      performed_via_github_app: null,
    };
  };
  const status = shown(stored, state);
  stored.statuses.push(status);
  if (state === 'success' && autoInactive) {
    for (const other of olderOnes(call, deployment)) other.statuses.push(shown(other, 'inactive'));
  }
  // GitHub sends no webhook for `inactive`.
  if (state !== 'inactive') {
    const payload = {
      action: 'created' as const,
      deployment_status: {
        ...status,
        id: Number(status.id),
        state,
        creator,
        environment: status.environment ?? '',
        performed_via_github_app: null,
      },
      deployment: {
        ...deployment,
        id: Number(deployment.id),
        creator: await world.user(deployment.creator?.login ?? ''),
        original_environment: deployment.original_environment ?? '',
        payload: typeof deployment.payload === 'string' ? {} : deployment.payload,
        performed_via_github_app: null,
      },
    };
    await world.announce(
      repository,
      'deployment_status',
      payload satisfies Omit<DeploymentStatusCreatedEvent, keyof Common>,
      creator,
    );
  }
  return json(201, status, { location: `${url}/${status.id}` });
}

/** Successful deployments of the same environment that the new one takes the place of. */
function olderOnes({ repository }: Call, { id, environment }: Schema<'deployment'>): StoredDeployment[] {
  return [...repository.deployments.values()].filter(
    ({ deployment, statuses }) =>
      deployment.id !== id &&
      deployment.environment === environment &&
      statuses.at(-1)?.state === 'success' &&
      !deployment.transient_environment,
  );
}

const find = ({ repository, params }: Call): StoredDeployment =>
  repository.deployments.get(Number(params.id)) ?? notFound();

const failedContexts = (statuses: readonly Schema<'status'>[]): string[] =>
  statuses.filter(({ state }) => state !== 'success').map(({ context }) => context);

function shownEnvironment(url: string, fullName: string, { id, name, reviewers, createdAt }: Environment) {
  const rule = {
    id: id + 1,
    node_id: `GA_${id}`,
    type: 'required_reviewers',
    prevent_self_review: false,
    reviewers: reviewers.map((login) => ({ type: 'User' as const, reviewer: { login } })),
  };
  return {
    id,
    node_id: `EN_${id}`,
    name,
    url: `${url}/repos/${fullName}/environments/${name}`,
    html_url: `${url}/${fullName}/deployments/activity_log?environments_filter=${name}`,
    created_at: createdAt,
    updated_at: createdAt,
    protection_rules: reviewers.length === 0 ? [] : [rule],
    deployment_branch_policy: null,
  };
}
