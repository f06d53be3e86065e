/** Does what a state lists as pending, as far as this process should, and tells the rollout how it went. */

import type { Effect, PendingEffect } from '../src/rollout/effect.ts';
import { dueEffects } from '../src/rollout/state.ts';
import { balanceWarning } from './balance.ts';
import { type Outcome, performEffect, targetAt } from './effects.ts';
import type { Repository } from './repository.ts';
import type { RolloutSession } from './rollout-session.ts';
import type { Services } from './services.ts';

/** After this time another process is believed to be dead, and its effects are done here (milliseconds). */
const GRACE = 90_000;

export class Performer {
  readonly #services: Services;
  readonly #repository: Repository;
  readonly #held: RolloutSession;
  readonly #issueBody: () => string;

  /** @param issueBody of the issue, as the present state shows it */
  constructor(services: Services, repository: Repository, held: RolloutSession, issueBody: () => string) {
    this.#services = services;
    this.#repository = repository;
    this.#held = held;
    this.#issueBody = issueBody;
  }

  /** Does what may be done now, until nothing is left that this process should do. */
  async perform(): Promise<void> {
    const { tried } = this.#held.ownEffects;
    const tries = new Map<string, number>();
    const looked = new Set<string>();
    const isLeft = ({ id, effect }: PendingEffect) => (tries.get(id) ?? 0) < mostTries(effect);
    for (let next = this.#nextEffect(isLeft); next !== null; next = this.#nextEffect(isLeft)) {
      if (beginsRaise(next) && !looked.has(next.id)) {
        looked.add(next.id);
        await this.#lookAtBalance(next);
        continue;
      }
      if (!(await this.#isTaken(next))) {
        tries.set(next.id, Number.POSITIVE_INFINITY);
        continue;
      }
      const isFirst = next.tries === 0 && !tried.has(next.id);
      tried.add(next.id);
      tries.set(next.id, (tries.get(next.id) ?? 0) + 1);
      const outcome = await performEffect(next, {
        services: this.#services,
        repository: this.#repository,
        rollout: this.#held.rollout,
        issueBody: this.#issueBody,
        mayBeDone: !isFirst,
      });
      await this.#tellOutcome(next, outcome);
      if (next.effect.kind === 'write_traffic') {
        await this.#mendTraffic(next.effect.target, next.effect.generation);
      }
    }
  }

  /**
   * What would be there twice if two did it, and was left undone for so long that others may do it, is taken over by a
   * commit: of several that find it, one has it. That holds for the process that left it, too.
   */
  async #isTaken(pending: PendingEffect): Promise<boolean> {
    const { id, effect, takenAt } = pending;
    const { ownEffects } = this.#held;
    if (!makesSomethingNew(effect) || (ownEffects.isMine(pending) && !this.#isFree(pending))) return true;
    const isTaken = await this.#held.commit({
      kind: 'effect_taken',
      key: `taken:${id}:${takenAt}`,
      id,
      takenAt,
    });
    const taken = this.#held.rollout.state.pending.find((each) => each.id === id);
    if (!isTaken || taken === undefined) return false;
    ownEffects.own(taken);
    ownEffects.tried.add(id);
    return true;
  }

  /** Before the share goes up: whether the gateway's money will last. It never keeps the share from going up. */
  async #lookAtBalance({ id }: PendingEffect): Promise<void> {
    const { balance, log } = this.#services;
    if (balance === null) return;
    const warning = await balanceWarning(balance, this.#held.rollout);
    if (warning === null) return;
    const code = 'low_balance';
    const key = `${code}:${id}`;
    if (warning === '') {
      await this.#held.commit({ kind: 'alert_gone', key, code });
      return;
    }
    log.warn({ rollout: this.#held.version.name, warning }, 'the balance of the gateway is low');
    await this.#held.commit({ kind: 'alert', key, code, detail: warning });
  }

  /** Another process that lives does its own effects; the idle time of a dead one's is short. */
  #nextEffect(isLeft: (effect: PendingEffect) => boolean): PendingEffect | null {
    const { ownEffects, rollout } = this.#held;
    const isOurs = (each: PendingEffect) => ownEffects.isMine(each) || this.#isFree(each);
    const due = dueEffects(rollout.state);
    return due.find((each) => !ownEffects.done.has(each.id) && isLeft(each) && isOurs(each)) ?? null;
  }

  #isFree({ since, takenAt }: PendingEffect): boolean {
    return this.#services.now() - (takenAt ?? since) > GRACE;
  }

  async #tellOutcome({ id, effect }: PendingEffect, outcome: Outcome): Promise<void> {
    const isReply = effect.kind === 'comment' || effect.kind === 'react';
    const { log } = this.#services;
    if (outcome.kind === 'failed') {
      const { final, detail } = outcome;
      log.warn({ rollout: this.#held.version.name, effect: effect.kind, id, final, detail }, 'effect failed');
      if (isReply && !final) return;
      await this.#held.commit({
        kind: 'effect_failed',
        key: `failed:${id}:${this.#services.now()}`,
        id,
        detail,
        final,
      });
      return;
    }
    if (outcome.kind === 'opened') {
      const { issue } = outcome;
      await this.#held.commit({ kind: 'issue_opened', key: `opened:${issue}`, issue });
      return;
    }
    if (isReply) {
      this.#held.ownEffects.done.add(id);
      return;
    }
    const { verified } = outcome;
    const event = { kind: 'effect_done', key: `done:${id}`, id } as const;
    await this.#held.commit(verified === undefined ? event : { ...event, verified });
  }

  /**
   * While this process wrote, another one may have moved the rollout on: then the target holds shares of the past, and
   * gets the present ones again.
   */
  async #mendTraffic(index: number, written: number): Promise<void> {
    for (let generation = written; ; ) {
      const { stage } = this.#held.rollout.state;
      const { shares, purpose, generation: present } = stage.traffic;
      const about = { services: this.#services, repository: this.#repository, rollout: this.#held.rollout };
      const target = targetAt(about, index);
      if (present <= generation || target === null) return;
      generation = present;
      await target.write(shares, {
        rollout: this.#held.version.name,
        stage: stage.label,
        generation,
        purpose,
      });
      await this.#held.readAgain();
    }
  }
}

/** The first write of a larger share. */
function beginsRaise({ effect, tries }: PendingEffect): boolean {
  return (
    effect.kind === 'write_traffic' && effect.purpose === 'advance' && effect.target === 0 && tries === 0
  );
}

function makesSomethingNew({ kind }: Effect): boolean {
  return kind === 'open_issue' || kind === 'comment';
}

/** What is said is tried again at once, by looking whether it got through; a failed target is counted by the state. */
function mostTries({ kind }: Effect): number {
  return kind === 'write_traffic' ? 1 : 3;
}
