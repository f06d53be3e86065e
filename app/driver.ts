/**
 * Drives one rollout: applies events to its state, performs the effects that the state lists, and shows the outcome on
 * the issue. Handlers and the tick report what happened; rollout/ alone decides what follows.
 */
import { sealOn } from '../src/conversation/issue-body.ts';
import type { PendingEffect } from '../src/rollout/effect.ts';
import type { RolloutEvent } from '../src/rollout/event.ts';
import { readIssue, writeBody } from './issue.ts';
import { performPending } from './perform.ts';
import { RolloutSession } from './rollout-session.ts';
import { isNewer } from './state/memory.ts';
import type { StateOrder } from './state/signature.ts';
import { type TakenBack, takeBack } from './take-back.ts';

export class Driver extends RolloutSession {
  /** A rollback that could not be recorded. */
  takenBack: TakenBack | null = null;

  /**
   * Reads the state again where the issue shows a newer one than this process has.
   * @param body of the issue
   * @throws {StateLost} where the branch has no newer one: an earlier state was put back
   */
  async catchUp(body: string): Promise<void> {
    const shown = this.#stateOn(body);
    if (shown !== null && isNewer(shown, this.version)) await this.readAgain({ shown });
  }

  /** Applies the event to the rollout, and performs the effects that follow from it. */
  async apply(event: RolloutEvent): Promise<void> {
    await this.commit(event);
    await this.perform();
  }

  /** Performs the pending effects that this process may perform now. */
  perform(): Promise<void> {
    return performPending(this);
  }

  protected override async takeBack(key: string, effects: readonly PendingEffect[]): Promise<void> {
    this.takenBack = await takeBack(this, key, effects);
  }

  /**
   * Updates the issue's body if the state has changed.
   * @param always also where only people may have edited the body
   * @returns false where the issue does not exist any more
   */
  async showOnIssue({ always }: { readonly always: boolean }): Promise<boolean> {
    const { issue } = this.rollout.state;
    if (issue === null || (!always && !this.isIssueStale)) return true;
    // Read just before writing, so that edits made in the meantime stay.
    const body = (await readIssue(this.repository, issue))?.body;
    if (body === undefined) return false;
    const shown = this.#stateOn(body);
    if (shown !== null && isNewer(shown, this.version)) return true;
    const next = this.issueBody(body);
    if (next !== body) await writeBody(this.repository, issue, next);
    this.isIssueStale = false;
    return true;
  }

  #stateOn(body: string): StateOrder | null {
    return this.store.shownState(this.rollout.state.name, sealOn(body));
  }
}
