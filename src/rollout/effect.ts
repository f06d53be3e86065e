/**
 * What has to be done outside. Effects stand in the state as pending before they are done, and leave it when they
 * are: a crash in between leaves them to the next event. Doing one twice changes nothing more.
 */
import { z } from 'zod';
import { messageSchema } from './message.ts';

/** A failure that may pass is one for good after so many tries; but a rollback is tried for ever. */
export const MOST_TRIES = 5;

/** Shares of the gateway in percent: of everything, and of slices that stand above it. */
export const sharesSchema = z.object({
  everything: z.number().min(0).max(100),
  slices: z.record(z.string(), z.number().min(0).max(100)),
});
export type Shares = z.output<typeof sharesSchema>;

/** Why the shares are written. `probe`: at the start, to prove that every target can be written. */
export const purposeSchema = z.enum(['probe', 'advance', 'rollback']);
export type Purpose = z.output<typeof purposeSchema>;

export const REACTIONS = ['eyes', 'rocket', '+1', 'confused'] as const;
export type Reaction = (typeof REACTIONS)[number];

export const effectSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('open_issue') }),
  /**
   * Writes to the config's target of that index; a probe writes the present value, or 0 % where there is none.
   * `generation` grows with every change of the shares: what an older one reports counts no more.
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

/** What comes before everything else, and is tried for ever. */
export function takesBack(effect: Effect): boolean {
  return effect.kind === 'write_traffic' && effect.purpose === 'rollback';
}

export const pendingEffectSchema = z.object({
  /** Unique in the rollout: the key of the event that caused it and the effect's number. */
  id: z.string(),
  effect: effectSchema,
  /** Failed tries so far. */
  tries: z.int().min(0),
  /** Milliseconds since 1970. */
  since: z.int().min(0),
  /** When another process than the one that caused it took it over; null where none did. */
  takenAt: z.int().min(0).nullable().default(null),
});
export type PendingEffect = z.output<typeof pendingEffectSchema>;
