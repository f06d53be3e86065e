/** One look at a stage: its verdicts, and the decision that follows. Shared by the App and the replay. */
import type { Config } from '../config/schema.ts';
import { isShadow } from '../config/stages.ts';
import { type Assessment, assess, type Question } from '../judge/assess.ts';
import { isSilent, type Silence } from '../judge/health.ts';
import { isQuestionOpen, type Question as RegressionQuestion } from './question.ts';
import type { BegunStage } from './road.ts';
import { type Decision, decideStage, type StageFacts } from './stage-decision.ts';

export interface Look extends Omit<Assessment, 'tasks'> {
  readonly decision: Decision;
  /** Tasks on the gateway since the traffic was verified. */
  readonly tasks: number;
  /** Milliseconds since the traffic was verified, without those in which the rollout was paused; null before. */
  readonly elapsed: number | null;
}

/** What is known about the stage before the look. */
export interface LookInput
  extends Question,
    Omit<StageFacts, 'verdicts' | 'problems' | 'tasks' | 'questionOpen'> {
  /** What was asked about a regression; `accepted`: a person who sees it asks to advance. */
  readonly question: RegressionQuestion | 'accepted' | null;
  readonly silence: Silence;
  /** How often another `max_duration` was granted. */
  readonly extensions: number;
}

export function takeLook(config: Config, stage: BegunStage, known: LookInput): Look {
  const { rollout } = config;
  const silent = isSilent(known.silence) ? (['silent_arm'] as const) : [];
  // The watch has evidence of its own.
  const label = stage.watching ? `${stage.label}, watch` : stage.label;
  const judged = assess(config, { ...stage, label }, { ...known, problems: [...known.problems, ...silent] });
  const tasks = judged.tasks.gateway;
  const longest = rollout.max_duration * (1 + known.extensions) + (stage.watching ? rollout.watch : 0);
  const { question } = known;
  const isAsked = rollout.notice === 'ask' && question !== 'accepted';
  const questionOpen = isAsked && isQuestionOpen(question, judged.notice);
  const decision = decideStage(
    { ...known, ...judged, tasks, questionOpen },
    { ...rollout, max_duration: longest, gate: stage.gate, copies: isShadow(stage) },
  );
  return { ...judged, decision, tasks, elapsed: known.elapsed };
}
