/** A GitHub Deployment with the shares as payload: a workflow of the team acts on it and reports its status. */
import { areSameShares } from '../../src/rollout/shares.ts';
import { at } from '../repository.ts';
import { payloadOf, readPayload } from './payload.ts';
import type { Deployed, TrafficSettings } from './settings.ts';
import { notReported, type TargetOf, type TrafficReading, type TrafficTarget } from './target.ts';

type DeploymentTarget = TargetOf<'deployment'>;

/** The task of all deployments of the App, so that a workflow can distinguish them from the team's own. */
export const DEPLOYMENT_TASK = 'gateway-rollout';

/** What a deployment's status means for the shares; null for a status that decides nothing. */
export function deploymentOutcome(state: string): 'verified' | 'failed' | null {
  if (state === 'success') return 'verified';
  return state === 'failure' || state === 'error' ? 'failed' : null;
}

export function deploymentTarget(target: DeploymentTarget, settings: TrafficSettings): TrafficTarget {
  const { repository, memory } = settings;
  const { environment } = target;
  return {
    label: `the deployment to ${environment}`,
    async write(shares, context) {
      const { rollout, stage, generation } = context;
      // A slow replica may have created an older one after this one: only the newest counts.
      const [newest] = await listDeployed(target, settings, rollout);
      const isThere =
        newest?.payload.generation === generation && areSameShares(newest.payload.shares, shares);
      if (!isThere) {
        await repository.octokit.rest.repos.createDeployment({
          ...at(repository),
          ref: repository.defaultBranch,
          environment,
          task: DEPLOYMENT_TASK,
          auto_merge: false,
          required_contexts: [],
          description: `${rollout}: stage ${stage}`.slice(0, 140),
          payload: { ...payloadOf(shares, context) },
        });
        memory.deployments.forget(keyOf(target, settings));
      }
      return { kind: 'done', verified: false };
    },
    async read(_shares, { rollout, generation, verified }) {
      const [newest] = await listDeployed(target, settings, rollout);
      if (newest === undefined) return { kind: 'drifted', found: 'no deployment of this rollout' };
      if (newest.payload.generation !== generation) {
        return { kind: 'drifted', found: `a later deployment, of the stage ${newest.payload.stage}` };
      }
      return verified ? { kind: 'holds' } : readStatus(target, settings, newest);
    },
  };
}

async function readStatus(
  { environment, timeout }: DeploymentTarget,
  { repository, now }: TrafficSettings,
  { id, at: created }: Deployed,
): Promise<TrafficReading> {
  const query = { ...at(repository), deployment_id: id, per_page: 100 };
  const { data } = await repository.octokit.rest.repos.listDeploymentStatuses(query);
  // The newest comes first. A status such as `inactive` decides nothing, and revokes nothing.
  const decided = data.find(({ state }) => deploymentOutcome(state) !== null);
  if (decided !== undefined) {
    if (deploymentOutcome(decided.state) === 'verified') return { kind: 'holds' };
    const why = decided.description ? ` (${decided.description.slice(0, 140)})` : '';
    const detail = `The deployment ${id} to ${environment} reported ${decided.state}${why}; expected success.`;
    return { kind: 'failed', detail: `${detail} Check the workflow that acts on it.` };
  }
  return notReported(
    { waited: now() - created, timeout },
    (limit) =>
      `The deployment ${id} to ${environment} did not report within ${limit}; expected the status success. Check that ` +
      'a workflow acts on deployments of the task gateway-rollout, and that none waits for a review.',
  );
}

/** Deployments of the rollout to this environment, the newest first. */
async function listDeployed(
  target: DeploymentTarget,
  settings: TrafficSettings,
  rollout: string,
): Promise<readonly Deployed[]> {
  const { repository, memory } = settings;
  const { repos } = repository.octokit.rest;
  const query = { ...at(repository), environment: target.environment, task: DEPLOYMENT_TASK, per_page: 50 };
  const deployed = await memory.deployments.get(
    keyOf(target, settings),
    (headers) => repos.listDeployments({ ...query, headers }),
    (listed) =>
      listed
        .flatMap(({ id, created_at, payload: written }) => {
          const payload = readPayload(written);
          return payload === null ? [] : [{ id, at: Date.parse(created_at), payload }];
        })
        .sort((a, b) => b.id - a.id),
  );
  return deployed.filter(({ payload }) => payload.rollout === rollout);
}

function keyOf({ environment }: DeploymentTarget, { repository }: TrafficSettings): string {
  return `${repository.id} ${environment}`;
}
