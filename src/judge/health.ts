/** Can the measurements be trusted? If not, comparisons of the arms are worthless, and the gateway is not to blame. */
import { type Arm, type ByArm, byArm } from '../config/arms.ts';
import type { Measurement } from '../measure/measurement.ts';
import { nameHash } from '../measure/sample.ts';
import type { StageEvidence } from './kept.ts';
import { totalOf } from './method.ts';
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

/** Tasks of both arms, or units of a sticky split. */
type ArmTotals = ByArm<number>;

type HourlyTasks = StageEvidence['sinceVerified']['hours'][number];

/** The hours that can show that a share is right again. */
const SHARE_HOURS = 24;
const HOUR = 3_600_000;

/** Counts one more window. @param tasks of the stage's models */
export function addHour(
  hours: readonly HourlyTasks[],
  { window, arms }: Measurement,
  tasks: ArmTotals,
  cluster: Cluster,
): readonly HourlyTasks[] {
  const units = byArm((arm) => arms[arm]?.units ?? []);
  const added = (cluster === 'user' ? comparableUnits(units) : null) ?? tasks;
  const hour = Math.floor(window.from / HOUR);
  const known = hours.find((each) => each.hour === hour) ?? { windows: 0, gateway: 0, official: 0 };
  const sums = byArm((arm) => known[arm] + added[arm]);
  return [...hours.filter((each) => each.hour !== hour), { hour, windows: known.windows + 1, ...sums }]
    .sort((one, other) => one.hour - other.hour)
    .slice(-SHARE_HOURS);
}

type Cluster = 'task' | 'user';

/** A unit by its name, or by the hash of it. */
type Listed = { readonly unit: string } | { readonly hash: number };

/**
 * The share check: does the observed share match the configured one, up to a factor of the odds? Of first attempts; of
 * users where the split is sticky, since a hundred customers have very different numbers of tasks. A share that was
 * wrong is right again once the newest hours prove it.
 * @param share percent; null where no share is configured
 */
export function isShareWrong(
  { tasks, hours }: { readonly tasks: ArmTotals; readonly hours: readonly HourlyTasks[] },
  share: number | null,
  cluster: Cluster,
  units: ByArm<readonly Listed[]>,
): boolean {
  if (share === null || share <= 0) return false;
  const known = cluster === 'user' ? comparableUnits(units) : null;
  if (!isProvenOutside(known ?? tasks, share, cluster)) return false;
  const newest = hours.toReversed();
  return !newest.some((_, index) => {
    const total = (key: 'windows' | Arm) => totalOf(newest.slice(0, index + 1), (hour) => hour[key]);
    // The same users come again in every window: they count once.
    const times = known === null ? 1 : total('windows');
    return isProvenInside(
      byArm((arm) => total(arm) / times),
      share,
      cluster,
    );
  });
}

/**
 * Units of both arms that stand for the same part of all: each arm lists those with the lowest hashes (sample.ts), so
 * both are counted up to the lower of their highest ones.
 * @returns null where no unit is known
 */
function comparableUnits(units: ByArm<readonly Listed[]>): ArmTotals | null {
  const hashes = byArm((arm) => units[arm].map((each) => ('hash' in each ? each.hash : nameHash(each.unit))));
  const { gateway, official } = hashes;
  if (gateway.length + official.length === 0) return null;
  const listed = Math.min(
    ...[gateway, official].flatMap((each) => (each.length > 0 ? [Math.max(...each)] : [])),
  );
  return byArm((arm) => hashes[arm].filter((hash) => hash <= listed).length);
}

function isProvenOutside(totals: ArmTotals, share: number, cluster: Cluster): boolean {
  const { low, high, least, most } = oddsOf(totals, share, cluster, SHARE_ALPHA);
  // At 100 % the gateway cannot have too much.
  return high < least || (share < 100 && low > most);
}

/** Any of the newest hours may be the first: they share the level. */
function isProvenInside(totals: ArmTotals, share: number, cluster: Cluster): boolean {
  const { low, high, least, most } = oddsOf(totals, share, cluster, SHARE_ALPHA / SHARE_HOURS);
  return low >= least && (share >= 100 || high <= most);
}

/** The interval of the observed odds, and the ends of those that are accepted. */
function oddsOf({ gateway, official }: ArmTotals, share: number, cluster: Cluster, alpha: number) {
  const expected = Math.min(share, LARGEST_SHARE) / 100;
  const odds = expected / (1 - expected);
  const tolerance = cluster === 'user' ? STICKY_TOLERANCE : TASK_TOLERANCE;
  const count = { events: gateway, tasks: gateway + official };
  const { low, high } = rateInterval(count, alpha, concentrationFor(SHARE_SHARPEST_AT, SHARE_ALPHA));
  const [least, most] = [odds / tolerance, odds * tolerance];
  return { low: low / (1 - low), high: high / (1 - high), least, most };
}

/**
 * How unlikely it is that all tasks since an arm's last one went to the other arm: `−ln` of the probability. What the
 * arm was expected to have says less: with few tasks, that the other arm has many is chance as well.
 */
export type Silence = ByArm<number>;

export const NO_SILENCE: Silence = { gateway: 0, official: 0 };

/**
 * Chance alone gets there after one in 160,000 tasks, e^−12. (Where it was one in a thousand, every tenth rollout of a
 * healthy gateway at 2,000 tasks a day paused.)
 */
const SILENT_FROM = 12;

/**
 * Counts one more window.
 * @param share percent of the tasks that the gateway should have
 */
export function addSilence(silence: Silence, { arms }: Measurement, share: number): Silence {
  const [gateway, official] = [arms.gateway?.tasks ?? 0, arms.official?.tasks ?? 0];
  const expected = Math.min(share, LARGEST_SHARE) / 100;
  return {
    gateway: gateway > 0 ? 0 : silence.gateway - official * Math.log1p(-expected),
    // Once everything has moved, no official task is expected.
    official: official > 0 || share >= 100 ? 0 : silence.official - gateway * Math.log(expected),
  };
}

export function isSilent({ gateway, official }: Silence): boolean {
  return gateway >= SILENT_FROM || official >= SILENT_FROM;
}
