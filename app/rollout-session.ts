/** A rollout as this process holds it: what it read last, moved on by compare-and-swap. */
import { createHash } from 'node:crypto';
import { logMessage } from '../src/conversation/commit-message.ts';
import { decide, type Transition } from '../src/rollout/decide.ts';
import type { RolloutEvent } from '../src/rollout/event.ts';
import type { Rollout } from '../src/rollout/road.ts';
import type { RolloutState } from '../src/rollout/state.ts';
import type { Repository } from './repository.ts';
import type { OwnEffects, Services } from './services.ts';
import type { ReadOptions, StateStore, StateVersion } from './state/store.ts';
import { CONFIG_UNREADABLE, rolloutOf, StateLost, StateRefused } from './stored-rollout.ts';

/** Others that are faster again and again would need this many commits in a moment. */
const MOST_CONFLICTS = 20;

export class RolloutSession {
  readonly ownEffects: OwnEffects;
  readonly #services: Services;
  readonly #store: StateStore;
  #rollout: Rollout;
  #version: StateVersion;
  #moved: boolean;

  /** @param moved whether the issue shows an older state than this one */
  constructor(
    services: Services,
    repository: Repository,
    rollout: Rollout,
    version: StateVersion,
    moved = false,
  ) {
    this.ownEffects = services.deedsOf(repository, rollout.state.name);
    this.#services = services;
    this.#store = services.storeOf(repository);
    this.#rollout = rollout;
    this.#version = version;
    this.#moved = moved;
  }

  get rollout(): Rollout {
    return this.#rollout;
  }

  get version(): StateVersion {
    return this.#version;
  }

  /** The state was written since the issue was, so that the issue shows an older one. */
  get isMoved(): boolean {
    return this.#moved;
  }

  /** The issue shows this state now. */
  markShown(): void {
    this.#moved = false;
  }

  /** What the issue holds of this version; see {@link StateStore.seal}. */
  seal(): ReturnType<StateStore['seal']> {
    return this.#store.seal(this.#version);
  }

  /** The sequence number that a seal on the issue tells; see {@link StateStore.shownSequence}. */
  shownSequence(seal: Parameters<StateStore['shownSequence']>[1]): number | null {
    return this.#store.shownSequence(this.#version.name, seal);
  }

  /**
   * Compare-and-swap: where somebody was faster, their state is read and decided upon.
   * @returns whether anything was written
   * @throws {StateRefused} where the branch takes no commit
   * @throws {StateLost} where somebody else's state cannot be used
   */
  async commit(event: RolloutEvent): Promise<boolean> {
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
      if (written.kind === 'refused') throw new StateRefused(written.detail, transition.effects);
      if (written.kind === 'written') {
        this.#adopt(transition, written.version);
        const { decision } = transition;
        metrics.decision(decision.kind, decision.reasonCode);
        log.info({ rollout: this.#version.name, event: event.key, decision }, 'decided');
        return true;
      }
      metrics.conflict();
      await this.readAgain();
    }
    throw new StateRefused(`Others changed the state ${MOST_CONFLICTS} times in a moment.`, []);
  }

  /** The state without the replies that this process has done. */
  #withoutDone(): { readonly state: RolloutState; readonly ids: readonly string[] } {
    const { config } = this.#rollout;
    const ids = this.#rollout.state.pending.map(({ id }) => id).filter((id) => this.ownEffects.done.has(id));
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
    for (const effect of transition.effects) this.ownEffects.own(effect);
    this.ownEffects.keep(transition.state);
    this.#rollout = rollout;
    this.#version = version;
    this.#moved = true;
  }

  /** @throws {StateLost} where the state cannot be used any more */
  async readAgain(options: ReadOptions = {}): Promise<void> {
    const read = await this.#store.read(this.#version.name, options);
    if (read.kind === 'missing') throw new StateLost('missing', 'the branch of the state was deleted');
    if (read.kind === 'invalid') throw new StateLost(read.reason, read.detail);
    const rollout = rolloutOf(read.state, this.#rollout);
    if (rollout === null) throw new StateLost('broken', CONFIG_UNREADABLE);
    this.#rollout = rollout;
    this.#version = read.version;
  }
}
