/**
 * Drives one rollout: reads its state, decides, writes it if nobody was faster, and does what it lists as pending.
 * Handlers and the tick say what happened; what follows from it is decided by rollout/ alone.
 */

import { renderIssue, sealOn } from '../src/conversation/issue-body.ts';
import type { PendingEffect } from '../src/rollout/effect.ts';
import type { RolloutEvent } from '../src/rollout/event.ts';
import type { Rollout } from '../src/rollout/road.ts';
import { viewOf } from './effects.ts';
import { type IssueReading, lookAtIssue, writeBody } from './issue.ts';
import { Performer } from './perform.ts';
import type { Repository } from './repository.ts';
import { RolloutSession } from './rollout-session.ts';
import type { Services } from './services.ts';
import type { InvalidReason } from './state/envelope.ts';
import type { ReadOptions, StateVersion } from './state/store.ts';
import { CONFIG_UNREADABLE, rolloutOf } from './stored-rollout.ts';

export type OpenedRollout =
  | { readonly kind: 'driver'; readonly driver: Driver }
  | { readonly kind: 'missing' }
  | { readonly kind: 'invalid'; readonly reason: InvalidReason; readonly detail: string };

/** Reads the rollout. Callers hold the turn of {@link Services.turns}. */
export async function openRollout(
  services: Services,
  repository: Repository,
  name: string,
  options: ReadOptions = {},
): Promise<OpenedRollout> {
  const read = await services.storeOf(repository).read(name, options);
  if (read.kind !== 'state') return read;
  const rollout = rolloutOf(read.state);
  if (rollout === null) return { kind: 'invalid', reason: 'broken', detail: CONFIG_UNREADABLE };
  const held = new RolloutSession(services, repository, rollout, read.version);
  return { kind: 'driver', driver: new Driver(services, repository, held) };
}

/** Of a rollout that this process has just begun. */
export function driverOfNew(
  services: Services,
  repository: Repository,
  rollout: Rollout,
  version: StateVersion,
  effects: readonly PendingEffect[],
): Driver {
  const held = new RolloutSession(services, repository, rollout, version, true);
  for (const effect of effects) held.ownEffects.own(effect);
  return new Driver(services, repository, held);
}

export class Driver {
  readonly #repository: Repository;
  readonly #held: RolloutSession;
  readonly #performer: Performer;

  constructor(services: Services, repository: Repository, held: RolloutSession) {
    this.#repository = repository;
    this.#held = held;
    this.#performer = new Performer(services, repository, held, () => this.#body(null));
  }

  get rollout(): Rollout {
    return this.#held.rollout;
  }

  /** How often the state was written: another number means that something happened in between. */
  get sequence(): number {
    return this.#held.version.sequence;
  }

  /**
   * Reads again where the issue shows a newer state than the one at hand.
   * @param body of the issue
   * @throws {StateLost} where the branch has no newer one, so that it was put back
   */
  async catchUp(body: string): Promise<void> {
    const shown = this.#held.shownSequence(sealOn(body));
    if (shown !== null && shown > this.sequence) await this.#held.readAgain({ shown });
  }

  /** Lets something happen to the rollout, and does what follows from it. */
  async happen(event: RolloutEvent): Promise<void> {
    await this.#held.commit(event);
    await this.perform();
  }

  /** Does what may be done now, until nothing is left that this process should do. */
  perform(): Promise<void> {
    return this.#performer.perform();
  }

  /**
   * Brings the issue's body up to date: after the state moved, or where somebody may have changed it.
   * @param look what the issue holds, where that was read in this very moment
   * @returns false where there is no such issue any more
   */
  async showOnIssue(options: { readonly always: boolean; readonly look?: IssueReading }): Promise<boolean> {
    const { issue } = this.#held.rollout.state;
    if (issue === null || (!options.always && !this.#held.isMoved)) return true;
    // Read once more just before writing: what people added meanwhile stays.
    const isFresh = options.look !== undefined && !this.#held.isMoved;
    const body = isFresh ? options.look?.body : (await lookAtIssue(this.#repository, issue))?.value.body;
    if (body === undefined) return false;
    const shown = this.#held.shownSequence(sealOn(body));
    if (shown !== null && shown > this.sequence) return true;
    const next = this.#body(body);
    if (next !== body) await writeBody(this.#repository, issue, next);
    this.#held.markShown();
    return true;
  }

  #body(existing: string | null): string {
    return renderIssue(existing, {
      ...viewOf(this.#repository, this.#held.rollout),
      seal: this.#held.seal(),
    });
  }
}
