/** The evidence of one stage: sums over its windows, and the sums of each of its last hours. */
import type { Measurement } from '../measure/measurement.ts';
import { type Baseline, learn, learnBounds } from './baseline.ts';
import { type Claim, claimsOf, type GaugedMetric, gaugedMetrics, type StageSetting } from './claims.ts';
import { addInto, addSums, type Level, type Sums } from './method.ts';
import { concentrationFor } from './rate.ts';
import { armOf, strataOf, tasksOf } from './strata.ts';

/** How many hours are kept, at each of which evidence can restart. */
const HOURS_KEPT = 48;
const HOUR = 3_600_000;
/** The confidence sequences are sharpest at `min_tasks`, and at no fewer tasks than this. */
const LEAST_SHARPEST_AT = 500;

/**
 * The sums of one claim over the whole stage, and of each of the last hours in the order of time; an hour keeps only
 * what can prove a failure.
 */
export interface ClaimSums<S = Sums> {
  readonly whole: S;
  readonly hours: readonly (readonly [hour: number, sums: S])[];
}

/**
 * What a stage has shown so far, as plain values. Windows may be added in any order.
 * @typeParam S how sums are held; written evidence holds them as text
 */
export interface StageEvidence<S = Sums> {
  readonly baseline: Baseline<S>;
  /** Start of the first window and end of the last, milliseconds since 1970; null before the first. */
  readonly period: { readonly from: number; readonly to: number } | null;
  readonly windows: number;
  readonly tasks: { readonly gateway: number; readonly official: number };
  /** In the order of the gate's metrics. */
  readonly gauges: readonly { readonly gateway: S; readonly official: S }[];
  /** In the order of the claims. */
  readonly claims: readonly ClaimSums<S>[];
}

/** A failure counts from the moment traffic was written, a pass from the moment it was verified. */
export interface JudgedEvidence {
  readonly sinceWritten: StageEvidence;
  readonly sinceVerified: StageEvidence;
}

/** What a stage requires and how it is judged, while its baseline stays the same. */
export interface StagePlan {
  readonly setting: StageSetting;
  readonly baseline: Baseline;
  readonly metrics: readonly GaugedMetric[];
  readonly claims: readonly Claim[];
  /** For independent tasks; `alpha` is that of a pass. */
  readonly level: Level;
  /** `α_fail = α / (limits of the gate × production stages)`. */
  readonly alphaOfFail: number;
}

/** The plan of a stage. It depends on the evidence only through the baseline, which is frozen early. */
export function planStage(setting: StageSetting, baseline: Baseline): StagePlan {
  const alpha = 1 - setting.confidence / 100;
  const { min_tasks: least } = setting.gate;
  const sharpestAt = Math.max(least === 'auto' ? 0 : least, LEAST_SHARPEST_AT);
  const level = { alpha, concentration: concentrationFor(sharpestAt, alpha), designEffect: 1 };
  const metrics = gaugedMetrics(setting, baseline);
  const claims = claimsOf(setting, metrics, baseline, level);
  const statements =
    Math.max(1, claims.filter(({ informs }) => !informs).length) * Math.max(1, setting.productionStages);
  return { setting, baseline, metrics, claims, level, alphaOfFail: alpha / statements };
}

/** Evidence before the first window. */
export function noEvidence({ baseline, metrics, claims }: StagePlan): StageEvidence {
  return {
    baseline,
    period: null,
    windows: 0,
    tasks: { gateway: 0, official: 0 },
    gauges: metrics.map(() => ({ gateway: [], official: [] })),
    claims: claims.map(() => ({ whole: [], hours: [] })),
  };
}

/** What a pass needs: only failures read the hours, from the evidence since the traffic was written. */
export function withoutHours(evidence: StageEvidence): StageEvidence {
  return { ...evidence, claims: evidence.claims.map(({ whole }) => ({ whole, hours: [] })) };
}

