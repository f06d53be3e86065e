/**
 * What has to be performed outside. Effects are pending in the state until they are done, so a crash leaves them to the
 * next event. Each one is idempotent.
 */
import { z } from 'zod';
import { messageSchema } from './message.ts';

/** A temporary failure counts as permanent after this many tries; a rollback is retried forever. */
export const MOST_TRIES = 5;

/** Shares of the gateway in percent: of everything, and of slices with a larger share. */
export const sharesSchema = z.object({
  everything: z.number().min(0).max(100),
  slices: z.record(z.string(), z.number().min(0).max(100)),
});
export type Shares = z.output<typeof sharesSchema>;

/** Why the shares are written. `probe`: at the start, to test that every target can be written. */
export const purposeSchema = z.enum(['probe', 'advance', 'rollback']);
export type Purpose = z.output<typeof purposeSchema>;

export const REACTIONS = ['eyes', 'rocket', '+1', 'confused'] as const;
export type Reaction = (typeof REACTIONS)[number];

export const effectSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('open_issue') }),
  /**
   * Writes to the config's target of that index; a probe writes the current value, or 0 % where there is none.
   * `generation` grows with every change of the shares: reports of an older one no longer count.
   */
  z.object({
    kind: z.literal('write_traffic'),
    target: z.int().min(0),
    shares: sharesSchema,
    stage: z.string(),
    generation: z.int().min(0),
    purpose: purposeSchema,
  }),
  /** A comment on the rollout's issue (`issue` names another one, for `/start-rollout` there). */
  z.object({ kind: z.literal('comment'), message: messageSchema, issue: z.int().nullable() }),
  z.object({ kind: z.literal('react'), comment: z.int(), reaction: z.enum(REACTIONS) }),
  z.object({ kind: z.literal('reopen_issue') }),
  z.object({ kind: z.literal('close_issue'), reason: z.enum(['completed', 'not_planned']) }),
]);
export type Effect = z.output<typeof effectSchema>;

/** Effects that come before everything else, and are retried forever. */
export function isRollbackWrite(effect: Effect): boolean {
  return effect.kind === 'write_traffic' && effect.purpose === 'rollback';
}

export function isRaise(effect: Effect): boolean {
  return effect.kind === 'write_traffic' && effect.purpose === 'advance';
}

export const pendingEffectSchema = z.object({
  /** Unique in the rollout: the key of the event that caused it and the effect's number. */
  id: z.string(),
  effect: effectSchema,
  /** Failed tries so far. */
  tries: z.int().min(0),
  /** Milliseconds since 1970. */
  since: z.int().min(0),
  /** When another process took it over from the one that caused it; null where none did. */
  takenAt: z.int().min(0).nullable().default(null),
});
export type PendingEffect = z.output<typeof pendingEffectSchema>;
