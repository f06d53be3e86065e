/**
 * Drives one rollout: reads its state, decides, writes it if nobody was faster, and does what it lists as pending.
 * Handlers and the tick say what happened; what follows from it is decided by rollout/ alone.
 */
import { createHash } from 'node:crypto';
import { decide, type Transition } from '../src/rollout/decide.ts';
import { dueEffects } from '../src/rollout/due.ts';
import type { Effect, PendingEffect } from '../src/rollout/effect.ts';
import type { RolloutEvent } from '../src/rollout/event.ts';
import { parseIssue, renderIssue } from '../src/rollout/issue-body.ts';
import { logMessage } from '../src/rollout/log-line.ts';
import type { Rollout } from '../src/rollout/road.ts';
import type { RolloutState } from '../src/rollout/state.ts';
import { balanceWarning } from './balance.ts';
import { type Outcome, performEffect, targetAt, viewOf } from './effects.ts';
import { type IssueLook, lookAtIssue, writeBody } from './issue.ts';
import type { Repository } from './repository.ts';
import type { Deeds, Services } from './services.ts';
import type { InvalidReason, ReadOptions, StateStore, StateVersion } from './state.ts';
import { CONFIG_UNREADABLE, rolloutOf, StateLost, StateRefused } from './stored-rollout.ts';

export type OpenedRollout =
  | { readonly kind: 'driver'; readonly driver: Driver }
  | { readonly kind: 'missing' }
  | { readonly kind: 'invalid'; readonly reason: InvalidReason; readonly detail: string };

/** Others that are faster again and again would need this many commits in a moment. */
const MOST_CONFLICTS = 20;
/** After this time another process is believed to be dead, and its effects are done here (milliseconds). */
const GRACE = 90_000;

/** Reads the rollout. Callers hold the turn of {@link Services.turns}. */
export async function openRollout(
  services: Services,
  repository: Repository,
  name: string,
  options: ReadOptions = {},
): Promise<OpenedRollout> {
  const store = services.storeOf(repository);
  const read = await store.read(name, options);
  if (read.kind !== 'state') return read;
  const rollout = rolloutOf(read.state);
  if (rollout === null) return { kind: 'invalid', reason: 'broken', detail: CONFIG_UNREADABLE };
  const driver = new Driver(services, repository, store, rollout, read.version);
  return { kind: 'driver', driver };
}

/** Of a rollout that this process has just begun. */
export function driverOfNew(
  services: Services,
  repository: Repository,
  rollout: Rollout,
  version: StateVersion,
  effects: readonly PendingEffect[],
): Driver {
  const deeds = services.deedsOf(repository, rollout.state.name);
  for (const { id } of effects) deeds.mine.add(id);
  return new Driver(services, repository, services.storeOf(repository), rollout, version, true);
}

export class Driver {
  readonly #services: Services;
  readonly #repository: Repository;
  readonly #store: StateStore;
  readonly #deeds: Deeds;
  #rollout: Rollout;
  #version: StateVersion;
  /** The state was written since the issue was, so that the issue shows an older one. */
  #moved: boolean;

  constructor(
    services: Services,
    repository: Repository,
    store: StateStore,
    rollout: Rollout,
    version: StateVersion,
    moved = false,
  ) {
    this.#services = services;
    this.#repository = repository;
    this.#store = store;
    this.#rollout = rollout;
    this.#version = version;
    this.#moved = moved;
    this.#deeds = services.deedsOf(repository, rollout.state.name);
  }

  get rollout(): Rollout {
    return this.#rollout;
  }

  /** How often the state was written: another number means that something happened in between. */
  get sequence(): number {
    return this.#version.sequence;
  }

