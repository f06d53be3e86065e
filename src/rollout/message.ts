/**
 * Everything that the App can say in a comment, as values that survive JSON. The sentences are in
 * conversation/messages/. Codes are stable. Labels of stages are the config's; `0%` means no traffic on the gateway.
 */
import { z } from 'zod';
import { noticeSchema } from '../judge/verdict.ts';
import { actorSchema, ROLES } from './actor.ts';
import { COMMAND_NAMES, commandProblemSchema } from './command.ts';
import { gapSchema, shownVerdictsSchema } from './gap.ts';
import { incidentSchema } from './incident.ts';
import { PAUSE_REASONS, ROLLBACK_REASONS } from './reason.ts';

const text = z.string();
const label = z.string();
const nobody = actorSchema.nullable();
const count = z.int().min(0);

const command = z.enum(COMMAND_NAMES);

function message<const Code extends string, Shape extends z.ZodRawShape>(code: Code, data: Shape) {
  return z.object({
    code: z.literal(code),
    data: z.object(data),
    /** Present where a person is needed: those of `notify` are mentioned. */
    mention: z.literal(true).optional(),
  });
}

const ANSWERS = [
  message('help', {}),
  /** The numbers at the moment of writing. */
  message('status', {}),
  message('command_unclear', { problem: commandProblemSchema }),
  /** It was run anyway, without the part that was not understood. */
  message('partly_understood', { command: z.enum(['rollback', 'pause']), problem: commandProblemSchema }),
  /** `box`: asked by ticking a box, which is unticked again. */
  message('permission_denied', {
    command,
    required: text,
    actual: z.enum(ROLES),
    by: actorSchema,
    box: z.boolean(),
  }),
  /** Older than the current stage, so answered but not run. */
  message('command_outdated', { command, stage: label }),
  /** The status does not allow the command at all. */
  message('not_possible', {
    command,
    status: z.enum(['progressing', 'paused', 'stepped-back', 'rolled-back', 'completed', 'aborted']),
    /**
     * `rollback_running`: never past one, not even by force. `starting`: the targets are being tried.
     * `stage_gone`: the config no longer has the current stage.
     */
    why: z.enum(['status', 'rollback_running', 'starting', 'stage_gone']),
  }),
  message('gate_not_met', { stage: label, next: label.nullable(), gap: gapSchema }),
  /** What `/advance-rollout` would do now; `next` null: completion. */
  message('dry_run', { stage: label, next: label.nullable(), gap: gapSchema.nullable() }),
  /** A stage after `to` that the command cannot reach. `next`: the only one that it can; null: completion. */
  message('advance_target_refused', { asked: text, stage: label, next: label.nullable() }),
  /** The traffic goes to 0 % instead. `earlier`: stages that could have been reached. */
  message('rollback_target_refused', { asked: text, stage: label, earlier: z.array(label) }),
  /** A ticked box that is not the next stage's; it is unticked. */
  message('box_refused', { label: label.nullable(), next: label.nullable(), by: actorSchema }),
  message('approved', { stage: label, by: actorSchema, have: count, need: count }),
  message('approved_before', { stage: label, by: actorSchema, have: count, need: count }),
  message('rollout_exists', { issue: count.nullable() }),
  /** To `/start-rollout`. `path`: where the config is looked for. */
  message('start_without_config', { path: text }),
  /** To `/start-rollout` where several configs have no rollout yet. */
  message('start_name_needed', { names: z.array(text) }),
] as const;

const MOVES = [
  /** The reply to `/start-rollout` on another issue. */
  message('started', { issue: count }),
  message('start_refused_by_policy', { refusals: z.array(text) }),
  message('start_refused_by_target', { target: count, detail: text }),
  /** `metrics`: the results of the stage that was left. */
  message('advanced', {
    from: label,
    to: label,
    by: nobody,
    approvals: z.array(actorSchema),
    metrics: shownVerdictsSchema,
  }),
  message('forced', {
    from: label,
    to: label.nullable(),
    by: actorSchema,
    reason: text,
    gap: gapSchema.nullable(),
  }),
  message('rolled_back', {
    from: label,
    /** `0%`, or an earlier stage: then the rollout is paused. */
    to: label,
    reason: z.enum(ROLLBACK_REASONS),
    by: nobody,
    /** A person's words. */
    words: text.nullable(),
    gap: gapSchema.nullable(),
  }),
  /** `until`: when the share returns; null: it waits for a person. */
  message('stepped_back', {
    stage: label,
    until: count.nullable(),
    incident: incidentSchema.nullable(),
    gap: gapSchema,
  }),
  message('returned', { stage: label, by: nobody }),
  message('paused', {
    stage: label,
    reason: z.enum(PAUSE_REASONS),
    by: nobody,
    words: text.nullable(),
    gap: gapSchema.nullable(),
  }),
  message('resumed', { stage: label, by: actorSchema }),
  message('retried', { stage: label, by: actorSchema }),
  /** The gate of the last stage is met. `until`: when the rollout is complete, if nothing happens. */
  message('watching', { stage: label, by: nobody, until: count }),
  /** With the final report. */
  message('completed', { by: nobody }),
  message('aborted', { stage: label, by: actorSchema, words: text.nullable() }),
  /** The gate is met and waits for approval. */
  message('person_needed', { stage: label, next: label.nullable(), have: count, need: count }),
  /** `tasksADay`: of both arms. */
  message('regression_noticed', { stage: label, notice: noticeSchema, tasksADay: z.number().nullable() }),
  message('model_differs', { stage: label, pairs: count }),
  message('reopened', { stage: label, by: actorSchema }),
] as const;

const ALERTS = [
  /** Refused permanently, or failed too often; the rollout pauses. */
  message('traffic_not_written', { target: count, stage: label, detail: text }),
  /** Retried forever; said again as `tries` grows. */
  message('rollback_not_written', { target: count, detail: text, tries: count }),
  message('traffic_drifted', { target: count, stage: label, found: text }),
  message('traffic_restored', { target: count, stage: label }),
  /** Tasks on the gateway in a window that began well after the rollback was written. */
  message('gateway_still_has_traffic', { tasks: count }),
  message('config_changed', { stage: label, restarted: z.boolean(), changes: z.array(text) }),
  message('config_broken', { path: text, problems: z.array(text) }),
  message('config_repaired', { path: text }),
  /** The state on the branch cannot be used: nothing moves until a person has checked it. */
  message('state_not_trusted', {
    why: z.enum(['not_verified', 'rewound', 'newer_schema', 'broken', 'missing']),
    branch: text,
    detail: text,
  }),
  /** On a second issue of the rollout: which one counts. */
  message('duplicate_issue', { issue: count }),
  message('earlier_issue', { issue: count }),
  /** From an `alert` event; conversation/messages/problems.ts knows the usual codes. */
  message('alert', { alert: text, detail: text }),
  message('alert_gone', { alert: text }),
] as const;

export const messageSchema = z.discriminatedUnion('code', [...ANSWERS, ...MOVES, ...ALERTS]);
export type Message = z.output<typeof messageSchema>;
export type MessageCode = Message['code'];
export type MessageData = { readonly [Each in Message as Each['code']]: Each['data'] };
export type MessageOf<Code extends MessageCode> = Extract<Message, { code: Code }>;
