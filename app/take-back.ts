/**
 * A rollback that cannot be recorded: GitHub refuses or fails the commit, or the state is not trusted. Traffic is taken
 * back all the same, and the rollout records it when it can.
 */
import type { PendingEffect } from '../src/rollout/effect.ts';
import { performEffect } from './effects.ts';
import { announceOnce } from './notice.ts';
import type { RolloutSession } from './rollout-session.ts';

export interface TakenBack {
  /** Of the event that the rollback was decided upon. */
  readonly key: string;
  /** Why targets still hold their share. */
  readonly refusals: readonly string[];
}

/** Once for each event in this process, unless a target refuses. */
export async function takeBack(
  session: RolloutSession,
  key: string,
  effects: readonly PendingEffect[],
): Promise<TakenBack> {
  const { takenBack } = session.memory;
  const id = `${session.rollout.state.name} ${key}`;
  const refusals: string[] = [];
  for (const effect of takenBack.has(id) ? [] : effects) {
    const outcome = await performEffect(session, effect, false);
    if (outcome.kind === 'failed') refusals.push(outcome.detail);
  }
  if (refusals.length === 0) takenBack.set(id, true);
  return { key, refusals };
}

/**
 * Reports it on the issue.
 * @param takenBack null where nothing had to be taken back
 * @param reason why the state cannot be written
 */
export async function reportUnrecorded(
  session: RolloutSession,
  takenBack: TakenBack | null,
  reason: string,
): Promise<void> {
  const { name, issue } = session.rollout.state;
  // The App's own sentence comes first: GitHub's words may be long, and are cut.
  const detail = `${outcomeOf(takenBack)} ${reason}`;
  const message = { code: 'alert', data: { alert: 'state_refused', detail } } as const;
  const about = takenBack === null ? 'state_refused' : `taken_back:${takenBack.key}`;
  await announceOnce(session, { rollout: name, issue, about, message });
}

function outcomeOf(takenBack: TakenBack | null): string {
  if (takenBack === null)
    return 'The rollout stays as it is until the App can write the branch; /rollback-rollout still takes the traffic back.';
  if (takenBack.refusals.length === 0)
    return 'The traffic was taken back anyway. The rollout records it once the App can write the branch again.';
  return `Not all traffic could be taken back. Take it back by hand now. ${takenBack.refusals.join(' ')}`;
}
