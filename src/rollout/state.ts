/**
 * What a rollout is at one moment: plain values that survive JSON, kept by the App in a file on a branch. Every
 * moment is in milliseconds since 1970, every duration in milliseconds, every share in percent.
 */
import { z } from 'zod';
import { actorSchema } from './actor.ts';
import { pendingEffectSchema } from './effect.ts';
import { PAUSE_REASONS, ROLLBACK_REASONS } from './reason.ts';
import { stageStateSchema } from './stage-state.ts';

const moment = z.int().min(0);

export const statusSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('progressing') }),
  z.object({ kind: z.literal('paused'), reason: z.enum(PAUSE_REASONS), since: moment }),
  z.object({ kind: z.literal('rolled-back'), reason: z.enum(ROLLBACK_REASONS), since: moment }),
  z.object({ kind: z.literal('completed'), at: moment }),
  z.object({ kind: z.literal('aborted'), at: moment }),
]);
export type RolloutStatus = z.output<typeof statusSchema>;

/** The config in force: the last valid one, so that watching and rolling back never lack one. */
export const configSourceSchema = z.object({
  /** In the repository, such as `.github/gateway-rollout.yml`. */
  path: z.string(),
  /** Of the blob. */
  sha: z.string(),
  text: z.string(),
});
export type ConfigSource = z.output<typeof configSourceSchema>;

/** One line of the issue's history and of the final report. */
export const happeningSchema = z.object({
  at: moment,
  kind: z.enum([
    'started',
    'advanced',
    'forced',
    'rolled_back',
    'paused',
    'resumed',
    'retried',
    'approved',
    'completed',
    'aborted',
    'config_changed',
    'alert',
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
export type Happening = z.output<typeof happeningSchema>;

/** Time and cost of a stage that was left, for the final report. */
export const leftStageSchema = z.object({
  label: z.string(),
  enteredAt: moment,
  leftAt: moment,
  /** Left past an unmet gate. */
  forced: z.boolean(),
  /** A measurement (its file form) of the whole stage; null where nothing was measured. */
  total: z.unknown(),
});

export const rolloutStateSchema = z.object({
  schema: z.literal(1),
  name: z.string(),
  config: configSourceSchema,
  status: statusSchema,
  /** The number of the issue; null until it was opened. */
  issue: z.int().nullable(),
  /** The stage at which the rollout stands, also while rolled back (the one that failed). */
  stage: stageStateSchema,
  left: z.array(leftStageSchema),
  /** The newest last; bounded. */
  happenings: z.array(happeningSchema),
  /** Keys of events already applied, the newest last; bounded. */
  applied: z.array(z.string()),
  /** In the order in which they have to be done. */
  pending: z.array(pendingEffectSchema),
  /** Problems that people should see on the issue until they are gone: code → when it began and details. */
  problems: z.array(z.object({ code: z.string(), detail: z.string(), since: moment })),
});
export type RolloutState = z.output<typeof rolloutStateSchema>;