/** Without the restarts before a moment (milliseconds since 1970); null keeps all. */
export function withoutRestarts(evidence: StageEvidence, before: number | null): StageEvidence {
  if (before === null) return evidence;
  const claims = evidence.claims.map(({ whole, hours }) => {
    return { whole, hours: hours.filter(([hour]) => hour * HOUR >= before) };
  });
  return { ...evidence, claims };
}

/**
 * Adds one window.
 * @returns the evidence, and its plan from now on: another one if the window froze the baseline
 */
export function addWindow(
  evidence: StageEvidence,
  plan: StagePlan,
  measurement: Measurement,
): { readonly evidence: StageEvidence; readonly plan: StagePlan } {
  const strata = strataOf(measurement, plan.setting.models);
  const bounded = withBaseline(plan, learnBounds(plan.baseline, strata));
  const { from, to } = measurement.window;
  const hour = Math.floor(from / HOUR);
  const { period, windows, tasks } = evidence;
  const arms = { gateway: armOf(strata, 'gateway'), official: armOf(strata, 'official') };
  const grown: StageEvidence = {
    baseline: bounded.baseline,
    period: { from: Math.min(from, period?.from ?? from), to: Math.max(to, period?.to ?? to) },
    windows: windows + 1,
    tasks: {
      gateway: tasks.gateway + tasksOf(strata, 'gateway'),
      official: tasks.official + tasksOf(strata, 'official'),
    },
    gauges: bounded.metrics.map(({ gauge }, index) => ({
      gateway: addSums(evidence.gauges[index]?.gateway ?? [], gauge.contribution(arms.gateway)),
      official: addSums(evidence.gauges[index]?.official ?? [], gauge.contribution(arms.official)),
    })),
    claims: bounded.claims.map(({ method, restarts }, index) => {
      const sums = claimSums(evidence, index);
      const added = method.contribution(strata);
      const whole = (method.add ?? addSums)(sums.whole, added);
      if (!restarts) return { whole, hours: sums.hours };
      return { whole, hours: addToHour(sums.hours, hour, added.slice(0, method.violationLength)) };
    }),
  };
  const baseline = learn(bounded.baseline, strata);
  return { evidence: { ...grown, baseline }, plan: withBaseline(bounded, baseline) };
}

function withBaseline(plan: StagePlan, baseline: Baseline): StagePlan {
  return baseline === plan.baseline ? plan : planStage(plan.setting, baseline);
}

function addToHour(hours: ClaimSums['hours'], hour: number, sums: Sums): ClaimSums['hours'] {
  const newest = Math.max(hour, hours.at(-1)?.[0] ?? hour);
  if (hour <= newest - HOURS_KEPT) return hours;
  const known = hours.find(([each]) => each === hour);
  const others = hours.filter(([each]) => each !== hour && each > newest - HOURS_KEPT);
  const entry = [hour, addSums(known?.[1] ?? [], sums)] as const;
  return [...others, entry].sort(([one], [other]) => one - other);
}

/**
 * Restarts the evidence at each of the last hours, newest first, until one satisfies a condition.
 * @param first the hour in which the stage began
 * @param satisfies gets sums that it must not keep, and the hours since the stage began, from 1
 */
export function findRestart(
  { hours }: ClaimSums,
  first: number,
  satisfies: (sums: Sums, restart: number) => boolean,
): { readonly sums: Sums; readonly restart: number } | null {
  // At two thousand looks a second, evidence restarts about a hundred thousand times: the sums grow in place.
  const sums: number[] = [];
  for (let index = hours.length - 1; index >= 0; index -= 1) {
    const entry = hours[index];
    if (entry === undefined || entry[0] <= first) return null;
    addInto(sums, entry[1]);
    const restart = entry[0] - first;
    if (satisfies(sums, restart)) return { sums: [...sums], restart };
  }
  return null;
}

export function claimSums({ claims }: StageEvidence, index: number): ClaimSums {
  return claims[index] ?? { whole: [], hours: [] };
}

/** The hour in which evidence began, as {@link findRestart} takes it. */
export function firstHour({ period }: StageEvidence): number {
  return Math.floor((period?.from ?? 0) / HOUR);
}
