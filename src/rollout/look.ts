/** One look at a stage: its verdicts, and the decision that follows. Shared by the App and the replay. */
import type { Config, RolloutStage } from '../config/schema.ts';
import type { StagePlan } from '../judge/evidence.ts';
import { type HealthProblem, isShareWrong, isSilent, type Silence } from '../judge/health.ts';
import { type JudgedEvidence, judge } from '../judge/judge.ts';
import type { Verdicts } from '../judge/verdict.ts';
import type { UnitCounts } from '../measure/measurement.ts';
import { type Decision, decideStage, type StageFacts } from './stage-decision.ts';

export interface Look {
  readonly verdicts: Verdicts;
  readonly decision: Decision;
  /** Why the metrics cannot be trusted; empty when they can. */
  readonly problems: readonly HealthProblem[];
  /** Tasks on the gateway since the traffic was verified. */
  readonly tasks: number;
  /** Milliseconds since the traffic was verified, without those in which the rollout was paused; null before. */
  readonly elapsed: number | null;
}

/** What is known about the stage before the look. */
export interface LookInput extends Omit<StageFacts, 'verdicts' | 'problems' | 'tasks' | 'lastStage'> {
  readonly plan: StagePlan;
  readonly evidence: JudgedEvidence;
  readonly units: { readonly gateway: readonly UnitCounts[]; readonly official: readonly UnitCounts[] };
  /** Percent that the gateway should have of the stage's slice; null for a stage without traffic. */
  readonly share: number | null;
  readonly silence: Silence;
  /** Problems that the source reported, and overdue windows. */
  readonly sourceProblems: readonly HealthProblem[];
  /** How often another `max_duration` was granted. */
  readonly extensions: number;
}

export function takeLook({ rollout }: Config, stage: RolloutStage, known: LookInput): Look {
  const { plan, evidence, units, share, silence, sourceProblems, extensions, ...facts } = known;
  const { tasks } = evidence.sinceVerified;
  const problems: HealthProblem[] = [
    ...sourceProblems,
    ...(isSilent(silence) ? (['silent_arm'] as const) : []),
    ...(isShareWrong(tasks, share, rollout.cluster) ? (['traffic_share'] as const) : []),
  ];
  const verdicts = judge(plan, evidence, { problems, units });
  const lastStage = rollout.stages.at(-1) === stage;
  const decision = decideStage(
    { ...facts, verdicts, problems, tasks: tasks.gateway, lastStage },
    { ...rollout, max_duration: rollout.max_duration * (1 + extensions), gate: stage.gate },
  );
  return { verdicts, decision, problems, tasks: tasks.gateway, elapsed: facts.elapsed };
}
