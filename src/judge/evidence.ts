/** The evidence of one stage: sums over its windows. */
import { byArm } from '../config/arms.ts';
import { spanOf } from '../measure/add.ts';
import type { Measurement } from '../measure/measurement.ts';
import { learn, learnBounds } from './baseline.ts';
import {
  type Claim,
  claimsOf,
  followedRates,
  type GaugedMetric,
  gaugedMetrics,
  type StageSetting,
} from './claims.ts';
import { addHour } from './health.ts';
import {
  type Baseline,
  type KeptStage,
  type Road,
  readStage,
  type StageEvidence,
  writeStage,
} from './kept.ts';
import { addSums, type Level, type Sums } from './method.ts';
import { concentrationFor } from './rate.ts';
import { addToRoad } from './road.ts';
import { armOf, strataOf, tasksOf } from './strata.ts';
import { addUsers, betsOf, datesUntil, evidenceOf, NO_USERS } from './users.ts';

/** The confidence sequences are sharpest at `min_tasks`, and at no fewer tasks than this. */
const LEAST_SHARPEST_AT = 500;

/** What a stage requires and how it is judged, while its baseline stays the same. */
export interface StagePlan {
  readonly setting: StageSetting;
  readonly baseline: Baseline;
  readonly metrics: readonly GaugedMetric[];
  readonly claims: readonly Claim[];
  /** For independent tasks; `alpha` is that of a pass. */
  readonly level: Level;
  /** `α_fail = α / (limits of the road)`: what one limit may spend over all stages. */
  readonly alphaOfFail: number;
}

/** The plan of a stage. It depends on the evidence only through the baseline. */
export function planStage(setting: StageSetting, baseline: Baseline): StagePlan {
  const alpha = 1 - setting.confidence / 100;
  const { min_tasks: least } = setting.gate;
  const sharpestAt = Math.max(least === 'auto' ? 0 : least, LEAST_SHARPEST_AT);
  const level = { alpha, concentration: concentrationFor(sharpestAt, alpha) };
  const metrics = gaugedMetrics(setting, baseline);
  const claims = claimsOf(setting, metrics, baseline, level);
  const limits = Math.max(1, claims.filter(({ informs }) => !informs).length, setting.limitsOfRoad);
  return { setting, baseline, metrics, claims, level, alphaOfFail: alpha / limits };
}

/** Evidence before the first window. */
export function noEvidence({
  baseline,
  metrics,
  claims,
}: Pick<StagePlan, 'baseline' | 'metrics' | 'claims'>): StageEvidence {
  const nothing = { period: null, windows: 0, claims: claims.map(() => []) };
  return {
    schema: 2,
    baseline,
    sinceWritten: nothing,
    sinceVerified: {
      ...nothing,
      tasks: { gateway: 0, official: 0 },
      hours: [],
      gauges: metrics.map(() => ({ gateway: [], official: [] })),
    },
  };
}

/** What the stage learned from the official arm, and nothing counted: the watch continues with its limits. */
export function withoutCounts(kept: KeptStage): KeptStage {
  return writeStage(noEvidence({ baseline: readStage(kept).baseline, metrics: [], claims: [] }));
}

/** Everything that a look is based on. */
export interface Judged {
  readonly plan: StagePlan;
  readonly evidence: StageEvidence;
  readonly road: Road;
}

/**
 * Adds one window to the stage and to the road.
 * @param verified whether it began after the traffic was verified; otherwise it can only count against the gateway
 * @returns also the plan from now on: another one, since the window teaches what to expect
 */
export function addWindow(
  { plan, evidence, road }: Judged,
  measurement: Measurement,
  verified = true,
): Judged {
  const { setting } = plan;
  const strata = strataOf(measurement, setting.models, setting.copies);
  const bounded = withBaseline(plan, learnBounds(plan.baseline, strata));
  const added = bounded.claims.map(({ method }) => method.contribution(strata));
  const addTo = (sums: readonly Sums[], more: readonly Sums[]) =>
    bounded.claims.map(({ method }, index) => (method.add ?? addSums)(sums[index] ?? [], more[index] ?? []));
  const failures = bounded.claims.map(({ method }, index) =>
    (added[index] ?? []).slice(0, method.failureLength),
  );
  const { sinceWritten, sinceVerified } = evidence;
  const { window } = measurement;
  const arms = byArm((arm) => armOf(strata, arm));
  const tasks = byArm((arm) => tasksOf(strata, arm));
  const ofUsers = setting.copies ? byArm((arm) => measurement.arms[arm]?.tasks ?? 0) : tasks;
  const baseline = learn(bounded.baseline, strata, followedRates(setting, bounded.baseline));
  const grown: StageEvidence = {
    ...evidence,
    baseline,
    sinceWritten: {
      period: spanOf(sinceWritten.period ?? window, window),
      windows: sinceWritten.windows + 1,
      claims: addTo(sinceWritten.claims, failures),
    },
    sinceVerified: !verified
      ? sinceVerified
      : {
          ...sinceVerified,
          period: spanOf(sinceVerified.period ?? window, window),
          windows: sinceVerified.windows + 1,
          tasks: byArm((arm) => sinceVerified.tasks[arm] + tasks[arm]),
          hours: addHour(sinceVerified.hours, measurement, ofUsers, setting.cluster),
          gauges: bounded.metrics.map(({ gauge }, index) =>
            byArm((arm) => addSums(sinceVerified.gauges[index]?.[arm] ?? [], gauge.contribution(arms[arm]))),
          ),
          claims: addTo(sinceVerified.claims, added),
        },
  };
  return {
    plan: withBaseline(bounded, baseline),
    evidence: verified && setting.cluster === 'user' ? withUsers(grown, bounded.claims, measurement) : grown,
    road: addToRoad(road, bounded.claims, failures, strata, window.from),
  };
}

/** Adds the users of a window; they prove each claim at the dates that have come, once and for all. */
function withUsers(evidence: StageEvidence, claims: readonly Claim[], { arms }: Measurement): StageEvidence {
  const { period, users: before = NO_USERS, dates: known = [] } = evidence.sinceVerified;
  const users = addUsers(before, arms);
  const due = period === null ? 0 : datesUntil(period);
  const dates = claims.map(({ users: limit }, index) => {
    const shown = known[index] ?? [];
    if (limit === null || shown.length >= due) return shown;
    const evidenceNow = evidenceOf(betsOf(users, limit, evidence.baseline.slowBound));
    return [...shown, ...new Array<number>(due - shown.length).fill(evidenceNow)];
  });
  return { ...evidence, sinceVerified: { ...evidence.sinceVerified, users, dates } };
}

function withBaseline(plan: StagePlan, baseline: Baseline): StagePlan {
  return baseline === plan.baseline ? plan : planStage(plan.setting, baseline);
}
