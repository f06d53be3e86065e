/** The state of the current stage, and its results so far. */
import { z } from 'zod';
import { isShadowLabel } from '../config/stages.ts';
import { keptStageSchema } from '../judge/kept.ts';
import { noticeSchema } from '../judge/verdict.ts';
import { actorSchema } from './actor.ts';
import { purposeSchema, sharesSchema } from './effect.ts';
import { shownVerdictsSchema } from './gap.ts';
import { pointSchema } from './incident.ts';
import { armsSchema, tasksIn } from './stored-counts.ts';

const moment = z.int().min(0);

/** `waiting`: not written yet. `written`: accepted. `verified`: it holds the shares. `failed`: refused for good. */
export const TARGET_STATES = ['waiting', 'written', 'verified', 'failed'] as const;

/** What the targets hold, or should hold. A change of the shares starts a new generation. */
export const trafficStateSchema = z.object({
  shares: sharesSchema,
  /** Grows with every write of the targets: reports of an older generation no longer count. */
  generation: z.int().min(0),
  purpose: purposeSchema,
  /** When the first target was written: from then on a failure counts. */
  writtenAt: moment.nullable(),
  /** When the last target was verified: from then on a pass and the clock count. */
  verifiedAt: moment.nullable(),
  /** By target, in the order of the config. */
  targets: z.array(z.enum(TARGET_STATES)),
  /** By target: the workflow run that applies the shares. */
  runs: z.record(z.string(), z.int()).optional(),
});
export type TrafficState = z.output<typeof trafficStateSchema>;

/** A window of both arms that the next stages use for their baseline. */
export const pastWindowSchema = z.object({
  from: moment,
  to: moment,
  /** The model or workload of the stage; null for everything. */
  slice: z.string().nullable(),
  /** Of both arms: the gateway's counts are not kept for long. */
  tasks: z.int().min(0).optional(),
  arms: armsSchema,
});
export type PastWindow = z.output<typeof pastWindowSchema>;

const checkStateSchema = z.enum(['green', 'red', 'running', 'missing']);
/** The newest completed run of a workflow or check, as the gate counts it. */
export type CheckState = z.output<typeof checkStateSchema>;

const checkStates = z.record(z.string(), checkStateSchema);
const namedChecksSchema = z.object({ workflows: checkStates, checks: checkStates });
export type NamedChecks = z.output<typeof namedChecksSchema>;

export const stageStateSchema = z.object({
  /** Into the config's stages, and the label there. */
  index: z.int().min(0),
  label: z.string(),
  enteredAt: moment,
  traffic: trafficStateSchema,
  /** Of both arms in what the stage moves, before it began: `min_tasks: auto` depends on it. Null where none were seen. */
  tasksPerDay: z.number().nullable().default(null),
  /** The stage's clock stops during a pause: since when it is stopped, and how long it was stopped before. */
  clock: z.object({
    stoppedSince: moment.nullable(),
    stopped: z.int().min(0),
    /** How long it ran before the shares were written anew after a step back. */
    ran: z.int().min(0).default(0),
  }),
  /** When incidents took the traffic of this stage back; the newest last. */
  stepsBack: z.array(moment).default([]),
  /** The gate of the last stage was met, and production is watched before the rollout is complete. */
  watching: z.boolean().default(false),
  /** How often a person gave an undecided stage another `max_duration`. */
  extensions: z.int().min(0),
  /** What the judge needs; null before the first window. */
  evidence: keptStageSchema.nullable(),
  /** Both arms since the stage was written: sums for people. */
  total: armsSchema,
  /** Windows of this stage, for the baseline of the next ones. */
  past: z.array(pastWindowSchema),
  /** End of the newest window: windows that begin before it were counted already. */
  measuredTo: moment.nullable(),
  /** Newer windows are not counted yet, or a run failed to deliver its windows. */
  isBehind: z.boolean().default(false),
  /** Since when windows are expected: the verification of the traffic, or a `/resume-rollout`. */
  watchedSince: moment.nullable(),
  silence: z.object({ gateway: z.number(), official: z.number() }),
  silentIntervals: z.int().min(0),
  /** Looks in a row at which the source failed. */
  consecutiveErrors: z.int().min(0),
  checks: namedChecksSchema,
  /** Different people, for this stage and this config. */
  approvals: z.array(z.object({ by: actorSchema, at: moment, comment: z.int().nullable() })),
  /** People were asked to approve a gate that is otherwise met. */
  peopleAsked: z.boolean(),
  /** The verdicts of the newest look, only for display: decisions are made from the evidence. */
  verdicts: shownVerdictsSchema.nullable(),
  /** Of the newest look, only for display. */
  notice: noticeSchema.nullable().default(null),
  points: z.array(pointSchema),
});
export type StageState = z.output<typeof stageStateSchema>;

/** Tasks a day of both arms in this stage, without copies; null before the first window. */
export function tasksADay({ label, evidence, total }: StageState): number | null {
  const period = evidence?.sinceWritten.period ?? null;
  const tasks = tasksIn(isShadowLabel(label) ? { ...total, gateway: null } : total);
  return period === null ? null : (tasks * DAY) / (period.to - period.from);
}

const DAY = 86_400_000;

/** Tasks on the gateway since the traffic was verified. */
export function tasksSeen({ evidence }: StageState): number {
  return evidence?.sinceVerified.tasks.gateway ?? 0;
}

/**
 * When the minimum time of the stage is over.
 * @param least milliseconds
 * @returns milliseconds since 1970; null while the clock is stopped or was not started
 */
export function earliestEnd({ traffic, clock }: StageState, least: number): number | null {
  if (traffic.verifiedAt === null || clock.stoppedSince !== null) return null;
  return traffic.verifiedAt + clock.stopped + least - clock.ran;
}

/** Milliseconds since the traffic was verified, without pauses; null before. */
export function elapsedIn({ traffic, clock }: StageState, now: number): number | null {
  if (traffic.verifiedAt === null) return null;
  const end = clock.stoppedSince === null ? now : Math.max(clock.stoppedSince, traffic.verifiedAt);
  return clock.ran + Math.max(0, end - traffic.verifiedAt - clock.stopped);
}
