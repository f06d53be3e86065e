/** What whoever measures has to know of the rollout: at which stage it stands, and since when. */
import { z } from 'zod';

/** The end of the year 9999: whoever may push a branch may write any number, and later ones are no dates. */
const LATEST = Date.UTC(10_000, 0) - 1;
const moment = z.int().min(0).max(LATEST).nullable();
const LONGEST_LABEL = 1_000;

/** Of the state that the App keeps, the few places that are read here; they are laid down by rollout/state.ts. */
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
  /** The label of the present stage. */
  readonly stage: string;
  /** When the stage's share was written, in milliseconds since 1970; null: not yet. Before, another share held. */
  readonly since: number | null;
  /** The end of the newest window that the App has counted in this stage; null before the first. */
  readonly measuredTo: number | null;
  /** The traffic was taken back, so that the gateway's share is 0. */
  readonly isRolledBack: boolean;
}

/**
 * Reads the file of a rollout's state. Its signature is not looked at, for only the App has the key: who forges it makes
 * measurements that the App does not count, since it knows its own stage, and nothing else.
 * @param json of the file, parsed
 * @returns null for what is no state
 */
export function currentStageIn(json: unknown): CurrentStage | null {
  const read = stateFileSchema.safeParse(json);
  if (!read.success) return null;
  const { status, stage } = read.data.state;
  return {
    stage: stage.label,
    since: stage.traffic.writtenAt,
    measuredTo: stage.measuredTo,
    isRolledBack: status.kind === 'rolled-back' || status.kind === 'aborted',
  };
}
