/** What every part of the App shares for as long as the process lives. */
import type { Probot } from 'probot';
import type { PendingEffect } from '../src/rollout/effect.ts';
import type { RolloutState } from '../src/rollout/state.ts';
import { type BalanceAccess, balanceAccess } from './balance.ts';
import { ConditionalAnswers } from './conditional.ts';
import { ConfigListing } from './config-in-repository.ts';
import type { Environment } from './environment.ts';
import { statusOf } from './http-status.ts';
import type { IssueReading } from './issue.ts';
import type { AppMetrics } from './metrics.ts';
import { Observation } from './observation.ts';
import type { Octokit, Permissions, Repository } from './repository.ts';
import { Runs } from './runs.ts';
import { StateMemory } from './state/memory.ts';
import { StateStore } from './state/store.ts';
import { TrafficMemory } from './traffic/open.ts';
import { Turns } from './turns.ts';

export type Log = Probot['log'];

export interface AppSettings {
  /** The first signs; null where a ruleset keeps everybody else away from the states. */
  readonly stateKeys: readonly [string, ...string[]] | null;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** Addresses and credentials of the operator's own sources of measurements. */
  readonly environment: Environment;
  readonly metrics: AppMetrics;
  /** The login under which GitHub shows what the App does, such as `gateway-rollout[bot]`; asked for otherwise. */
  readonly identity?: () => Promise<string>;
  /** The client has the token of a job of GitHub Actions, with which only a dispatch starts anything. */
  readonly hasJobToken?: boolean;
  /** Milliseconds after which GitHub's own copies agree: before a state is told to be an old one. */
  readonly settling?: number;
}

/** What is remembered of one repository, so that it is asked for less. */
export class RepositoryMemory {
  readonly runs = new Runs();
  readonly configs = new ConfigListing();
  readonly issues = new ConditionalAnswers<IssueReading | null>(100);
  /** Rollouts that were seen; one that is missing later was deleted. */
  readonly rollouts = new Set<string>();
  /** By rollout: up to when comments were looked for, in milliseconds since 1970. */
  readonly commentsSeenTo = new Map<string, number>();
  /** Runs whose measurements were read. */
  readonly readRuns = new Set<string>();
  /** By path: the blob of a config that was considered and began no rollout. */
  readonly idleConfigs = new Map<string, string>();
  /** By rollout: the commit of the default branch that its policy was held against. */
  readonly policyCheckedAt = new Map<string, string>();
  /** The open issues were compared with the rollouts once. */
  issuesListed = false;
  /** Of the App in this repository; null where GitHub has not told them. */
  granted: Permissions | null = null;
  /** By rollout: the config and the permissions that were compared. */
  readonly prerequisites = new Map<string, string>();
  /** What people were told once, such as that a state is not believed. */
  readonly told = new Set<string>();
}

/** What this process did and need not do again, by rollout. */
export class OwnEffects {
  /** Effects that this process committed or took over, each with when it took it; null for the former. */
  readonly #mine = new Map<string, number | null>();
  /** Those that were tried: GitHub may have done what it gave no answer to. */
  readonly tried = new Set<string>();
  /** Replies that are done; the next commit takes them out of the state. */
  readonly done = new Set<string>();

  own({ id, takenAt }: PendingEffect): void {
    this.#mine.set(id, takenAt);
  }

  /** Nobody has taken it over since. */
  isMine({ id, takenAt }: PendingEffect): boolean {
    return this.#mine.get(id) === takenAt;
  }

  /** What is not pending any more is forgotten. */
  keep({ pending }: RolloutState): void {
    const left = new Set(pending.map(({ id }) => id));
    for (const id of this.#mine.keys()) if (!left.has(id)) this.#mine.delete(id);
    for (const ids of [this.tried, this.done]) {
      for (const id of ids) if (!left.has(id)) ids.delete(id);
    }
  }
}

export class Services {
  readonly now: () => number;
  readonly metrics: AppMetrics;
  readonly log: Log;
  readonly identity: () => Promise<string>;
  readonly observation: Observation;
  readonly turns = new Turns();
  readonly traffic = new TrafficMemory();
  readonly stateKeys: AppSettings['stateKeys'];
  /** Null where the operator gave no key of a gateway. */
  readonly balance: BalanceAccess | null;
  readonly hasJobToken: boolean;
  readonly #settling: { readonly settling?: number };
  readonly #states = new StateMemory();
  readonly #repositories = new Map<number, RepositoryMemory>();
  readonly #counted = new WeakSet<Octokit>();
  readonly #ownEffects = new Map<string, OwnEffects>();

  constructor(settings: AppSettings, log: Log, identity: () => Promise<string>) {
    this.now = settings.now ?? Date.now;
    this.metrics = settings.metrics;
    this.stateKeys = settings.stateKeys;
    this.balance = balanceAccess(settings.environment);
    this.hasJobToken = settings.hasJobToken ?? false;
    this.observation = new Observation(settings.environment);
    this.#settling = settings.settling === undefined ? {} : { settling: settings.settling };
    this.log = log;
    this.identity = identity;
  }

  storeOf(repository: Repository): StateStore {
    const { stateKeys: keys, now } = this;
    return new StateStore({ repository, keys, memory: this.#states, now, ...this.#settling });
  }

  memoryOf({ id }: Repository): RepositoryMemory {
    return known(this.#repositories, id, () => new RepositoryMemory());
  }

  /** The client, whose requests are counted from now on. */
  counted(octokit: Octokit): Octokit {
    if (this.#counted.has(octokit)) return octokit;
    this.#counted.add(octokit);
    octokit.hook.wrap('request', async (request, options) => {
      const count = (answer: string) => this.metrics.request(options.method, answer);
      try {
        const response = await request(options);
        count(`${Math.floor(response.status / 100)}xx`);
        return response;
      } catch (error) {
        const status = statusOf(error);
        if (status === null) count('error');
        else count(status === 304 ? '304' : `${Math.floor(status / 100)}xx`);
        throw error;
      }
    });
    return octokit;
  }

  /** What was remembered of a repository holds no more. */
  forget({ id }: Repository): void {
    this.#repositories.delete(id);
  }

  deedsOf(repository: Repository, rollout: string): OwnEffects {
    return known(this.#ownEffects, rolloutId(repository, rollout), () => new OwnEffects());
  }
}

/** Names a rollout in this process. */
export function rolloutId({ id }: Repository, rollout: string): string {
  return `${id}/${rollout}`;
}

function known<Key, Value>(all: Map<Key, Value>, key: Key, create: () => Value): Value {
  const found = all.get(key);
  if (found !== undefined) return found;
  const created = create();
  all.set(key, created);
  return created;
}
