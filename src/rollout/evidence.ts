/**
 * The evidence of the stage as the state keeps it. What the judge learns from the past of the official arm is not in
 * it, but read again from the windows of before the stage; and only failures are looked for in the last hours.
 */
import { z } from 'zod';
import type { Baseline } from '../judge/baseline.ts';
import type { StageEvidence } from '../judge/evidence.ts';

/** A sum that is not known is NaN, and JSON has none. */
const sums = z.array(z.number().nullable());
const bounds = z.object({ gateway: z.array(z.number()), official: z.array(z.number()) });
const tally = z.object({
  period: z.object({ from: z.number(), to: z.number() }).nullable(),
  windows: z.int().min(0),
  tasks: z.object({ gateway: z.number(), official: z.number() }),
  gauges: z.array(z.object({ gateway: sums, official: sums })),
  claims: z.array(z.object({ whole: sums, hours: z.array(z.object({ hour: z.int(), sums })) })),
});

export const evidenceSchema = z.object({
  learnt: z.object({ slowBound: z.number().nullable(), learning: sums, latency: bounds, ttft: bounds }),
  sinceWritten: tally,
  sinceVerified: tally,
});
export type StoredEvidence = z.output<typeof evidenceSchema>;
type StoredTally = z.output<typeof tally>;

/** Evidence of both kinds under the baseline that they share. */
export interface GatheredEvidence {
  readonly sinceWritten: StageEvidence;
  readonly sinceVerified: StageEvidence;
}

/** @param baseline what both are judged by from now on */
export function storeEvidence(
  { sinceWritten, sinceVerified }: GatheredEvidence,
  baseline: Baseline,
): StoredEvidence {
  const { slowBound, learning, latency, ttft } = baseline;
  return {
    learnt: {
      slowBound,
      learning: storeSums(learning),
      latency: storeBounds(latency),
      ttft: storeBounds(ttft),
    },
    sinceWritten: storeTally(sinceWritten, true),
    sinceVerified: storeTally(sinceVerified, false),
  };
}

/** @param official the official slices of the windows before the stage */
export function readEvidence(stored: StoredEvidence, official: Baseline['official']): GatheredEvidence {
  const { slowBound, learning, latency, ttft } = stored.learnt;
  const baseline: Baseline = { slowBound, learning: readSums(learning), latency, ttft, official };
  return {
    sinceWritten: readTally(stored.sinceWritten, baseline),
    sinceVerified: readTally(stored.sinceVerified, baseline),
  };
}

function storeTally(
  { period, windows, tasks, gauges, claims }: StageEvidence,
  withHours: boolean,
): StoredTally {
  return {
    period,
    windows,
    tasks,
    gauges: gauges.map(({ gateway, official }) => ({
      gateway: storeSums(gateway),
      official: storeSums(official),
    })),
    claims: claims.map(({ whole, hours }) => ({
      whole: storeSums(whole),
      hours: withHours ? hours.map(({ hour, sums }) => ({ hour, sums: storeSums(sums) })) : [],
    })),
  };
}

function readTally({ gauges, claims, ...rest }: StoredTally, baseline: Baseline): StageEvidence {
  return {
    ...rest,
    baseline,
    gauges: gauges.map(({ gateway, official }) => ({
      gateway: readSums(gateway),
      official: readSums(official),
    })),
    claims: claims.map(({ whole, hours }) => ({
      whole: readSums(whole),
      hours: hours.map(({ hour, sums }) => ({ hour, sums: readSums(sums) })),
    })),
  };
}

function storeSums(numbers: readonly number[]): (number | null)[] {
  return numbers.map((number) => (Number.isFinite(number) ? number : null));
}

function readSums(numbers: readonly (number | null)[]): number[] {
  return numbers.map((number) => number ?? Number.NaN);
}

function storeBounds({ gateway, official }: Baseline['latency']) {
  return { gateway: [...gateway], official: [...official] };
}
