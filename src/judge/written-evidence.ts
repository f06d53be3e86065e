/**
 * Evidence as JSON, to keep it between two looks: exact to the last digit, and short. Most sums are whole numbers of
 * steps (method.ts), which are written as differences in Base64 VLQ, as in source maps.
 */
import { z } from 'zod';
import { isMetricName } from '../config/metrics.ts';
import type { StageEvidence } from './evidence.ts';
import type { Sums } from './method.ts';
import { readSums, type WrittenSums, writeSums } from './written-sums.ts';

const count = z.int().min(0);
const usd = z.number().min(0);
const bounds = z.array(z.number().positive()).readonly();
const boundsSchema = z.strictObject({ gateway: bounds, official: bounds });

const sumsSchema = z
  .union([z.string(), z.array(z.number().nullable()).readonly()])
  .refine((written) => readSums(written) !== null, { error: 'sums as the judge writes them' });

/** How {@link StageEvidence} is written. */
export const writtenEvidenceSchema = z.strictObject({
  schema: z.literal(1, { error: '1, the version of written evidence that this program reads' }),
  baseline: z.strictObject({
    slowBound: z.number().positive().nullable(),
    learning: sumsSchema,
    latency: boundsSchema,
    ttft: boundsSchema,
    spending: z.record(z.string(), z.tuple([usd, usd, usd]).readonly()).optional(),
    history: z.record(z.string(), sumsSchema),
  }),
  period: z.strictObject({ from: z.int(), to: z.int() }).nullable(),
  windows: count,
  tasks: z.strictObject({ gateway: count, official: count }),
  gauges: z.array(z.strictObject({ gateway: sumsSchema, official: sumsSchema })).readonly(),
  claims: z
    .array(
      z.strictObject({
        whole: sumsSchema,
        hours: z.array(z.tuple([z.int(), sumsSchema]).readonly()).readonly(),
      }),
    )
    .readonly(),
}) satisfies z.ZodType<{ readonly schema: 1 } & StageEvidence<WrittenSums>>;

export type WrittenEvidence = z.output<typeof writtenEvidenceSchema>;

/** Plain JSON: reading it back gives the same evidence. */
export function writeEvidence(evidence: StageEvidence): WrittenEvidence {
  return { schema: 1, ...withSums(evidence, writeSums) };
}

/**
 * The evidence as it was written. It is only valid for the plan that it grew with: the same setting, and its own
 * baseline.
 * @throws RangeError for sums that {@link writtenEvidenceSchema} would have refused
 */
export function readEvidence({ schema: _, ...evidence }: WrittenEvidence): StageEvidence {
  return withSums(evidence, (written) => {
    const sums = readSums(written);
    if (sums === null) throw new RangeError('written sums that end in the middle of a number');
    return sums;
  });
}

function withSums<From extends Sums | WrittenSums, To>(
  { baseline, gauges, claims, ...plain }: StageEvidence<From>,
  change: (sums: From) => To,
) {
  const history = Object.entries(baseline.history).flatMap(([name, sums]) =>
    isMetricName(name) ? [[name, change(sums)] as const] : [],
  );
  return {
    ...plain,
    baseline: {
      ...baseline,
      learning: change(baseline.learning),
      history: Object.fromEntries(history),
    },
    gauges: gauges.map(({ gateway, official }) => ({ gateway: change(gateway), official: change(official) })),
    claims: claims.map(({ whole, hours }) => ({
      whole: change(whole),
      hours: hours.map(([hour, sums]) => [hour, change(sums)] as const),
    })),
  };
}
