/** What the process remembers of a repository and its rollouts, to send fewer requests. */
import type { PendingEffect } from '../src/rollout/effect.ts';
import type { RolloutState } from '../src/rollout/state.ts';
import { BoundedMap } from './bounded-map.ts';
import { ConditionalCache } from './conditional.ts';
import { ConfigListing } from './config-in-repository.ts';
import type { IssueReading } from './issue.ts';
import type { Permissions } from './repository.ts';
import { Runs } from './runs.ts';

const MOST_NOTICES = 500;
const MOST_ISSUES = 100;
/** More than a list of the newest runs holds for each rollout. */
const MOST_RUNS = 1_000;

export class RepositoryMemory {
  readonly runs = new Runs();
  readonly configs = new ConfigListing();
  readonly issueLists = new ConditionalCache<readonly IssueReading[]>(1);
  /** By number: the issue as it was when all its comments were read. */
  readonly issues = new BoundedMap<number, string>(MOST_ISSUES);
  /** Rollouts that were seen; if one is missing later, it was deleted. */
  readonly rollouts = new Set<string>();
  /** Rollouts whose state was compared with GitHub's log of the branch. */
  readonly compared = new Set<string>();
  /** By rollout: a state that is ahead of the blob on the branch by measurements that decided nothing. */
  readonly uncommitted = new Map<string, { readonly blob: string; readonly state: RolloutState }>();
  /** Events whose rollback could not be recorded, and all of whose traffic was taken back. */
  readonly takenBack = new BoundedMap<string, true>(MOST_NOTICES);
  /** By workflow: when this process last tried to start it, in milliseconds since 1970. */
  readonly measuringAskedAt = new Map<string, number>();
  /** Runs whose measurements were read. */
  readonly readRuns = new BoundedMap<string, true>(MOST_RUNS);
  /** By path: the blob of a config that was read and started no rollout. */
  readonly idleConfigs = new Map<string, string>();
  /** By rollout: the commit of the default branch that its policy was checked against. */
  readonly policyCheckedAt = new Map<string, string>();
  /** This process has reconciled the repository before. */
  hasTicked = false;
  /** Permissions of the App in this repository; null where GitHub has not reported them. */
  granted: Permissions | null = null;
  /** Rollouts that this process started, or whose new config it applied, until their prerequisites are checked. */
  readonly newConfigs = new Set<string>();
  /** By rollout: the config and the permissions that were compared. */
  readonly prerequisites = new Map<string, string>();
  /** Notices, such as the one about a state that is not trusted, and when each may be posted again. */
  readonly announced = new BoundedMap<string, number>(MOST_NOTICES);
}

/** Effects of one rollout that this process started or finished. */
export class OwnEffects {
  /** Effects that this process committed or took over, each with the time when it took it; null for the former. */
  readonly #started = new Map<string, number | null>();
  /** When effects were tried last, in milliseconds since 1970. GitHub may have done them without a response. */
  readonly tried = new Map<string, number>();
  /** Replies that are posted; the next commit removes them from the state. */
  readonly done = new Set<string>();

  add({ id, takenAt }: PendingEffect): void {
    this.#started.set(id, takenAt);
  }

  /** Whether the effect belongs to this process: no other one has taken it over since. */
  has({ id, takenAt }: PendingEffect): boolean {
    return this.#started.get(id) === takenAt;
  }

  /** Forgets effects that are no longer pending. */
  prune({ pending }: RolloutState): void {
    const left = new Set(pending.map(({ id }) => id));
    for (const ids of [this.#started, this.tried, this.done]) {
      for (const id of ids.keys()) if (!left.has(id)) ids.delete(id);
    }
  }
}
