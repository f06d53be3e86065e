/** Short ways to write what was measured. */
import type { Limits } from '../../src/config/metrics.ts';
import { EMPTY_BASELINE } from '../../src/judge/baseline.ts';
import type { StageSetting } from '../../src/judge/claims.ts';
import { addWindow, type Judged, noEvidence, planStage } from '../../src/judge/evidence.ts';
import type { HealthProblem } from '../../src/judge/health.ts';
import { judge } from '../../src/judge/judge.ts';
import { newRoad } from '../../src/judge/road.ts';
import { EVERY_MODEL } from '../../src/judge/strata.ts';
import type { Verdicts } from '../../src/judge/verdict.ts';
import { type ArmCounts, EMPTY_ARM, type Measurement } from '../../src/measure/measurement.ts';

export const START = Date.UTC(2026, 10, 2);
export const QUARTER = 900_000;

/** Tasks of one arm of which some fail, some are slow (above 2 s), and each costs a tenth of a cent. */
export function arm(
  tasks: number,
  { failed = 0, slow = 0, usd = 0.001 * tasks, official = 0.001 * tasks } = {},
): ArmCounts {
  const served = tasks - failed;
  return {
    ...EMPTY_ARM,
    tasks,
    failedTasks: failed,
    attempts: tasks,
    failedAttempts: failed,
    latency: [
      { le: 1, count: Math.round((served - slow) / 2) },
      { le: 2, count: served - slow },
      { le: 4, count: served },
      { le: '+Inf', count: tasks },
    ],
    tokens: { input: 100 * tasks, cachedInput: 0, output: 20 * tasks, unknown: 0 },
    cost: { usd, priced: tasks, unpriced: 0 },
    retryCost: { usd: 0, priced: tasks, unpriced: 0 },
    atOfficialPrices: { usd: official, priced: tasks, unpriced: 0 },
  };
}

/** The window number `index` of the stage 25%. */
export function window(index: number, arms: Partial<Measurement['arms']>, stage = '25%'): Measurement {
  return {
    schema: 1,
    window: { from: START + index * QUARTER, to: START + (index + 1) * QUARTER },
    stage,
    share: 25,
    source: 'jsonl',
    arms: { gateway: null, official: null, ...arms },
  };
}

/** A window of an ordinary hour: 1 % failed, 8 % slow, on 250 and 750 tasks. */
export function healthy(index: number): Measurement {
  return window(index, {
    gateway: arm(250, { failed: index % 2 === 0 ? 2 : 3, slow: 20 }),
    official: arm(750, { failed: index % 2 === 0 ? 7 : 8, slow: 60 }),
  });
}

/** A window in which a quarter of the gateway's tasks fail, and 1 % of the official ones. */
export function failing(index: number): Measurement {
  return window(index, { gateway: arm(250, { failed: 60 }), official: arm(750, { failed: 7 }) });
}

export function repeat(count: number, make: (index: number) => Measurement): Measurement[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

/** Limits that are neither guards nor left out. */
export function asked(metrics: { readonly [Name in keyof Limits]?: object }): Limits {
  return Object.fromEntries(
    Object.entries(metrics).map(([name, limit]) => [name, { guard: false, optional: false, ...limit }]),
  );
}

export function setting(metrics: Limits, more: Partial<StageSetting> = {}): StageSetting {
  return {
    gate: { metrics, min_tasks: 500 },
    productionStages: 4,
    limitsOfRoad: 0,
    confidence: 95,
    cluster: 'task',
    models: EVERY_MODEL,
    official: 'concurrent',
    ...more,
  };
}

/** Adds windows to the evidence of a stage that begins with them, and with the road. */
export function gathered(
  stage: StageSetting,
  windows: readonly Measurement[],
  baseline = EMPTY_BASELINE,
  road = newRoad(null),
): Judged {
  const plan = planStage(stage, baseline);
  const start: Judged = { plan, evidence: noEvidence(plan), road };
  return windows.reduce((judged, each) => addWindow(judged, each), start);
}

/** Nothing is wrong with the numbers, and no unit of the split is known. */
/** One look at evidence. */
export function judged(evidence: Judged, problems: readonly HealthProblem[] = []): Verdicts {
  return judge(evidence, '25%', problems).verdicts;
}

/** One look at the end of the windows. */
export function lookAt(
  stage: StageSetting,
  windows: readonly Measurement[],
  problems: readonly HealthProblem[] = [],
  baseline = EMPTY_BASELINE,
): Verdicts {
  return judged(gathered(stage, windows, baseline), problems);
}

/** Limits of failures, times and costs, as one rollout might ask for all of them. */
export const SIX_LIMITS = {
  success_rate: { min: 97, max_drop: 1 },
  error_ratio: { max: 2 },
  slow_ratio: { max: 1.5 },
  latency_p95: { max_increase: 50 },
  cost_ratio: { max: 1.05 },
  cost_per_task: { max_increase: 20 },
} as const satisfies { readonly [Name in keyof Limits]?: object };

/** The probability of k of n events that each come with probability p. */
export function binomialPmf(k: number, n: number, p: number): number {
  let ways = 1;
  for (let i = 1; i <= k; i += 1) ways *= (n - i + 1) / i;
  return ways * p ** k * (1 - p) ** (n - k);
}
