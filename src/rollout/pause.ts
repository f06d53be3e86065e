/** Standing still and going on: what a pause changes, whoever asked for it. */
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

const NOTHING: About = { by: null, words: null, comment: null, gap: null };

/** Pauses, and leaves it to the caller to say why. */
export function pauseQuietly(turn: Turn, reason: PauseReason, about: Partial<About> = {}): Turn {
  const { by, words, comment } = { ...NOTHING, ...about };
  const paused = withStatus(turn, { kind: 'paused', reason, since: turn.now });
  return record(paused, 'paused', { by, comment, from: turn.state.stage.label, reason: words ?? reason });
}

/** Pauses and says so; a person is needed where it was not a person's wish. */
export function pause(turn: Turn, reason: PauseReason, about: Partial<About> = {}): Turn {
  const { by, words, gap } = { ...NOTHING, ...about };
  const data = { stage: turn.state.stage.label, reason, by, words, gap };
  const message = { code: 'paused', data } as const;
  return say(pauseQuietly(turn, reason, about), by === null ? { ...message, mention: true } : message);
}

/** Pauses that end by themselves when their cause is gone. */
const SELF_ENDING = ['traffic_drifted', 'policy'] as const satisfies readonly PauseReason[];

/** A person wants a paused rollout to stand still: from now on it waits for a person, whatever it waited for. */
export function waitForPerson(turn: Turn, reason: PauseReason, about: Partial<About>): Turn {
  const { status } = turn.state;
  const wouldEnd = status.kind === 'paused' && SELF_ENDING.some((each) => each === status.reason);
  return wouldEnd ? pauseQuietly(turn, reason, about) : turn;
}

/** What caused the pause is over, without a person: the rollout goes on, if that was what it waited for. */
export function resumeAfter(turn: Turn, reason: (typeof SELF_ENDING)[number]): Turn {
  const { status, stage } = turn.state;
  if (status.kind !== 'paused' || status.reason !== reason) return turn;
  return record(withStatus(turn, { kind: 'progressing' }), 'resumed', { to: stage.label, reason });
}
