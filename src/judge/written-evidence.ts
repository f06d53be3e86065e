/**
 * Evidence as JSON, for whoever must keep it between two looks: exact to the last digit, and short. Most sums are
 * whole numbers of steps (method.ts), which are written as differences in Base64 VLQ, as source maps write theirs.
 */
import { z } from 'zod';
import type { Bounds } from './comparisons.ts';
import type { StageEvidence } from './evidence.ts';
import type { Sums } from './method.ts';
import { isMetricName } from './metrics.ts';
import { readSums, type WrittenSums, writeSums } from './written-sums.ts';

const count = z.int().min(0);
const bounds = z.array(z.number().positive());
const boundsSchema = z.strictObject({ gateway: bounds, official: bounds });

const sumsSchema = z
  .union([z.string(), z.array(z.number().nullable())])
  .refine((written) => readSums(written) !== null, { error: 'sums as the judge writes them' });

/** How {@link StageEvidence} stands in a file. */
export const writtenEvidenceSchema = z.strictObject({
  schema: z.literal(1, { error: '1, the version of written evidence that this program reads' }),
  baseline: z.strictObject({
    slowBound: z.number().positive().nullable(),
    learning: sumsSchema,
    latency: boundsSchema,
    ttft: boundsSchema,
    history: z.record(z.string(), sumsSchema),
  }),
  period: z.strictObject({ from: z.int(), to: z.int() }).nullable(),
  windows: count,
  tasks: z.strictObject({ gateway: count, official: count }),
  gauges: z.array(z.strictObject({ gateway: sumsSchema, official: sumsSchema })),
  claims: z.array(z.strictObject({ whole: sumsSchema, hours: z.array(z.tuple([z.int(), sumsSchema])) })),
});

export type WrittenEvidence = z.output<typeof writtenEvidenceSchema>;

/** Plain JSON: it comes back from a file as it was. */
export function writeEvidence({ baseline, gauges, claims, ...plain }: StageEvidence): WrittenEvidence {
  const { slowBound, learning, latency, ttft, history } = baseline;
  return {
    schema: 1,
    ...plain,
    baseline: {
      slowBound,
      learning: writeSums(learning),
      latency: copyOf(latency),
      ttft: copyOf(ttft),
      history: Object.fromEntries(Object.entries(history).map(([name, sums]) => [name, writeSums(sums)])),
    },
    gauges: gauges.map(({ gateway, official }) => ({
      gateway: writeSums(gateway),
      official: writeSums(official),
    })),
    claims: claims.map(({ whole, hours }) => ({
      whole: writeSums(whole),
      hours: hours.map(({ hour, sums }) => [hour, writeSums(sums)]),
    })),
  };
}

/**
 * The evidence as it was written. It belongs to the plan that it grew with: the same setting, and its own baseline.
 * @throws RangeError for sums that {@link writtenEvidenceSchema} would have refused
 */
export function readEvidence({
  schema: _,
  baseline,
  gauges,
  claims,
  ...plain
}: WrittenEvidence): StageEvidence {
  const { slowBound, learning, latency, ttft, history } = baseline;
  const known = Object.entries(history).filter(([name]) => isMetricName(name));
  return {
    ...plain,
    baseline: {
      slowBound,
      learning: sumsOf(learning),
      latency,
      ttft,
      history: Object.fromEntries(known.map(([name, sums]) => [name, sumsOf(sums)])),
    },
    gauges: gauges.map(({ gateway, official }) => ({ gateway: sumsOf(gateway), official: sumsOf(official) })),
    claims: claims.map(({ whole, hours }) => ({
      whole: sumsOf(whole),
      hours: hours.map(([hour, sums]) => ({ hour, sums: sumsOf(sums) })),
    })),
  };
}

function sumsOf(written: WrittenSums): Sums {
  const sums = readSums(written);
  if (sums === null) throw new RangeError('written sums that end in the middle of a number');
  return sums;
}

function copyOf({ gateway, official }: Bounds) {
  return { gateway: [...gateway], official: [...official] };
}
