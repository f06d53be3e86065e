/** What all parts of the App share while the process runs. */
import type { Probot } from 'probot';
import type { Environment } from '../src/config/environment.ts';
import { type BalanceAccess, balanceAccess } from './balance.ts';
import { getOrCreate } from './bounded-map.ts';
import { statusOf } from './http-status.ts';
import type { AppMetrics } from './metrics.ts';
import { Observation } from './observation.ts';
import { type Wait, waitInEarnest } from './patience.ts';
import type { Octokit, Repository } from './repository.ts';
import { OwnEffects, RepositoryMemory } from './repository-memory.ts';
import { StateMemory } from './state/memory.ts';
import { StateStore } from './state/store.ts';
import { TrafficMemory } from './traffic/settings.ts';
import { Turns } from './turns.ts';

export type Log = Probot['log'];

export interface AppSettings {
  /** The first one signs; null where a ruleset lets only the App write the states. */
  readonly stateKeys: readonly [string, ...string[]] | null;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** Addresses and credentials of the operator's metric sources. */
  readonly environment: Environment;
  readonly metrics: AppMetrics;
  /** The App's login on GitHub, such as `gateway-rollout[bot]`; without it, the App asks GitHub. */
  readonly identity?: () => Promise<string>;
  /** The client uses the token of a GitHub Actions job. With it, only dispatches start workflows. */
  readonly hasJobToken?: boolean;
  /** Passes the time until GitHub's reads have caught up with its writes. */
  readonly wait?: Wait;
}

/** GitHub names the second, and a response takes its time (milliseconds). */
const CLOCK_TOLERANCE = 30_000;

export class Services {
  readonly now: () => number;
  readonly wait: Wait;
  readonly metrics: AppMetrics;
  readonly log: Log;
  readonly observation: Observation;
  readonly turns = new Turns();
  readonly traffic = new TrafficMemory();
  readonly stateKeys: AppSettings['stateKeys'];
  /** Null where the operator set no key of a gateway. */
  readonly balance: BalanceAccess | null;
  readonly hasJobToken: boolean;
  readonly #own: () => number;
  readonly #askIdentity: () => Promise<string>;
  #identity: Promise<string> | null = null;
  /** What this machine's clock lacks to GitHub's, in milliseconds: replicas agree on the time by it. */
  #clockOffset = 0;
  readonly #states = new StateMemory();
  readonly #repositories = new Map<number, RepositoryMemory>();
  readonly #counted = new WeakSet<Octokit>();
  readonly #ownEffects = new Map<string, OwnEffects>();

  constructor(settings: AppSettings, log: Log, identity: () => Promise<string>) {
    const own = settings.now ?? Date.now;
    this.now = () => own() + this.#clockOffset;
    this.#own = own;
    this.metrics = settings.metrics;
    this.stateKeys = settings.stateKeys;
    this.balance = balanceAccess(settings.environment);
    this.hasJobToken = settings.hasJobToken ?? false;
    this.observation = new Observation(settings.environment);
    this.wait = settings.wait ?? waitInEarnest;
    this.log = log;
    this.#askIdentity = identity;
  }

  /** The App's login; GitHub is asked once. */
  readonly identity = (): Promise<string> => {
    this.#identity ??= this.#askIdentity().catch((error: unknown) => {
      this.#identity = null;
      throw error;
    });
    return this.#identity;
  };

  /** GitHub has named the App's login. */
  isKnownAs(login: string): void {
    this.#identity = Promise.resolve(login);
  }

  storeOf(repository: Repository): StateStore {
    const { stateKeys: keys, now, wait } = this;
    return new StateStore({ repository, keys, memory: this.#states, now, wait });
  }

  memoryOf({ id }: Repository): RepositoryMemory {
    return getOrCreate(this.#repositories, id, () => new RepositoryMemory());
  }

  /** The same client; its requests are counted in the metrics from now on. */
  counted(octokit: Octokit): Octokit {
    if (this.#counted.has(octokit)) return octokit;
    this.#counted.add(octokit);
    octokit.hook.wrap('request', async (request, options) => {
      const count = (answer: string) => this.metrics.requests.inc({ method: options.method, answer });
      try {
        const response = await request(options);
        this.#setClock(response.headers.date);
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

  #setClock(date: string | undefined): void {
    const offset = Date.parse(date ?? '') - this.#own();
    if (Number.isNaN(offset)) return;
    this.#clockOffset = Math.abs(offset) > CLOCK_TOLERANCE ? offset : 0;
  }

  /** Drops everything that is remembered of a repository. */
  forget({ id }: Repository): void {
    this.#repositories.delete(id);
  }

  /** @param id see `RepositoryContext.rolloutId` */
  ownEffectsOf(id: string): OwnEffects {
    return getOrCreate(this.#ownEffects, id, () => new OwnEffects());
  }
}
