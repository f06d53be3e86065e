/** What the emulated GitHub remembers beside the emulator behind it. */
import type { components } from '@octokit/openapi-types';
import type {
  InstallationLite,
  Organization,
  Repository as RepositoryPayload,
  User,
  WebhookEventName,
} from '@octokit/webhooks-types';
import type { Clock } from './clock.ts';
import type { Deliveries } from './deliveries.ts';
import type { Permissions } from './permissions.ts';
import type { GithubResponse } from './response.ts';
import type { Upstream } from './upstream.ts';

/** The types that GitHub publishes for its REST API. */
export type Schema<K extends keyof components['schemas']> = components['schemas'][K];

export const ROLES = ['none', 'read', 'triage', 'write', 'maintain', 'admin'] as const;
export type Role = (typeof ROLES)[number];
/** A custom role of an organization is based on a built-in one. */
export type GivenRole = Role | { readonly name: string; readonly base: Role };

/** Who makes a request. */
export type Caller =
  | { readonly kind: 'person'; readonly login: string }
  /** `shownAs`: another CI's App, whose checks a test posts. */
  | {
      readonly kind: 'app';
      readonly slug: string;
      readonly permissions: Permissions;
      readonly shownAs?: string;
    }
  /** With an App's own JWT. */
  | { readonly kind: 'jwt'; readonly token: string };

export interface Rule {
  /** A glob of branch names: `main`, `gateway-rollout/**`. */
  readonly branches: string;
  readonly types: readonly ('creation' | 'update' | 'deletion' | 'pull_request' | 'required_signatures')[];
  /** Slugs of the Apps and logins of the people whom the ruleset lets pass. */
  readonly bypass: readonly string[];
}

export interface Reaction {
  readonly id: number;
  readonly content: Schema<'reaction'>['content'];
  readonly login: string;
  readonly createdAt: string;
}

export interface Variable {
  readonly name: string;
  readonly value: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface Environment {
  readonly id: number;
  readonly name: string;
  readonly createdAt: string;
  /** Logins of people who must approve a deployment. */
  reviewers: readonly string[];
  readonly variables: Map<string, Variable>;
}

export interface Dispatch {
  readonly event: string;
  readonly payload: unknown;
  readonly at: string;
}

export interface StoredDeployment {
  readonly deployment: Schema<'deployment'>;
  /** The newest last. */
  readonly statuses: Schema<'deployment-status'>[];
}

export interface StoredArtifact {
  readonly artifact: Schema<'artifact'>;
  readonly zip: Buffer;
}

export interface StoredRun {
  run: Schema<'workflow-run'>;
  readonly artifacts: StoredArtifact[];
  /** Of `workflow_dispatch`. */
  readonly inputs: Readonly<Record<string, unknown>>;
}

/**
 * What a server makes of `return_run_details`. `refused`: GitHub Enterprise Server up to 3.20; `ignored`: a server that
 * answers without a body.
 */
export type RunDetails = 'returned' | 'ignored' | 'refused';

/** One repository. Lists are in the order in which things were made. */
export interface Repository {
  readonly fullName: string;
  readonly isPrivate: boolean;
  /** By the path of their comment or issue, such as `issues/comments/7`. */
  readonly reactions: Map<string, Reaction[]>;
  readonly variables: Map<string, Variable>;
  readonly environments: Map<string, Environment>;
  readonly deployments: Map<number, StoredDeployment>;
  readonly dispatches: Dispatch[];
  readonly statuses: Map<string, Schema<'status'>[]>;
  readonly runs: StoredRun[];
  /** By file name, such as `staging.yml`. */
  readonly workflows: Map<string, Schema<'workflow'>>;
  /** Slug of the App by id of the check run. */
  readonly checkApps: Map<number, string>;
  readonly rules: Rule[];
  /** What happened to the branches, the oldest first. */
  readonly activities: Schema<'activity'>[];
  runDetails: RunDetails;
  /** For so long (milliseconds) lists leave out what was created. */
  listLag: number;
  /** Also those of deployments and refs. */
  allListsLag: boolean;
  /** Until when lists leave out an issue, a comment or a deployment by its id, or a ref by its name. */
  readonly unlisted: Map<number | string, number>;
  /** Issues that are no longer here, by number. */
  readonly gone: Map<number, 'deleted' | 'transferred'>;
  /** As webhooks show it; null until it is asked for, and after it was changed. */
  shown: RepositoryPayload | null;
  /** Commits that a push has reported. */
  readonly pushed: Set<string>;
}

export interface World {
  readonly url: string;
  readonly clock: Clock;
  readonly upstream: Upstream;
  readonly deliveries: Deliveries;
  readonly repositories: Map<string, Repository>;
  readonly roles: Map<string, GivenRole>;
  /** By `org/slug`. */
  readonly teams: Map<string, Set<string>>;
  readonly app: AppOfWorld;
  nextId(): number;
  /** A request's sender, as GitHub shows accounts. */
  userOf(caller: Caller): Promise<User>;
  user(login: string): Promise<User>;
  /** The workflow of a file such as `staging.yml`; created with the first request. */
  workflow(repository: Repository, file: string): Schema<'workflow'>;
  /** A request made on GitHub itself, in somebody's name: the routes and their webhooks, without the network. */
  act(caller: Caller, method: string, path: string, body?: unknown): Promise<GithubResponse>;
  /** Delivers a webhook to the App: what every payload has is added. */
  announce(
    repository: Repository | null,
    event: WebhookEventName,
    payload: object,
    sender: User,
  ): Promise<void>;
}

export interface AppOfWorld {
  readonly id: number;
  readonly slug: string;
  readonly installation: number;
  permissions: Permissions;
  /** Names of events that the App subscribed to; null: all. */
  readonly events: readonly string[] | null;
  installed: boolean;
}

/** What GitHub adds to every webhook of an App in a repository. */
export interface Common {
  readonly repository: RepositoryPayload;
  readonly organization: Organization;
  readonly sender: User;
  readonly installation: InstallationLite;
}

export const loginOf = (caller: Caller): string =>
  caller.kind === 'person' ? caller.login : caller.kind === 'app' ? `${caller.slug}[bot]` : 'app';
