/** A rollout as this process knows it: the state that it read last, changed by compare-and-swap. */
import { createHash } from 'node:crypto';
import { logMessage } from '../src/conversation/commit-message.ts';
import { renderIssue } from '../src/conversation/issue-body.ts';
import { stops } from '../src/conversation/parse-command.ts';
import type { RolloutView } from '../src/conversation/view.ts';
import { hasHeard } from '../src/rollout/applied-events.ts';
import { decide, type Transition } from '../src/rollout/decide.ts';
import { isRaise, isRollbackWrite, type PendingEffect } from '../src/rollout/effect.ts';
import type { RolloutEvent } from '../src/rollout/event.ts';
import { isQuietChange } from '../src/rollout/quiet-change.ts';
import type { Rollout } from '../src/rollout/road.ts';
import type { RolloutState } from '../src/rollout/state.ts';
import { readCommands } from './comments.ts';
import { isPassing, nullIfMissing, statusOf } from './http-status.ts';
import { tryPatiently } from './patience.ts';
import { RepositoryContext } from './repository-context.ts';
import type { OwnEffects } from './repository-memory.ts';
import type { BranchLog } from './state/activity.ts';
import { rulesOf } from './state/ruleset.ts';
import { rewound, type StateReadOptions, type StateVersion } from './state/store.ts';
import { readRollout, StateLost, StateRefused, Unheard, usableRollout } from './stored-rollout.ts';

/** More conflicts than other replicas can cause in a moment. */
const MOST_CONFLICTS = 20;
/** Milliseconds from one try to the next while GitHub's reads lag behind. */
const CATCH_UP = 1_000;

export class RolloutSession extends RepositoryContext {
  readonly ownEffects: OwnEffects;
  #rollout: Rollout;
  /** As the branch holds it; the rollout may be ahead by measurements that decided nothing. */
  #committed: RolloutState;
  #version: StateVersion;
  /**
   * Whether the state is known to be the newest. If not, nothing raises the share by itself, and of the effects that were
   * pending already only those that take traffic back are performed.
   */
  isNewest = true;
  #isCompared = false;
  #isReadAgain = false;
  /** GitHub's log of the branch, where it was read just before the state. */
  log: BranchLog | null = null;
  /** How many comments this session has posted on the rollout's issue. */
  posted = 0;
  #heard: StateVersion['heard'];
  /** What people said was read from the beginning, and is applied in its order. */
  hasHeard = false;
  /** Why the state on the branch is not trusted. Then this is the newest one that is known, and nothing is written. */
  lost: StateLost | null = null;
  protected isIssueStale: boolean;

  constructor(context: RepositoryContext, rollout: Rollout, version: StateVersion, isIssueStale = false) {
    super(context.services, context.repository);
    this.ownEffects = this.services.ownEffectsOf(this.rolloutId(rollout.state.name));
    this.#committed = rollout.state;
    this.#version = version;
    this.#rollout = this.#withUncommitted(rollout);
    this.isIssueStale = isIssueStale;
  }

  get rollout(): Rollout {
    return this.#rollout;
  }

  /** How often the state was written: a different number means that something happened in between. */
  get sequence(): number {
    return this.#version.sequence;
  }

  get version(): StateVersion {
    return this.#version;
  }

  /** What messages and the issue are rendered from. */
  get view(): RolloutView {
    const { isPrivate, defaultBranch } = this.repository;
    const namesShown = isPrivate || this.rollout.config.rollout.publish_names;
    return { ...this.rollout, defaultBranch, namesShown };
  }

