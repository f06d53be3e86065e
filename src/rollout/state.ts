/**
 * The state of a rollout: plain values that survive JSON, kept by the App in a file on a branch. Moments are in
 * milliseconds since 1970, durations in milliseconds, shares in percent.
 */
import { z } from 'zod';
import { keptRoadSchema } from '../judge/kept.ts';
import { actorSchema } from './actor.ts';
import { type Effect, type PendingEffect, pendingEffectSchema } from './effect.ts';
import { incidentSchema } from './incident.ts';
import { provedModelSchema, questionSchema } from './question.ts';
import { PAUSE_REASONS, ROLLBACK_REASONS } from './reason.ts';
import { pastWindowSchema, stageStateSchema } from './stage-state.ts';
import { armsSchema } from './stored-counts.ts';

const moment = z.int().min(0);

export const statusSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('progressing') }),
  z.object({ kind: z.literal('paused'), reason: z.enum(PAUSE_REASONS), since: moment }),
  /** `until`: when the share returns, if the config lets it. */
  z.object({
    kind: z.literal('stepped-back'),
    since: moment,
    until: moment,
    incident: incidentSchema.nullable(),
  }),
  z.object({ kind: z.literal('rolled-back'), reason: z.enum(ROLLBACK_REASONS), since: moment }),
  z.object({ kind: z.literal('completed'), at: moment }),
  z.object({ kind: z.literal('aborted'), at: moment }),
]);
export type RolloutStatus = z.output<typeof statusSchema>;

/** The config in force: the last valid one, so that monitoring and rollback always have one. */
export const configSourceSchema = z.object({
  /** In the repository, such as `.github/gateway-rollout.yml`. */
  path: z.string(),
  /** Of the blob. */
  sha: z.string(),
  text: z.string(),
});
export type ConfigSource = z.output<typeof configSourceSchema>;

/** One line of the issue's history and of the final report. */
export const historyEntrySchema = z.object({
  at: moment,
  kind: z.enum([
    'started',
    'advanced',
    'forced',
    'rolled_back',
    'stepped_back',
    'returned',
    'paused',
    'resumed',
    'retried',
    'approved',
    'accepted',
    'watching',
    'completed',
    'aborted',
  ]),
  by: actorSchema.nullable(),
  /** Labels of stages; `0%` where no traffic is on the gateway. */
  from: z.string().nullable(),
  to: z.string().nullable(),
  /** A person's reason or the reason code. */
  reason: z.string().nullable(),
  /** The comment that asked for it. */
  comment: z.int().nullable(),
});
export type HistoryEntry = z.output<typeof historyEntrySchema>;

/** Time and cost of a stage that was left, for the final report. */
export const leftStageSchema = z.object({
  label: z.string(),
  enteredAt: moment,
  leftAt: moment,
  /** Left past an unmet gate. */
  forced: z.boolean(),
  /** Left by a rollback. */
  rolledBack: z.boolean(),
  total: armsSchema,
});
export type LeftStage = z.output<typeof leftStageSchema>;

/** Events that were applied. After some hundred others a key is forgotten; comments are then recognised by number. */
export const appliedSchema = z.object({
  /** The newest last. */
  keys: z.array(z.string()),
  /** Numbers of comments above `allUpTo`; all comments up to it count as applied. */
  comments: z.array(z.int()),
  allUpTo: z.int().min(0),
});
export type Applied = z.output<typeof appliedSchema>;

/** Something that people should see on the issue until it is gone. */
export const problemSchema = z.object({ code: z.string(), detail: z.string(), since: moment });
export type RolloutProblem = z.output<typeof problemSchema>;

export const rolloutStateSchema = z.object({
  schema: z.literal(1),
  name: z.string(),
  startedAt: moment,
  config: configSourceSchema,
  /** The blob of a newer config that cannot be used: until it is fixed, nothing raises the share. */
  brokenConfig: z.string().nullable(),
  status: statusSchema,
  /** The number of the issue; null until it was opened. */
  issue: z.int().nullable(),
  /** The comment that asked for the rollout, until it gets the number of the issue as a reply. */
  asked: z.object({ comment: z.int(), issue: z.int() }).nullable(),
  /** The current stage; while rolled back, the one that failed. */
  stage: stageStateSchema,
  /** What the judge keeps over all stages of a slice; null where it starts from zero. */
  road: keptRoadSchema.nullable().default(null),
  question: questionSchema.nullable().default(null),
  model: provedModelSchema.nullable().default(null),
  /** The newest last; bounded. */
  left: z.array(leftStageSchema),
  /** Windows of earlier stages; bounded. */
  past: z.array(pastWindowSchema),
  /** Both arms over the whole rollout, with keys and members. */
  spent: armsSchema,
  /** The newest last; bounded. */
  history: z.array(historyEntrySchema),
  applied: appliedSchema,
  /** In the order in which they have to be done; {@link dueEffects} says which may be done now. */
  pending: z.array(pendingEffectSchema),
  /** How many effects there were so far; their ids are numbered by it. */
  effects: z.int().min(0),
  problems: z.array(problemSchema),
});
export type RolloutState = z.output<typeof rolloutStateSchema>;

/** Whether it has ended, so that another of its name may start. A completed one can still be rolled back. */
export function isOver({ status }: RolloutState): boolean {
  return status.kind === 'completed' || status.kind === 'aborted';
}

/** Whether it goes on without a person: in its stage, or to it after a step back. */
export function isRunning({ status }: RolloutState): boolean {
  return status.kind === 'progressing' || status.kind === 'stepped-back';
}

/** Whether a step back has taken the traffic of the stage away; a person may have paused it since. */
export function isSteppedBack({ status, stage }: RolloutState): boolean {
  const isAway = status.kind === 'stepped-back' || status.kind === 'paused';
  return isAway && stage.stepsBack.length > 0 && stage.traffic.purpose === 'rollback';
}

/**
 * The pending effects that wait for nothing, in the order in which they have to be done: what takes traffic back
 * comes first. A target is not pending before the one in front of it was written. A comment on the rollout's issue
 * waits until the issue is open.
 */
export function dueEffects({ pending, issue }: RolloutState): readonly PendingEffect[] {
  const needsIssue = (effect: Effect) =>
    effect.kind === 'comment'
      ? effect.issue === null
      : effect.kind === 'close_issue' || effect.kind === 'reopen_issue';
  return pending.filter(({ effect }) => issue !== null || !needsIssue(effect));
}
