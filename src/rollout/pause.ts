/** Pausing and resuming, by a person or by the rollout itself. */
import type { Actor } from './actor.ts';
import type { Gap } from './gap.ts';
import type { PauseReason } from './reason.ts';
import { record, say, type Turn, withStatus } from './turn.ts';

interface About {
  readonly by: Actor | null;
  /** A person's words. */
  readonly words: string | null;
  readonly comment: number | null;
  readonly gap: Gap | null;
}

/** Pauses without a comment: the caller says why. */
function pauseQuietly(turn: Turn, reason: PauseReason, about: Partial<About> = {}): Turn {
  const { by = null, words = null, comment = null } = about;
  const paused = withStatus(turn, { kind: 'paused', reason, since: turn.now });
  return record(paused, 'paused', { by, comment, from: turn.state.stage.label, reason: words ?? reason });
}

/** Pauses a rollout that is progressing, without a comment. */
export function pauseIfRunning(turn: Turn, reason: PauseReason): Turn {
  return turn.state.status.kind === 'progressing' ? pauseQuietly(turn, reason) : turn;
}

/** Pauses and says so; mentions people unless a person asked for it. */
export function pause(turn: Turn, reason: PauseReason, about: Partial<About> = {}): Turn {
  const { by = null, words = null, gap = null } = about;
  const data = { stage: turn.state.stage.label, reason, by, words, gap };
  const message = { code: 'paused', data } as const;
  return say(pauseQuietly(turn, reason, about), by === null ? { ...message, mention: true } : message);
}

/** Pauses that end by themselves when their cause goes away. */
const SELF_ENDING = ['traffic_drifted', 'policy'] as const satisfies readonly PauseReason[];

/** A person pauses a rollout that is paused already: from now on it waits for a person, even if its cause goes away. */
export function waitForPerson(turn: Turn, reason: PauseReason, about: Partial<About>): Turn {
  const { status } = turn.state;
  const wouldEnd = status.kind === 'paused' && SELF_ENDING.some((each) => each === status.reason);
  return wouldEnd ? pauseQuietly(turn, reason, about) : turn;
}

/** The cause of the pause went away by itself: the rollout resumes, if it was paused for that reason. */
export function resumeAfter(turn: Turn, reason: (typeof SELF_ENDING)[number]): Turn {
  const { status, stage } = turn.state;
  if (status.kind !== 'paused' || status.reason !== reason) return turn;
  return record(withStatus(turn, { kind: 'progressing' }), 'resumed', { to: stage.label, reason });
}