  /**
   * The issue shows a newer state than the one at hand: reads again.
   * @throws {StateLost} where the branch has no newer one, so that it was put back
   */
  async catchUp(shown: number): Promise<void> {
    if (shown > this.#version.sequence) await this.#readAgain({ shown });
  }

  /** Lets something happen to the rollout, and does what follows from it. */
  async happen(event: RolloutEvent): Promise<void> {
    await this.#commit(event);
    await this.perform();
  }

  /** Does what may be done now, until nothing is left that this process should do. */
  async perform(): Promise<void> {
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
      const isFirst = next.tries === 0 && this.#deeds.mine.has(next.id) && !this.#deeds.tried.has(next.id);
      this.#deeds.tried.add(next.id);
      tries.set(next.id, (tries.get(next.id) ?? 0) + 1);
      const outcome = await performEffect(next, {
        services: this.#services,
        repository: this.#repository,
        rollout: this.#rollout,
        issueBody: () => this.#body(null),
        mayBeDone: !isFirst,
      });
      await this.#tellOutcome(next, outcome);
      if (next.effect.kind === 'write_traffic') {
        await this.#mendTraffic(next.effect.target, next.effect.generation);
      }
    }
  }

  /**
   * What another process left undone, and what would be there twice if two did it, is taken over by a commit: of
   * several that find it, one has it.
   */
  async #isTaken({ id, effect, takenAt }: PendingEffect): Promise<boolean> {
    const { mine, tried } = this.#deeds;
    if (mine.has(id) || !makesSomethingNew(effect)) return true;
    const isTaken = await this.#commit({ kind: 'effect_taken', key: `taken:${id}:${takenAt}`, id, takenAt });
    if (!isTaken) return false;
    mine.add(id);
    tried.add(id);
    return true;
  }

  /** Before the share goes up: whether the gateway's money will last. It never keeps the share from going up. */
  async #lookAtBalance({ id }: PendingEffect): Promise<void> {
    const { balance, log } = this.#services;
    if (balance === null) return;
    const warning = await balanceWarning(balance, this.#rollout);
    if (warning === null) return;
    const code = 'low_balance';
    const key = `${code}:${id}`;
    if (warning === '') {
      await this.#commit({ kind: 'alert_gone', key, code });
      return;
    }
    log.warn({ rollout: this.#version.name, warning }, 'the balance of the gateway is low');
    await this.#commit({ kind: 'alert', key, code, detail: warning });
  }

  /**
   * Brings the issue's body up to date: after the state moved, or where somebody may have changed it.
   * @param look what the issue holds, where that was read in this very moment
   * @returns false where there is no such issue any more
   */
  async showOnIssue(options: { readonly always: boolean; readonly look?: IssueLook }): Promise<boolean> {
    const { issue } = this.#rollout.state;
    if (issue === null || (!options.always && !this.#moved)) return true;
    // Read once more just before writing: what people added meanwhile stays.
    const isFresh = options.look !== undefined && !this.#moved;
    const body = isFresh ? options.look?.body : (await lookAtIssue(this.#repository, issue))?.value.body;
    if (body === undefined) return false;
    const shown = this.#store.shownSequence(this.#version.name, parseIssue(body)?.seal ?? null);
    if (shown !== null && shown > this.#version.sequence) return true;
    const next = this.#body(body);
    if (next !== body) await writeBody(this.#repository, issue, next);
    this.#moved = false;
    return true;
  }

  #body(existing: string | null): string {
    return renderIssue(existing, {
      ...viewOf(this.#repository, this.#rollout),
      seal: this.#store.seal(this.#version),
    });
  }

  /**
   * Compare-and-swap: where somebody was faster, their state is read and decided upon.
   * @returns whether anything was written
   */
  async #commit(event: RolloutEvent): Promise<boolean> {
    const { metrics, log } = this.#services;
    for (let conflicts = 0; conflicts <= MOST_CONFLICTS; conflicts += 1) {
      const cleared = this.#withoutDone();
      const transition = decide({ ...this.#rollout, state: cleared.state }, event, this.#services.now());
      const isNew = transition.state !== cleared.state;
      // Done replies wait for the next commit; a tick has time to make one for them.
      const isDue = isNew || (event.kind === 'tick' && cleared.ids.length > 0);
      if (!isDue) return false;
      const written = await this.#store.write(
        this.#version,
        transition.state,
        logMessage({
          before: this.#rollout.state,
          after: transition.state,
          event,
          transition,
          ...this.#digest(),
        }),
      );
      if (written.kind === 'refused') throw new StateRefused(written.detail);
      if (written.kind === 'written') {
        this.#adopt(transition, written.version);
        const { decision } = transition;
        if (decision !== null) metrics.decision(decision.kind, decision.reasonCode);
        log.info({ rollout: this.#version.name, event: event.key, decision }, 'decided');
        return true;
      }
      metrics.conflict();
      await this.#readAgain();
    }
    throw new StateRefused(`others changed the state ${MOST_CONFLICTS} times in a moment`);
  }

  /** The state without the replies that this process has done. */
  #withoutDone(): { readonly state: RolloutState; readonly ids: readonly string[] } {
    const { config } = this.#rollout;
    const ids = this.#rollout.state.pending.map(({ id }) => id).filter((id) => this.#deeds.done.has(id));
    const state = ids.reduce((before, id) => {
      const event = { kind: 'effect_done', key: `done:${id}`, id } as const;
      return decide({ config, state: before }, event, this.#services.now()).state;
    }, this.#rollout.state);
    return { state, ids };
  }

  /** Names the evidence that the decision was made from. */
  #digest(): { readonly digest?: string } {
    const { evidence } = this.#rollout.state.stage;
    if (evidence === null) return {};
    return { digest: createHash('sha256').update(JSON.stringify(evidence)).digest('hex').slice(0, 16) };
  }

  #adopt(transition: Transition, version: StateVersion): void {
    const rollout = rolloutOf(transition.state, this.#rollout);
    if (rollout === null) throw new StateLost('broken', CONFIG_UNREADABLE);
    for (const { id } of transition.effects) this.#deeds.mine.add(id);
    this.#deeds.keep(transition.state);
    this.#rollout = rollout;
    this.#version = version;
    this.#moved = true;
  }

  async #readAgain(options: ReadOptions = {}): Promise<void> {
    const read = await this.#store.read(this.#version.name, options);
    if (read.kind === 'missing') throw new StateLost('missing', 'the branch of the state was deleted');
    if (read.kind === 'invalid') throw new StateLost(read.reason, read.detail);
    const rollout = rolloutOf(read.state, this.#rollout);
    if (rollout === null) throw new StateLost('broken', CONFIG_UNREADABLE);
    this.#rollout = rollout;
    this.#version = read.version;
  }

  /** Another process that lives does its own effects; the idle time of a dead one's is short. */
  #nextEffect(isLeft: (effect: PendingEffect) => boolean): PendingEffect | null {
    const { mine, done } = this.#deeds;
    const isOurs = ({ id, since, takenAt }: PendingEffect) =>
      mine.has(id) || this.#services.now() - (takenAt ?? since) > GRACE;
    const due = dueEffects(this.#rollout.state);
    return due.find((each) => !done.has(each.id) && isLeft(each) && isOurs(each)) ?? null;
  }

  async #tellOutcome({ id, effect }: PendingEffect, outcome: Outcome): Promise<void> {
    const isReply = effect.kind === 'comment' || effect.kind === 'react';
    const { log } = this.#services;
    if (outcome.kind === 'failed') {
      const { final, detail } = outcome;
      log.warn({ rollout: this.#version.name, effect: effect.kind, id, final, detail }, 'effect failed');
      if (isReply && !final) return;
      await this.#commit({
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
      await this.#commit({ kind: 'issue_opened', key: `opened:${issue}`, issue });
      return;
    }
    if (isReply) {
      this.#deeds.done.add(id);
      return;
    }
    const { verified } = outcome;
    const event = { kind: 'effect_done', key: `done:${id}`, id } as const;
    await this.#commit(verified === undefined ? event : { ...event, verified });
  }

  /**
   * While this process wrote, another one may have moved the rollout on: then the target holds shares of the past, and
   * gets the present ones again.
   */
  async #mendTraffic(index: number, written: number): Promise<void> {
    for (let generation = written; ; ) {
      const { stage } = this.#rollout.state;
      const { shares, purpose, generation: present } = stage.traffic;
      const about = { services: this.#services, repository: this.#repository, rollout: this.#rollout };
      const target = targetAt(about, index);
      if (present <= generation || target === null) return;
      generation = present;
      await target.write(shares, { rollout: this.#version.name, stage: stage.label, generation, purpose });
      await this.#readAgain();
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
