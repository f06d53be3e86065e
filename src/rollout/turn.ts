/**
 * One event being applied. Every step takes a turn and returns the next one, so that the effect of an event reads as a
 * sequence of steps.
 */
import { type Effect, isRollbackWrite, type PendingEffect } from './effect.ts';
import type { Look } from './look.ts';
import type { Message } from './message.ts';
import type { Rollout } from './road.ts';
import type { HistoryEntry, RolloutState, RolloutStatus } from './state.ts';

export interface Turn extends Rollout {
  /** Of the event. */
  readonly key: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** The look that decided, where there was one. */
  readonly look: Look | null;
}

const HISTORY_KEPT = 50;
const PROBLEMS_KEPT = 30;
/** Comments and reactions that are still to be written; effects that move traffic are never dropped. */
const REPLIES_KEPT = 100;

/** What outlives a stage starts anew: after a retry, and after a change of what is judged. */
export const NEW_ROAD = { road: null, question: null, model: null } as const satisfies Partial<RolloutState>;

export function withState(turn: Turn, change: Partial<RolloutState>): Turn {
  return { ...turn, state: { ...turn.state, ...change } };
}

export function withStage(turn: Turn, change: Partial<RolloutState['stage']>): Turn {
  return withState(turn, { stage: { ...turn.state.stage, ...change } });
}

/** Adds pending effects. Those that take traffic back come before all others. */
export function addEffects(turn: Turn, ...effects: readonly Effect[]): Turn {
  const { state, key, now } = turn;
  const added = effects.map((effect, index): PendingEffect => {
    return { id: `${key}#${state.effects + index + 1}`, effect, tries: 0, since: now, takenAt: null };
  });
  const all = [...state.pending, ...added];
  const isFirst = ({ effect }: PendingEffect) => isRollbackWrite(effect);
  const pending = [...all.filter(isFirst), ...all.filter((each) => !isFirst(each))];
  return withState(turn, { pending: withoutOldest(pending), effects: state.effects + added.length });
}

/** Says something on the rollout's issue. */
export function say(turn: Turn, message: Message): Turn {
  return addEffects(turn, { kind: 'comment', message, issue: null });
}

/** Writes a line of the rollout's history. */
export function record(
  turn: Turn,
  kind: HistoryEntry['kind'],
  about: Partial<Omit<HistoryEntry, 'at' | 'kind'>> = {},
): Turn {
  const nothing = { by: null, from: null, to: null, reason: null, comment: null };
  const historyEntry = { at: turn.now, kind, ...nothing, ...about };
  return withState(turn, { history: [...turn.state.history, historyEntry].slice(-HISTORY_KEPT) });
}

export function hasProblem({ problems }: RolloutState, code: string): boolean {
  return problems.some((problem) => problem.code === code);
}

/** Shows a problem on the issue until it is cleared; one that is shown already keeps its `since`. */
export function raiseProblem(turn: Turn, code: string, detail: string): Turn {
  const { problems } = turn.state;
  const known = problems.find((problem) => problem.code === code);
  if (known?.detail === detail) return turn;
  const problem = { code, detail, since: known?.since ?? turn.now };
  const others = problems.filter((each) => each !== known);
  return withState(turn, { problems: [...others, problem].slice(-PROBLEMS_KEPT) });
}

/** Shows a problem on the issue, and says so once: not again until it is cleared. */
export function report(turn: Turn, code: string, detail: string, message: Message): Turn {
  const seen = raiseProblem(turn, code, detail);
  return hasProblem(turn.state, code) ? seen : say(seen, { ...message, mention: true });
}

/** @param isGone of the problems' codes */
export function clearProblems(turn: Turn, isGone: (code: string) => boolean): Turn {
  const { problems } = turn.state;
  const left = problems.filter(({ code }) => !isGone(code));
  return left.length === problems.length ? turn : withState(turn, { problems: left });
}

/** Changes the status; the stage's clock runs only while it is progressing. */
export function withStatus(turn: Turn, status: RolloutStatus): Turn {
  const moved = withState(turn, { status });
  return status.kind === 'progressing' ? startClock(moved) : stopClock(moved);
}

function stopClock(turn: Turn): Turn {
  const { clock } = turn.state.stage;
  if (clock.stoppedSince !== null) return turn;
  return withStage(turn, { clock: { ...clock, stoppedSince: turn.now } });
}

function startClock(turn: Turn): Turn {
  const { clock, traffic } = turn.state.stage;
  if (clock.stoppedSince === null) return turn;
  // Time before the traffic was verified is not counted, whether paused or not.
  const from = traffic.verifiedAt === null ? turn.now : Math.max(clock.stoppedSince, traffic.verifiedAt);
  const stopped = clock.stopped + Math.max(0, turn.now - from);
  return withStage(turn, { clock: { ...clock, stoppedSince: null, stopped } });
}

function withoutOldest(pending: readonly PendingEffect[]): PendingEffect[] {
  const isReply = ({ effect }: PendingEffect) => effect.kind === 'comment' || effect.kind === 'react';
  const surplus = pending.filter(isReply).length - REPLIES_KEPT;
  const dropped = new Set(surplus > 0 ? pending.filter(isReply).slice(0, surplus) : []);
  return pending.filter((each) => !dropped.has(each));
}
