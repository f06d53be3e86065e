/**
 * Counts of both arms as the state keeps them: those of a measurement, bounded so that the state stays small enough
 * for a file on a branch (GitHub's API returns files below 1 MB whole).
 */
import type { z } from 'zod';
import { byArm } from '../config/arms.ts';
import { addArms, boundArm } from '../measure/add.ts';
import { type ArmCounts, type Counts, type Measurement, measurementSchema } from '../measure/measurement.ts';

export type Arms = Measurement['arms'];

/** Both arms; null where nothing is known of one. */
export const armsSchema: z.ZodType<Arms> = measurementSchema.shape.arms;

export const NO_ARMS: Arms = { official: null, gateway: null };

/** Keys and members that are listed over the whole rollout. */
const MOST_SPENDERS = 40;

/** What is kept of a window for people: sums, keys and members, without models, times and units. */
export function spentIn({ arms }: Measurement): Arms {
  return mapArms(arms, (arm) => ({ ...boundArm(arm, MOST_SPENDERS), ...NO_TIMES, byModel: [] }));
}

/** What is kept of a window for its stage: sums. */
export function stageSumsIn({ arms }: Measurement): Arms {
  return mapArms(arms, ({ units: _, ...rest }) => {
    return { ...rest, ...NO_TIMES, byModel: [], byKey: [], byMember: [] };
  });
}

/** Sums of what {@link spentIn} or {@link stageSumsIn} kept. */
export function addStored(a: Arms, b: Arms): Arms {
  return mapArms(addArms(a, b), (arm) => boundArm(arm, MOST_SPENDERS));
}

/** Of both arms, as far as they are known. */
export function tasksIn({ official, gateway }: Arms): number {
  return (official?.tasks ?? 0) + (gateway?.tasks ?? 0);
}

const NO_TIMES: Pick<Counts, 'latency' | 'ttft'> = { latency: [], ttft: [] };

export function mapArms(arms: Arms, change: (counts: ArmCounts) => ArmCounts): Arms {
  return byArm((arm) => arms[arm] && change(arms[arm]));
}
