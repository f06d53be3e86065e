/**
 * Evidence as JSON, to keep it between two looks: one value for the stage and one for the road of its slice, exact to the
 * last digit, and short. Most sums are whole numbers of steps (method.ts), which are written as differences in Base64
 * VLQ, as in source maps.
 */
import { z } from 'zod';
import { isMetricName } from '../config/metrics.ts';
import type { StageEvidence } from './evidence.ts';
import type { Sums } from './method.ts';
import type { Road } from './road.ts';
import { readSums, type WrittenSums, writeSums } from './written-sums.ts';
import { readUsers, writeUsers, writtenUsersSchema } from './written-users.ts';

const count = z.int().min(0);
const usd = z.number().min(0);
const bounds = z.array(z.number().positive()).readonly();
const boundsSchema = z.strictObject({ gateway: bounds, official: bounds });

const sumsSchema = z
  .union([z.string(), z.array(z.number().nullable()).readonly()])
  .refine((written) => readSums(written) !== null, { error: 'sums as the judge writes them' });

const clustersSchema = z.strictObject({ failures: z.number(), slow: z.number() }).optional();

const periodSchema = z.strictObject({ from: z.int(), to: z.int() }).nullable();
const ratesSchema = z.array(z.tuple([z.string().nullable(), sumsSchema]).readonly()).readonly();

/** The evidence of one stage, as it is written. */
export const keptStageSchema = z.strictObject({
  schema: z.literal(2, { error: '2, the version of written evidence that this program reads' }),
  baseline: z.strictObject({
    slowBound: z.number().positive().nullable(),
    learning: sumsSchema,
    latency: boundsSchema,
    ttft: boundsSchema,
    spending: z.record(z.string(), z.tuple([usd, usd, usd]).readonly()).optional(),
    rates: z.record(z.string(), ratesSchema),
    clusters: clustersSchema,
    history: z.record(z.string(), sumsSchema),
  }),
  sinceWritten: z.strictObject({
    period: periodSchema,
    windows: count,
    claims: z.array(sumsSchema).readonly(),
  }),
  sinceVerified: z.strictObject({
    period: periodSchema,
    windows: count,
    tasks: z.strictObject({ gateway: count, official: count }),
    hours: z
      .array(z.strictObject({ hour: z.int(), windows: count, gateway: count, official: count }))
      .readonly(),
    gauges: z.array(z.strictObject({ gateway: sumsSchema, official: sumsSchema })).readonly(),
    claims: z.array(sumsSchema).readonly(),
    users: writtenUsersSchema.optional(),
    dates: z
      .array(z.array(z.number().min(0)).readonly())
      .readonly()
      .optional(),
  }),
});
export type KeptStage = z.output<typeof keptStageSchema>;

/** What outlives a stage, as it is written. */
export const keptRoadSchema = z.strictObject({
  schema: z.literal(1, { error: '1, the version of the road that this program reads' }),
  slice: z.string().nullable(),
  from: z.int().nullable(),
  restartsFrom: z.int().nullable(),
  claims: z
    .array(
      z.strictObject({
        name: z.string(),
        form: z.string(),
        whole: sumsSchema,
        before: z.number(),
        hours: z.array(z.tuple([z.int(), sumsSchema]).readonly()).readonly(),
        stages: z.array(z.tuple([z.string(), z.number()]).readonly()).readonly(),
      }),
    )
    .readonly(),
  regression: z.strictObject({
    whole: sumsSchema,
    worst: sumsSchema,
    hour: z.int().nullable(),
    current: sumsSchema,
    counts: sumsSchema,
  }),
  clusters: clustersSchema,
}) satisfies z.ZodType<{ readonly schema: 1 } & Road<WrittenSums>>;
export type KeptRoad = z.output<typeof keptRoadSchema>;

/** What is kept between two looks, as plain JSON. Null: nothing was counted yet. */
export interface Kept {
  readonly stage: KeptStage | null;
  readonly road: KeptRoad | null;
}

export const NOTHING_KEPT: Kept = { stage: null, road: null };

/** Reading it back gives the same evidence. */
export function writeStage(evidence: StageEvidence): KeptStage {
  const { sinceVerified, ...written } = stageWith(evidence, writeSums);
  const { users, ...counts } = sinceVerified;
  const withUsers = users === undefined ? counts : { ...counts, users: writeUsers(users) };
  return { schema: 2, ...written, sinceVerified: withUsers };
}

/**
 * The evidence as it was written. It is only valid for the setting that it grew with.
 * @throws RangeError for sums that {@link keptStageSchema} would have refused
 */
export function readStage({ schema: _, ...written }: KeptStage): StageEvidence {
  const { users, ...counts } = written.sinceVerified;
  const evidence = stageWith({ ...written, sinceVerified: counts }, knownSums);
  if (users === undefined) return evidence;
  return { ...evidence, sinceVerified: { ...evidence.sinceVerified, users: readUsers(users) } };
}

/** What the stage learned from the official arm, and nothing counted: the watch continues with its limits. */
export function withoutCounts({ schema, baseline }: KeptStage): KeptStage {
  const nothing = { period: null, windows: 0, claims: [] };
  const tasks = { gateway: 0, official: 0 };
  return {
    schema,
    baseline,
    sinceWritten: nothing,
    sinceVerified: { ...nothing, tasks, hours: [], gauges: [] },
  };
}

export function writeRoad(road: Road): KeptRoad {
  return { schema: 1, ...roadWith(road, writeSums) };
}

export function readRoad({ schema: _, ...written }: KeptRoad): Road {
  return roadWith(written, knownSums);
}

function knownSums(written: WrittenSums): Sums {
  const sums = readSums(written);
  if (sums === null) throw new RangeError('written sums that end in the middle of a number');
  return sums;
}

function stageWith<From extends Sums | WrittenSums, To>(
  { baseline, sinceWritten, sinceVerified }: StageEvidence<From>,
  change: (sums: From) => To,
) {
  const { gauges, claims } = sinceVerified;
  return {
    baseline: {
      ...baseline,
      learning: change(baseline.learning),
      rates: byMetric(baseline.rates, (rates) =>
        rates.map(([model, sums]) => [model, change(sums)] as const),
      ),
      history: byMetric(baseline.history, change),
    },
    sinceWritten: { ...sinceWritten, claims: sinceWritten.claims.map(change) },
    sinceVerified: {
      ...sinceVerified,
      gauges: gauges.map(({ gateway, official }) => ({
        gateway: change(gateway),
        official: change(official),
      })),
      claims: claims.map(change),
    },
  };
}

function byMetric<From, To>(record: Readonly<Record<string, From>>, change: (value: From) => To) {
  const entries = Object.entries(record).flatMap(([name, value]) =>
    isMetricName(name) ? [[name, change(value)] as const] : [],
  );
  return Object.fromEntries(entries);
}

function roadWith<From extends Sums | WrittenSums, To>(
  { claims, regression, ...plain }: Road<From>,
  change: (sums: From) => To,
) {
  const { whole, worst, current, counts } = regression;
  return {
    ...plain,
    claims: claims.map((claim) => ({
      ...claim,
      whole: change(claim.whole),
      hours: claim.hours.map(([hour, sums]) => [hour, change(sums)] as const),
    })),
    regression: {
      ...regression,
      whole: change(whole),
      worst: change(worst),
      current: change(current),
      counts: change(counts),
    },
  };
}
