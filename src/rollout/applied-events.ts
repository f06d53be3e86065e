/** Which events were already applied: GitHub delivers some twice, or late. */
import type { CommandEvent, RolloutEvent } from './event.ts';
import type { Applied, RolloutState } from './state.ts';

const KEYS_KEPT = 300;
const COMMENTS_KEPT = 300;

export const NOTHING_APPLIED: Applied = { keys: [], comments: [], allUpTo: 0 };

/** Whether the event has changed this state before. */
export function isApplied(state: Pick<RolloutState, 'applied'>, event: RolloutEvent): boolean {
  const { keys } = state.applied;
  return isCommented(event) ? hasHeard(state, event.comment) : keys.includes(event.key);
}

function isCommented(event: RolloutEvent): event is CommandEvent & { readonly comment: number } {
  return event.kind === 'command' && event.comment !== null;
}

/** Whether the command in that comment was answered. */
export function hasHeard({ applied }: Pick<RolloutState, 'applied'>, comment: number): boolean {
  return comment <= applied.allUpTo || applied.comments.includes(comment);
}

/**
 * Remembers an event. Comment numbers rise, so the highest forgotten one is kept, and every comment up to it counts as
 * applied.
 */
export function remember(applied: Applied, event: RolloutEvent): Applied {
  if (isCommented(event)) {
    const comments = [...applied.comments, event.comment].sort((a, b) => a - b);
    const forgotten = comments.slice(0, -COMMENTS_KEPT);
    const allUpTo = Math.max(applied.allUpTo, forgotten.at(-1) ?? 0);
    return { ...applied, comments: comments.slice(-COMMENTS_KEPT), allUpTo };
  }
  // An effect that is done is no longer pending, so a second report changes nothing.
  if (event.kind === 'effect_done' || event.kind === 'issue_opened') return applied;
  return { ...applied, keys: [...applied.keys, event.key].slice(-KEYS_KEPT) };
}
