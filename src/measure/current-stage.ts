/** What a measurement needs to know about the rollout: its current stage, and since when. */
import { z } from 'zod';

/** The end of the year 9999: a pushed branch may contain any number, and later ones are not dates. */
const LATEST = Date.UTC(10_000, 0) - 1;
const moment = z.int().min(0).max(LATEST).nullable();
const LONGEST_LABEL = 1_000;

/** The few fields of the App's state that are read here; rollout/state.ts defines them. */
const stateFileSchema = z.object({
  state: z.object({
    status: z.object({ kind: z.string() }),
    stage: z.object({
      label: z.string().max(LONGEST_LABEL),
      measuredTo: moment,
      traffic: z.object({ writtenAt: moment }),
    }),
  }),
});

export interface CurrentStage {
  /** The label of the current stage. */
  readonly stage: string;
  /** When the stage's share was written, in milliseconds since 1970; null: not yet. Before, another share applied. */
  readonly since: number | null;
  /** The end of the newest window that the App has counted in this stage; null before the first. */
  readonly measuredTo: number | null;
  /** Traffic was taken back, so the gateway's share is 0. */
  readonly isRolledBack: boolean;
}

/**
 * Reads the file of a rollout's state. Its signature is not checked, since only the App has the key. A forged file can
 * only cause measurements that the App does not count, because it knows its own stage.
 * @param json the parsed file
 * @returns null if it is not a state
 */
export function currentStageIn(json: unknown): CurrentStage | null {
  const read = stateFileSchema.safeParse(json);
  if (!read.success) return null;
  const { status, stage } = read.data.state;
  return {
    stage: stage.label,
    since: stage.traffic.writtenAt,
    measuredTo: stage.measuredTo,
    isRolledBack: ['stepped-back', 'rolled-back', 'aborted'].includes(status.kind),
  };
}
