/**
 * How far apart both arms were on the same requests, in fixed steps: so pairs of any number of windows add up, and take
 * little room. Positive where the gateway was worse.
 */
import { z } from 'zod';

/** Steps in 1: of the logarithm of gateway ÷ official, or of the official share that was lost. */
export const STEPS = 64;
/** Differences farther out count as this many steps, 55 times as much. */
const FARTHEST = 4 * STEPS;

const step = z.int().min(-FARTHEST).max(FARTHEST);

/** `[step, pairs]`, by rising step; a step stands for the differences that it is nearest to. */
export const stepsSchema = z
  .array(z.tuple([step, z.int().min(1)]).readonly())
  .refine((steps) => steps.every(([at], index) => at > (steps[index - 1]?.[0] ?? Number.NEGATIVE_INFINITY)), {
    error: 'steps that rise',
  });
export type Steps = readonly Readonly<z.output<typeof stepsSchema>[number]>[];

/**
 * What is compared; of `tokens` those of input and output, of `cache` the share of cached input, of `quality` which answer
 * is better: 1, or -1 for the gateway's.
 */
export const COMPARED = ['latency', 'ttft', 'tokens', 'cost', 'cache', 'quality'] as const;
export type Compared = (typeof COMPARED)[number];

export const differencesSchema = z.record(z.enum(COMPARED), stepsSchema);
export type Differences = Readonly<Record<Compared, Steps>>;

export function differencesOf(of: (compared: Compared) => Steps): Differences {
  return Object.fromEntries(COMPARED.map((each) => [each, of(each)])) as Differences;
}

export function stepOf(difference: number): number {
  return Math.max(-FARTHEST, Math.min(FARTHEST, Math.round(difference * STEPS)));
}

/** How many differences lie on either side of 0, which is where the other arm was worse. */
export function sidesOf(steps: Steps): {
  readonly gateway: number;
  readonly official: number;
  readonly all: number;
} {
  const pairsAt = (isCounted: (at: number) => boolean) =>
    steps.reduce((sum, [at, pairs]) => sum + (isCounted(at) ? pairs : 0), 0);
  return { gateway: pairsAt((at) => at > 0), official: pairsAt((at) => at < 0), all: pairsAt(() => true) };
}

export function addSteps(a: Steps, b: Steps): Steps {
  const sums = new Map(a);
  for (const [at, pairs] of b) sums.set(at, (sums.get(at) ?? 0) + pairs);
  return [...sums].sort(([one], [other]) => one - other);
}
