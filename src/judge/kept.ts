/**
 * What the judge knows, in two forms of one shape: with sums as numbers while it counts, and as JSON between two looks:
 * exact to the last digit, and short (written-sums.ts, written-users.ts).
 */
import { z } from 'zod';
import type { Sums } from './method.ts';
import type { Users } from './users.ts';
import { readSums, type WrittenSums, writeSums, writtenSums } from './written-sums.ts';
import { readUsers, type WrittenUsers, writeUsers, writtenUsers } from './written-users.ts';

const count = z.int().min(0);
const usd = z.number().min(0);
const bounds = z.array(z.number().positive()).readonly();
/** The bounds of both arms' histograms; they differ where the sources do. */
const boundsOfArms = z.strictObject({ gateway: bounds, official: bounds });
/** Start of the first window and end of the last, milliseconds since 1970; null before the first. */
const period = z.strictObject({ from: z.int(), to: z.int() }).nullable();
/** Of a sticky split: by how much its past counts less than independent tasks (design-effect.ts). */
const clusters = z.strictObject({ failures: z.number(), slow: z.number() }).optional();

/**
 * What a stage has shown so far. A failure counts from the moment traffic was written, a pass from the moment it was
 * verified.
 */
function stageShape<S extends z.ZodType, U extends z.ZodType>(sums: S, users: U) {
  const claims = z.array(sums).readonly();
  return z.strictObject({
    schema: z.literal(2, { error: '2, the version of written evidence that this program reads' }),
    /** What was learned from the official arm (baseline.ts). */
    baseline: z.strictObject({
      /** Seconds; a task above it is slow. Null until it is learned. */
      slowBound: z.number().positive().nullable(),
      /** Official tasks with a known time, and their counts at `latency.official`; empty once `slowBound` is known. */
      learning: sums,
      latency: boundsOfArms,
      ttft: boundsOfArms,
      /**
       * The usual mix of models, and what each cost so far: US dollars at official prices on both arms, then on the
       * gateway alone, at its own and at official prices.
       */
      spending: z.record(z.string(), z.tuple([usd, usd, usd]).readonly()).optional(),
      /** By metric, the official rates to expect: events and tasks, of all models (null) and of each. */
      rates: z.record(z.string(), z.array(z.tuple([z.string().nullable(), sums]).readonly()).readonly()),
      clusters,
      /** Where no official arm is left: the sums of each metric's gauge over the official slices of earlier windows. */
      history: z.record(z.string(), sums),
    }),
    /** `claims` are in the order of the plan: what can prove a failure. */
    sinceWritten: z.strictObject({ period, windows: count, claims }),
    sinceVerified: z.strictObject({
      period,
      windows: count,
      tasks: z.strictObject({ gateway: count, official: count }),
      /** Tasks or users of the last hours, for the share check; an hour is counted since 1970. */
      hours: z
        .array(z.strictObject({ hour: z.int(), windows: count, gateway: count, official: count }))
        .readonly(),
      /** In the order of the gate's metrics. */
      gauges: z.array(z.strictObject({ gateway: sums, official: sums })).readonly(),
      claims,
      /** Of a sticky split. */
      users: users.optional(),
      /** In the order of the claims: what users showed at each date that has come (users.ts). */
      dates: z
        .array(z.array(z.number().min(0)).readonly())
        .readonly()
        .optional(),
    }),
  });
}

/** What outlives a stage: the evidence against each limit over the whole road of a slice (road.ts). */
function roadShape<S extends z.ZodType>(sums: S) {
  return z.strictObject({
    schema: z.literal(1, { error: '1, the version of the road that this program reads' }),
    /** The model or workload; null for everything. */
    slice: z.string().nullable(),
    /** The first hour in which the gateway may have had tasks, in hours since 1970; null before. */
    from: z.int().nullable(),
    /** The quick alarm forgets windows before this moment, milliseconds since 1970. */
    restartsFrom: z.int().nullable(),
    /** Only what can prove a failure. */
    claims: z
      .array(
        z.strictObject({
          /** Of the claim. */
          name: z.string(),
          form: z.string(),
          whole: sums,
          /** `ln E` of the road before its sums took their present form. */
          before: z.number(),
          /** The sums of each of the last hours, in the order of time. */
          hours: z.array(z.tuple([z.int(), sums]).readonly()).readonly(),
          /** `ln E` of each stage as of its last look, by its label. */
          stages: z.array(z.tuple([z.string(), z.number()]).readonly()).readonly(),
        }),
      )
      .readonly(),
    /** Logarithms of the likelihood ratios "so many times 1.1" against 1.1 (regression.ts). */
    regression: z.strictObject({
      whole: sums,
      /** Of each alternative, its largest hour among those that are over. */
      worst: sums,
      /** The newest hour, in hours since 1970; null before the first. */
      hour: z.int().nullable(),
      current: sums,
      /** Events and tasks of the gateway, then of the official arm, where both had tasks. */
      counts: sums,
    }),
    /** As of the last look with users on the official arm. */
    clusters,
  });
}

// What is read here was checked by the schemas of what is kept.
const sums = z.codec(z.custom<WrittenSums>(), z.custom<Sums>(), {
  decode: (written, { issues }) => {
    const read = readSums(written);
    if (read === null) issues.push({ code: 'custom', message: NOT_OURS, input: written });
    return read ?? [];
  },
  encode: writeSums,
});
const users = z.codec(z.custom<WrittenUsers>(), z.custom<Users>(), { decode: readUsers, encode: writeUsers });
const stageCodec = stageShape(sums, users);
const roadCodec = roadShape(sums);

export type StageEvidence = z.output<typeof stageCodec>;
export type Baseline = StageEvidence['baseline'];
export type Road = z.output<typeof roadCodec>;

const NOT_OURS = 'sums as the judge writes them';
const readableSums = writtenSums.refine((written) => readSums(written) !== null, { error: NOT_OURS });

/** The evidence of one stage, as it is written. */
export const keptStageSchema = stageShape(readableSums, writtenUsers);
export type KeptStage = z.output<typeof keptStageSchema>;
/** What outlives a stage, as it is written. */
export const keptRoadSchema = roadShape(readableSums);
export type KeptRoad = z.output<typeof keptRoadSchema>;

/** What is kept between two looks, as plain JSON. Null: nothing was counted yet. */
export interface Kept {
  readonly stage: KeptStage | null;
  readonly road: KeptRoad | null;
}

export const NOTHING_KEPT: Kept = { stage: null, road: null };

/** Reading it back gives the same evidence. */
export function writeStage(evidence: StageEvidence): KeptStage {
  return z.encode(stageCodec, evidence);
}

/** The evidence as it was written. It is only valid for the setting that it grew with. @throws ZodError */
export function readStage(written: KeptStage): StageEvidence {
  return z.decode(stageCodec, written);
}

export function writeRoad(road: Road): KeptRoad {
  return z.encode(roadCodec, road);
}

/** @throws ZodError */
export function readRoad(written: KeptRoad): Road {
  return z.decode(roadCodec, written);
}
