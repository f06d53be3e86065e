/** Can the numbers be trusted at all? A mismatch makes relative verdicts worthless, and is no fault of the gateway. */
import type { Measurement } from '../measure/measurement.ts';
import { concentrationFor, rateInterval } from './rate.ts';

/** What may be wrong with the evidence, by stable reason codes. */
export const HEALTH_PROBLEMS = [
  /** The source answers with an error. */
  'source_error',
  /** The newest window ended too long ago. */
  'stale_window',
  /** One arm shows no tasks where there should be many. */
  'silent_arm',
  /** The clocks of source and judge differ. */
  'clock_skew',
  /** The arms' tasks do not stand in the ratio that the stage says. */
  'traffic_share',
  /** The source has no data of an arm. */
  'no_source_data',
] as const;
export type HealthProblem = (typeof HEALTH_PROBLEMS)[number];

const SHARE_ALPHA = 0.001;
const SHARE_SHARPEST_AT = 500;
/** A sticky split moves users, some of whom have far more tasks than others. */
const STICKY_TOLERANCE = 2;
/** Flags arrive late and stages begin inside of windows; no split of tasks is exact to the last percent. */
const TASK_TOLERANCE = 1.25;
/** A stage that moves everything still sees stragglers on the official arm. */
const LARGEST_SHARE = 99;

/**
 * The share check: is the observed share of first attempts the configured one, up to a factor of the odds?
 * @param share percent; null where there is none to compare with
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
  // Above the largest share nothing can be too much.
  const tooHigh = share < 100 && low / (1 - low) > odds * tolerance;
  return tooLow || tooHigh;
}

/** Tasks that each arm should have shown since it last showed one. */
export interface Silence {
  readonly gateway: number;
  readonly official: number;
}

export const NO_SILENCE: Silence = { gateway: 0, official: 0 };

/** So many expected tasks fail to come by chance once in a thousand times: e^−7. */
const SILENT_FROM = 7;

/**
 * Goes on counting with one more window.
 * @param share percent that the gateway should have
 */
export function addSilence(silence: Silence, { arms }: Measurement, share: number): Silence {
  const [gateway, official] = [arms.gateway?.tasks ?? 0, arms.official?.tasks ?? 0];
  const expected = Math.min(share, LARGEST_SHARE) / 100;
  const odds = expected / (1 - expected);
  return {
    gateway: gateway > 0 ? 0 : silence.gateway + official * odds,
    // Nobody expects the official arm once everything has moved.
    official: official > 0 || share >= 100 ? 0 : silence.official + gateway / odds,
  };
}

export function isSilent({ gateway, official }: Silence): boolean {
  return gateway >= SILENT_FROM || official >= SILENT_FROM;
}
