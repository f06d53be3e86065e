/** Can the measurements be trusted? If not, comparisons of the arms are worthless, and the gateway is not to blame. */
import type { Measurement } from '../measure/measurement.ts';
import { concentrationFor, rateInterval } from './rate.ts';

/** What may be wrong with the evidence: stable reason codes. */
export const HEALTH_PROBLEMS = [
  /** The source returned an error. */
  'source_error',
  /** The newest window ended too long ago. */
  'stale_window',
  /** One arm has no tasks where many were expected. */
  'silent_arm',
  /** The clocks of source and judge differ. */
  'clock_skew',
  /** The observed traffic split does not match the stage's share. */
  'traffic_share',
  /** The source has no data for an arm. */
  'no_source_data',
] as const;
export type HealthProblem = (typeof HEALTH_PROBLEMS)[number];

const SHARE_ALPHA = 0.001;
const SHARE_SHARPEST_AT = 500;
/** A sticky split moves users, some of whom have far more tasks than others. */
const STICKY_TOLERANCE = 2;
/** Flags arrive late, stages begin within windows, and no split is exact to the last percent. */
const TASK_TOLERANCE = 1.25;
/** A stage that moves everything still has a few late tasks on the official arm. */
const LARGEST_SHARE = 99;

/**
 * The share check: does the observed share of first attempts match the configured one, up to a factor of the odds?
 * @param share percent; null where no share is configured
 */
export function isShareWrong(
  tasks: { readonly gateway: number; readonly official: number },
  share: number | null,
  cluster: 'task' | 'user',
): boolean {
  const total = tasks.gateway + tasks.official;
  if (share === null || share <= 0 || total === 0) return false;
  const expected = Math.min(share, LARGEST_SHARE) / 100;
  const odds = expected / (1 - expected);
  const tolerance = cluster === 'user' ? STICKY_TOLERANCE : TASK_TOLERANCE;
  const { low, high } = rateInterval(
    { events: tasks.gateway, tasks: total },
    SHARE_ALPHA,
    concentrationFor(SHARE_SHARPEST_AT, SHARE_ALPHA),
  );
  const tooLow = high / (1 - high) < odds / tolerance;
  // At 100 % the gateway cannot have too much.
  const tooHigh = share < 100 && low / (1 - low) > odds * tolerance;
  return tooLow || tooHigh;
}

/** How many tasks were expected on each arm since its last one. */
export interface Silence {
  readonly gateway: number;
  readonly official: number;
}

export const NO_SILENCE: Silence = { gateway: 0, official: 0 };

/** Chance alone leaves out this many expected tasks once in a thousand times: e^−7. */
const SILENT_FROM = 7;

/**
 * Counts one more window.
 * @param share percent of the tasks that the gateway should have
 */
export function addSilence(silence: Silence, { arms }: Measurement, share: number): Silence {
  const [gateway, official] = [arms.gateway?.tasks ?? 0, arms.official?.tasks ?? 0];
  const expected = Math.min(share, LARGEST_SHARE) / 100;
  const odds = expected / (1 - expected);
  return {
    gateway: gateway > 0 ? 0 : silence.gateway + official * odds,
    // Once everything has moved, no official task is expected.
    official: official > 0 || share >= 100 ? 0 : silence.official + gateway / odds,
  };
}

export function isSilent({ gateway, official }: Silence): boolean {
  return gateway >= SILENT_FROM || official >= SILENT_FROM;
}
