/** A GitHub Deployment with the shares as payload: a workflow of the team acts on it and reports its status. */
import type { Target } from '../../src/config/schema/traffic.ts';
import type { Shares } from '../../src/rollout/effect.ts';
import { areSameShares } from '../../src/rollout/shares.ts';
import type { ConditionalAnswers } from '../conditional.ts';
import { at, type Repository } from '../repository.ts';
import { payloadOf, readPayload, type TrafficPayload } from './payload.ts';
import type { ReadContext, TrafficContext, TrafficReading, TrafficTarget, TrafficWrite } from './target.ts';

type DeploymentTargetConfig = Extract<Target, { kind: 'deployment' }>;

/** Of every deployment of the App, so that the team's workflow can tell them from its own. */
export const DEPLOYMENT_TASK = 'gateway-rollout';

/** One of the App's, as it stands in the list. */
export interface Deployed {
  readonly id: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly payload: TrafficPayload;
}

/** What a status says of the shares; the others say that it is not decided. */
export function outcomeOf(state: string): 'verified' | 'failed' | null {
  if (state === 'success') return 'verified';
  return state === 'failure' || state === 'error' ? 'failed' : null;
}

export class DeploymentTarget implements TrafficTarget {
  readonly kind = 'deployment';
  readonly label: string;
  readonly #target: DeploymentTargetConfig;
  readonly #repository: Repository;
  readonly #lists: ConditionalAnswers<readonly Deployed[]>;
  readonly #now: () => number;

  /**
   * @param lists what was read before, of all targets
   * @param now milliseconds since 1970
   */
  constructor(
    target: DeploymentTargetConfig,
    repository: Repository,
    lists: ConditionalAnswers<readonly Deployed[]>,
    now: () => number,
  ) {
    this.label = `the deployment to ${target.environment}`;
    this.#target = target;
    this.#repository = repository;
    this.#lists = lists;
    this.#now = now;
  }

  async write(shares: Shares, context: TrafficContext): Promise<TrafficWrite> {
    const { rollout, stage, generation } = context;
    const accepted: TrafficWrite = { kind: 'accepted', verified: false };
    // An older one may have been created by a slow replica after this one: only the newest counts.
    const [newest] = await this.#deployed(rollout);
    const isThere = newest?.payload.generation === generation && areSameShares(newest.payload.shares, shares);
    if (isThere) return accepted;
    await this.#repository.octokit.rest.repos.createDeployment({
      ...at(this.#repository),
      ref: this.#repository.defaultBranch,
      environment: this.#target.environment,
      task: DEPLOYMENT_TASK,
      auto_merge: false,
      required_contexts: [],
      description: `${rollout}: stage ${stage}`.slice(0, 140),
      payload: { ...payloadOf(shares, context) },
    });
    this.#lists.forget(this.#key());
    return accepted;
  }

  async look(_shares: Shares, { rollout, generation, verified }: ReadContext): Promise<TrafficReading> {
    const [newest] = await this.#deployed(rollout);
    if (newest === undefined) return { kind: 'drifted', found: 'no deployment of this rollout' };
    if (newest.payload.generation !== generation) {
      const { stage } = newest.payload;
      return { kind: 'drifted', found: `another deployment came last, of the stage ${stage}` };
    }
    if (verified) return { kind: 'holds' };
    return this.#statusOf(newest);
  }

  async #statusOf({ id, at: created }: Deployed): Promise<TrafficReading> {
    const { environment, timeout } = this.#target;
    const { data } = await this.#repository.octokit.rest.repos.listDeploymentStatuses({
      ...at(this.#repository),
      deployment_id: id,
      per_page: 100,
    });
    // The newest stands first; one that decides nothing, such as `inactive`, takes nothing back.
    const decided = data.find(({ state }) => outcomeOf(state) !== null);
    if (decided !== undefined) {
      if (outcomeOf(decided.state) === 'verified') return { kind: 'holds' };
      const why = decided.description ? ` (${decided.description.slice(0, 140)})` : '';
      const detail = `The deployment ${id} to ${environment} reported ${decided.state}${why}; expected success.`;
      return { kind: 'failed', detail: `${detail} See the workflow that acts on it.` };
    }
    if (this.#now() - created <= timeout) return { kind: 'pending' };
    const minutes = Math.round(timeout / 60_000);
    return {
      kind: 'timed_out',
      detail:
        `The deployment ${id} to ${environment} did not report within ${minutes} minutes; expected the status ` +
        'success. See whether a workflow acts on deployments of the task gateway-rollout, and whether it waits for a review.',
    };
  }

  /** Those of the rollout to this environment, the newest first. */
  async #deployed(rollout: string): Promise<readonly Deployed[]> {
    const { environment } = this.#target;
    const answer = await this.#lists.ask(this.#key(), async (headers) => {
      const { data, headers: got } = await this.#repository.octokit.rest.repos.listDeployments({
        ...at(this.#repository),
        environment,
        task: DEPLOYMENT_TASK,
        per_page: 50,
        headers: { ...headers },
      });
      const value = data.flatMap(({ id, created_at, payload: written }) => {
        const payload = readPayload(written);
        return payload === null ? [] : [{ id, at: Date.parse(created_at), payload }];
      });
      return { etag: got.etag, value: value.sort((a, b) => b.id - a.id) };
    });
    return answer.value.filter(({ payload }) => payload.rollout === rollout);
  }

  #key(): string {
    return `${this.#repository.id} ${this.#target.environment}`;
  }
}
