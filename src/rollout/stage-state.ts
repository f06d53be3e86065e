/** Where the rollout stands in its present stage, and what the stage has shown. */
import { z } from 'zod';
import { actorSchema } from './actor.ts';
import { sharesSchema } from './effect.ts';

const moment = z.int().min(0);
const share = z.number().nullable();

/** What the stage's targets hold. A stage without traffic (`local`, `staging`) is verified when it begins. */
export const trafficStateSchema = z.object({
  shares: sharesSchema,
  /** Grows with every change of the shares. */
  generation: z.int().min(0),
  /** When the first target was written: from then on a failure counts. */
  writtenAt: moment.nullable(),
  /** When the last target was verified: from then on a pass and the clock count. */
  verifiedAt: moment.nullable(),
  /** By target, in the order of the config. */
  targets: z.array(z.enum(['waiting', 'written', 'verified', 'failed'])),
});
export type TrafficState = z.output<typeof trafficStateSchema>;

/** One look, for the chart: success rates in percent. */
export const pointSchema = z.object({ at: moment, official: share, gateway: share });
export type Point = z.output<typeof pointSchema>;

export const stageStateSchema = z.object({
  /** Into the config's stages, and the label there. */
  index: z.int().min(0),
  label: z.string(),
  enteredAt: moment,
  traffic: trafficStateSchema,
  /** While paused the stage's clock stands still: since when, and for how long before. */
  clock: z.object({ stoppedSince: moment.nullable(), stopped: z.int().min(0) }),
  /** StageEvidence of judge/, in its file form: since the traffic was written, and since it was verified. */
  evidence: z.object({ sinceWritten: z.unknown(), sinceVerified: z.unknown() }).nullable(),
  /** Both arms since the stage began, a measurement in its file form; for people, and for the units. */
  total: z.unknown().nullable(),
  /** End of the newest window: windows that begin before it were counted already. */
  measuredTo: moment.nullable(),
  silence: z.object({ gateway: z.number(), official: z.number() }),
  silentIntervals: z.int().min(0),
  consecutiveErrors: z.int().min(0),
  /** The newest state of the workflows and checks that the gate names. */
  checks: z.object({ workflows: z.record(z.string(), z.string()), checks: z.record(z.string(), z.string()) }),
  approvals: z.array(z.object({ by: actorSchema, at: moment, comment: z.int().nullable() })),
  /** Who said go where the gate is manual or the rollout advances by hand. */
  go: z.object({ by: actorSchema, at: moment }).nullable(),
  /** The verdicts of the newest look, as judge/ gave them; for people alone, never for a decision. */
  verdicts: z.unknown().nullable(),
  points: z.array(pointSchema),
});
export type StageState = z.output<typeof stageStateSchema>;
