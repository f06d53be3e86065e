/** An emulated GitHub for tests: `startGithub` starts one, README.md says what it can. */
import { setTimeout } from 'node:timers/promises';
import type { Chance } from './chance.ts';
import type { Delivery, Fate } from './deliveries.ts';
import type { Fault } from './faults.ts';
import { createInstallation, type InstallationScenario } from './installation.ts';
import type { Lag } from './lag.ts';
import type { LoggedRequest } from './log.ts';
import { readManifest } from './manifest.ts';
import type { Permissions } from './permissions.ts';
import { createScenario, type Files, type RepositoryScenario } from './scenario.ts';
import { startWorld } from './start-world.ts';
import { privateKey } from './upstream.ts';
import { createWork, type WorkScenario } from './work.ts';
import type { GivenRole } from './world.ts';

/** What can be done and seen in one repository. */
export type Scenario = RepositoryScenario & WorkScenario;

export interface GithubOptions {
  /** `owner/name`; default `acme/shop`. */
  readonly repo?: string;
  /** Further repositories of the same owner, reached with `at`. */
  readonly repos?: readonly string[];
  /** Default true. */
  readonly private?: boolean;
  readonly users?: Readonly<Record<string, GivenRole>>;
  /** Members by `org/slug`. */
  readonly teams?: Readonly<Record<string, readonly string[]>>;
  /** What the App may do; default what its manifest asks for, and what it names as optional. */
  readonly permissions?: Permissions;
  /** Events that the App subscribed to; default those of its manifest, null all. */
  readonly events?: readonly string[] | null;
  /** The time of the scenario, milliseconds since 1970; default the machine's. */
  readonly now?: () => number;
  /** Milliseconds after which a request that hangs is cut; default 10,000. */
  readonly hang?: number;
}

export interface Github extends Scenario, InstallationScenario {
  /** Of the REST API, for `baseUrl` of an octokit. */
  readonly url: string;
  /** Requests without a socket, for an octokit in this process that makes many. */
  readonly fetch: typeof fetch;
  readonly app: {
    readonly appId: number;
    readonly privateKey: string;
    readonly webhookSecret: string;
    readonly slug: string;
    readonly installationId: number;
  };
  /** Another repository. */
  at(name: string): Scenario;
  /** Where webhooks go from now on; several addresses take turns. */
  deliverTo(...urls: readonly string[]): void;
  /** Every webhook so far, the newest last. */
  deliveries(): readonly Delivery[];
  redeliver(delivery: Delivery): void;
  /** The next webhook (that `which` names) is lost, doubled, or comes after the one that follows it. */
  nextDelivery(fate: Fate, which?: (delivery: Delivery) => boolean): void;
  holdDeliveries(): void;
  releaseDeliveries(order?: (held: readonly Delivery[]) => readonly Delivery[]): void;
  /** Requests over the network, the oldest first. */
  requests(): readonly LoggedRequest[];
  forgetRequests(): void;
  fails(fault: Fault): void;
  /** Decides on every request and webhook that no order names; null brings calm. `createChance` has a seeded one. */
  leaveToChance(chance: Chance | null): void;
  /** Reads of the App that lag behind. */
  readonly lag: Lag;
  expireTokens(): void;
  /** The token of a job of GitHub Actions, with the permissions of its workflow. */
  jobToken(permissions: Permissions): string;
  personToken(login: string): string;
  role(login: string, role: GivenRole): void;
  team(name: string, members: readonly string[]): void;
  /** Milliseconds since 1970, the scenario's time. */
  now(): number;
  /** When every webhook was answered and the App asks for nothing any more. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

/** Milliseconds without a request after which the App counts as idle. */
const QUIET = 10;

export async function startGithub(options: GithubOptions = {}): Promise<Github> {
  const manifest = readManifest();
  const {
    repo = 'acme/shop',
    repos = [],
    users = {},
    teams = {},
    permissions = manifest.permissions,
  } = options;
  const { events = manifest.events } = options;
  const { world, front, tokens, faults, lag, log, webhookSecret } = await startWorld({
    repos: [repo, ...repos],
    private: options.private ?? true,
    users,
    teams,
    permissions,
    events,
    now: options.now ?? Date.now,
    hang: options.hang ?? 10_000,
  });
  const { deliveries, app } = world;

  function at(name: string): Scenario {
    const repository = world.repositories.get(name.toLowerCase());
    if (repository === undefined) throw new Error(`no repository ${name}: name it in startGithub({ repos })`);
    const scenario = createScenario(world, repository);
    const pushes = (files: Files, by: string, branch: string) => scenario.pushes(files, { by, branch });
    return { ...scenario, ...createWork(world, repository, pushes) };
  }

  async function settled(): Promise<void> {
    for (let seen = -1; ; ) {
      if (deliveries.inFlight === 0 && front.active === 0) {
        const flushed = deliveries.flush();
        if (!flushed && seen === front.count) return;
        seen = front.count;
        await setTimeout(QUIET);
      } else await setTimeout(1);
    }
  }

  return {
    ...at(repo),
    ...createInstallation(world, tokens.expire),
    url: front.url,
    fetch: front.fetch,
    app: {
      appId: app.id,
      privateKey: privateKey(),
      webhookSecret,
      slug: app.slug,
      installationId: app.installation,
    },
    at,
    deliverTo(...urls) {
      deliveries.to = urls;
    },
    deliveries: () => deliveries.all,
    redeliver: deliveries.redeliver,
    nextDelivery: deliveries.next,
    holdDeliveries: deliveries.hold,
    releaseDeliveries: deliveries.release,
    requests: () => log.all,
    forgetRequests: log.clear,
    fails: faults.add,
    leaveToChance(chance) {
      deliveries.fateOf = (delivery) => chance?.fateOf(delivery) ?? 'delivered';
      faults.byChance = (request) => chance?.failing(request) ?? null;
    },
    lag,
    expireTokens: tokens.expire,
    jobToken: tokens.ofJob,
    personToken: tokens.ofPerson,
    role(login, role) {
      world.roles.set(login, role);
    },
    team(name, members) {
      world.teams.set(name, new Set(members));
    },
    now: world.clock.now,
    settled,
    async close() {
      await front.close();
      await world.upstream.close();
    },
  };
}
