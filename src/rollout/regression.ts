/**
 * A question, not a verdict: more tasks are proven to fail than on the official API, within every limit. Nothing rolls
 * back; the next advance waits until a person has answered with `/advance-rollout`.
 */

import type { CommandEvent } from './event.ts';
import { acceptModel } from './fidelity.ts';
import type { Look } from './look.ts';
import { isQuestionOpen, type Question } from './question.ts';
import { initiatorOf } from './reply.ts';
import { type Rollout, stageOf } from './road.ts';
import { tasksADay } from './stage-state.ts';
import { record, say, type Turn, withState } from './turn.ts';

/** The question that was asked about the slice of the current stage; another slice is another road. */
export function currentQuestion(rollout: Rollout): Question | null {
  const { question } = rollout.state;
  return question?.slice === sliceOf(rollout) ? question : null;
}

/** Asks people once, and again after an answer that no longer holds. */
export function askAboutRegression(turn: Turn, { notice }: Look): Turn {
  const known = currentQuestion(turn);
  const isAsked = known !== null && known.answered === null;
  if (notice === null || isAsked || !isQuestionOpen(known, notice)) return turn;
  if (turn.config.rollout.notice === 'off') return turn;
  const { label } = turn.state.stage;
  const asked = withState(turn, { question: { slice: sliceOf(turn), answered: null } });
  const data = { stage: label, notice, tasksADay: tasksADay(turn.state.stage) };
  return say(asked, { code: 'regression_noticed', data, mention: true });
}

/** A person asks to advance all the same. */
export function answerRegression(turn: Turn, event: CommandEvent, { notice }: Look): Turn {
  const seen = acceptModel(turn);
  const known = currentQuestion(seen);
  if (seen.config.rollout.notice === 'off' || !isQuestionOpen(known, notice)) return seen;
  // What is no longer proven by then is asked again when it is.
  const question = notice && { slice: sliceOf(seen), answered: notice.ratio ?? notice.low };
  const about = { ...initiatorOf(event), from: seen.state.stage.label };
  return record(withState(seen, { question }), 'accepted', about);
}

function sliceOf(rollout: Rollout): string | null {
  const stage = stageOf(rollout);
  return stage?.kind === 'share' ? stage.slice : null;
}