  /** The issue's body for the current state. @param existing what people may have edited */
  issueBody(existing: string | null): string {
    return renderIssue(existing, { ...this.view, seal: this.store.seal(this.#version) });
  }

  /**
   * Applies the event by compare-and-swap: after a conflict, the other process's state is read and decided upon.
   * @returns whether a state was written
   * @throws {StateRefused} where GitHub refuses the commit
   * @throws {StateLost} where the other process's state is not usable
   */
  async commit(event: RolloutEvent): Promise<boolean> {
    const { now } = this.services;
    for (let conflicts = 0; conflicts <= MOST_CONFLICTS; conflicts += 1) {
      const finished = this.#finishedEffects();
      const before = this.#withoutEffects(finished);
      const transition = decide({ ...this.#rollout, state: before }, event, now());
      const isNew = transition.state !== before;
      // Finished replies wait for the next commit; a tick makes one for them.
      if (!isNew && !(event.kind === 'tick' && finished.length > 0)) return false;
      try {
        const outcome = await this.#tryToWrite(transition, event);
        if (outcome !== 'again') return outcome === 'written';
      } catch (error) {
        const back = transition.effects.filter(({ effect }) => isRollbackWrite(effect));
        if (back.length > 0) await this.takeBack(event.key, back);
        throw error;
      }
    }
    throw new StateRefused(`Other processes changed the state ${MOST_CONFLICTS} times in a row.`);
  }

  /** `held`: not to be written. `again`: the state was read again, so the decision is outdated. */
  async #tryToWrite(transition: Transition, event: RolloutEvent): Promise<'written' | 'held' | 'again'> {
    const { metrics, log, wait } = this.services;
    const { blob, name } = this.#version;
    await (transition.effects.some(({ effect }) => isRaise(effect))
      ? this.confirmRaise()
      : this.confirmNewest());
    if (this.#version.blob !== blob) return 'again';
    if (!this.isNewest && advancesByItself(transition, event)) return 'held';
    const { decision } = transition;
    if (event.kind === 'measured' && isQuietChange(this.#committed, transition.state)) {
      this.#keep(transition);
      return 'written';
    }
    const [before, after] = [this.#rollout.state, transition.state];
    const message = logMessage({ before, after, event, transition, ...this.#digest() });
    const written = await this.store.write(this.#versionToReplace(), after, message);
    if (written.kind === 'refused') throw new StateRefused(written.detail);
    if (written.kind === 'written') {
      this.#adopt(transition, written.version);
      metrics.decisions.inc({ kind: decision.kind, reason: decision.reasonCode });
      log.info({ rollout: name, event: event.key, decision }, 'decided');
      return 'written';
    }
    metrics.conflicts.inc();
    await this.readAgain();
    // GitHub still shows the state that the other process has replaced.
    if (this.#version.blob === blob) await wait(CATCH_UP);
    return 'again';
  }

  /** All comments were heard that the rollout's issue had then; later ones of this session need not be. */
  noteHeard({ at, comments }: NonNullable<StateVersion['heard']>): void {
    this.#heard = { at, comments: comments - this.posted };
  }

  #versionToReplace(): StateVersion {
    if (this.#heard === undefined) return this.#version;
    const { at, comments } = this.#heard;
    return { ...this.#version, heard: { at, comments: Math.max(0, comments + this.posted) } };
  }

  /** A rollback was decided and cannot be recorded now. */
  protected async takeBack(_key: string, _effects: readonly PendingEffect[]): Promise<void> {}

  /**
   * Before the share goes up: the state is the newest one, and it knows whatever people said to stop the rollout. What
   * was said while the state was not trusted is not in it.
   * @param isOwn false where another process decided upon it: that may be outdated, and GitHub's log may lag behind
   * @throws {Unheard}
   */
  async confirmRaise({ isOwn }: { readonly isOwn: boolean } = { isOwn: true }): Promise<void> {
    if (!isOwn && !this.#isReadAgain) {
      this.#isReadAgain = true;
      await this.readAgain();
    }
    await this.confirmNewest();
    const { state } = this.#rollout;
    if (this.hasHeard || state.issue === null) return;
    const said = await nullIfMissing(readCommands(this, state.issue));
    const missed = said?.commands.find(
      ({ command, comment }) => stops(command) && !hasHeard(state, comment.id),
    );
    if (missed !== undefined) throw new Unheard(`Comment ${missed.comment.id} was not heard yet.`);
    this.hasHeard = true;
  }

  /**
   * The issue and the branch can be put back together by everybody with write access, and another process may have
   * written what this one has not seen. So the state is compared with GitHub's own log of the branch when this process
   * opens the rollout for the first time, and before it writes.
   * @param isRequired what follows waits for the next tick where GitHub fails to show the log
   * @throws {StateLost} where an earlier state was put back
   */
  async confirmNewest(isRequired = true): Promise<void> {
    if (this.lost !== null) throw this.lost;
    if (this.#isCompared || (!isRequired && this.memory.compared.has(this.#version.name))) return;
    const { memory, services, repository } = this;
    const { name } = this.#version;
    try {
      await this.#compare();
      this.isNewest = true;
    } catch (error) {
      if (error instanceof StateLost || (isRequired && isPassing(error))) throw error;
      this.isNewest = false;
      if (isPassing(error)) return;
      // Only an older GitHub Enterprise Server has no such log; a ruleset serves as well.
      this.isNewest = statusOf(error) === 404 && (await rulesOf(repository, name)).holds;
      if (!this.isNewest) {
        const message = 'the log of the branch is not readable: no automatic advance';
        services.log.warn({ rollout: name, err: error }, message);
      }
    }
    this.#isCompared = true;
    if (this.isNewest) memory.compared.add(name);
    else memory.compared.delete(name);
  }

  /** GitHub's log and its branch may lag behind each other. */
  async #compare(): Promise<void> {
    const { wait, identity } = this.services;
    const login = await identity();
    let tries = 0;
    const attempt = async () => {
      tries += 1;
      if (tries > 1) await this.readAgain();
      const log = this.log ?? (await this.store.log(this.#version.name, login));
      this.log = null;
      return this.store.compare(this.#version, log);
    };
    const compared = await tryPatiently(wait, attempt, ({ kind }) => kind === 'unclear');
    if (compared.kind === 'newest') return;
    const { reason, detail } = rewound(this.#version, compared.newest);
    throw new StateLost(reason, detail);
  }

  /** @throws {StateLost} where the state is not usable any more */
  async readAgain(options: StateReadOptions = {}): Promise<void> {
    const read = await readRollout(this.store, this.#version.name, options, this.#rollout);
    this.#committed = read.rollout.state;
    this.#version = read.version;
    this.#rollout = this.#withUncommitted(read.rollout);
  }

  /** What this process measured since the state was written, unless another process has written since. */
  #withUncommitted(rollout: Rollout): Rollout {
    const kept = this.memory.uncommitted.get(rollout.state.name);
    return kept?.blob === this.#version.blob ? { ...rollout, state: kept.state } : rollout;
  }

  #keep({ state, decision }: Transition): void {
    const { blob } = this.#version;
    this.memory.uncommitted.set(state.name, { blob, state });
    this.#rollout = { ...this.#rollout, state };
    this.isIssueStale = true;
    this.services.metrics.decisions.inc({ kind: decision.kind, reason: decision.reasonCode });
  }

  #finishedEffects(): readonly string[] {
    return this.#rollout.state.pending.map(({ id }) => id).filter((id) => this.ownEffects.done.has(id));
  }

  #withoutEffects(ids: readonly string[]): RolloutState {
    const { config, state } = this.#rollout;
    return ids.reduce((before, id) => {
      const event = { kind: 'effect_done', key: `done:${id}`, id } as const;
      return decide({ config, state: before }, event, this.services.now()).state;
    }, state);
  }

  /** Identifies the evidence that the decision was made from. */
  #digest(): { readonly digest?: string } {
    const { evidence } = this.#rollout.state.stage;
    if (evidence === null) return {};
    return { digest: createHash('sha256').update(JSON.stringify(evidence)).digest('hex').slice(0, 16) };
  }

  #adopt(transition: Transition, version: StateVersion): void {
    const rollout = usableRollout(transition.state, this.#rollout);
    for (const effect of transition.effects) this.ownEffects.add(effect);
    this.ownEffects.prune(transition.state);
    this.memory.uncommitted.delete(rollout.state.name);
    this.#committed = rollout.state;
    this.#rollout = rollout;
    this.#version = version;
    this.isIssueStale = true;
  }
}

function advancesByItself({ decision }: Transition, { kind }: RolloutEvent): boolean {
  const isForward = decision.kind === 'advance' || decision.kind === 'complete';
  return isForward && kind !== 'command';
}
