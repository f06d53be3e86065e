/** Which of the pending effects may be done now. */
import type { Effect, PendingEffect } from './effect.ts';
import type { RolloutState } from './state.ts';

/**
 * The pending effects that wait for nothing, in the order in which they have to be done: what takes traffic back
 * first. A target is not pending before the one in front of it was written; what is said on the rollout's issue waits
 * for the issue.
 */
export function dueEffects({ pending, issue }: RolloutState): readonly PendingEffect[] {
  return pending.filter(({ effect }) => issue !== null || !needsIssue(effect));
}

function needsIssue(effect: Effect): boolean {
  if (effect.kind === 'comment') return effect.issue === null;
  return effect.kind === 'close_issue' || effect.kind === 'reopen_issue';
}
