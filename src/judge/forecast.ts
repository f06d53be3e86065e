/**
 * How long a gateway that is exactly as good as the official API needs to prove it: the judge gets a day of expected
 * counts, and says how many such days a pass takes.
 */
import type { MetricName } from '../config/metrics.ts';
import type { Config } from '../config/schema.ts';
import { isShadow } from '../config/stages.ts';
import { differencesOf, STEPS } from '../measure/differences.ts';
import { type ArmCounts, EMPTY_ARM, type Measurement } from '../measure/measurement.ts';
import { EMPTY_BASELINE, learn, SLOW_SHARE } from './baseline.ts';
import { followedRates, type StageSetting } from './claims.ts';
import { planStage } from './evidence.ts';
import type { Baseline } from './kept.ts';
import { scaleSums } from './method.ts';
import { factorToPass } from './outlook.ts';
import { freezeBaseline, leastTasks, stageSetting } from './stage-setting.ts';
import { EVERY_MODEL, strataOf } from './strata.ts';
import { FIRST_DATE } from './users.ts';

/** What is expected of production. */
export interface Traffic {
  /** Tasks a day, both arms together. */
  readonly tasksPerDay: number;
  /** Share of tasks that fail on the official arm, 0 to 1. */
  readonly errorRate: number;
  /** Bounds of the latencies' histogram, in seconds. */
  readonly bounds: readonly number[];
}

export interface MetricForecast {
  readonly metric: MetricName;
  readonly guard: boolean;
  /** Days until a pass; null: never. An average: about half of the rollouts are faster. */
  readonly days: number | null;
}

export interface StageForecast {
  readonly stage: string;
  /** Until the last condition of a pass holds; null: never. */
  readonly days: number | null;
  /** Days that `min_duration` and `min_tasks` take by themselves. */
  readonly leastDays: number;
  readonly metrics: readonly MetricForecast[];
}

/** Latencies of chat completions are taken as log-normal: half of them within 1.4 s, with a sigma of 0.6. */
const MEDIAN_SECONDS = 1.4;
const SIGMA = 0.6;
/** Of that, prompts have five sixths, which are the same on both arms. */
const OWN_SIGMA = SIGMA * Math.sqrt(1 - (5 / 6) ** 2);
/** In how many seconds half of the tasks, and 95 % of them, are expected to end. */
export const EXPECTED_SECONDS = { median: MEDIAN_SECONDS, p95: MEDIAN_SECONDS * Math.exp(1.645 * SIGMA) };
const DAY = 86_400_000;
/** In days: the search starts here. A forecast of more than ten years counts as never. */
const SMALLEST = 0.001;
const FARTHEST = 3_650 / SMALLEST;

/**
 * How long each production stage takes a healthy gateway. Metrics of cost are left out, because they depend on how
 * much tasks differ, which is unknown beforehand. So are stages that move a whole slice before anything was measured:
 * they are judged by history.
 */
export function forecastRollout(config: Config, traffic: Traffic): readonly StageForecast[] {
  const forecasts: StageForecast[] = [];
  /** Days of all official traffic that were measured by then; of slices, only their own road. */
  const measured = new Map<string | null, number>();
  for (const stage of config.rollout.stages) {
    if (stage.kind !== 'share') continue;
    const setting: StageSetting = { ...stageSetting(config, stage), models: EVERY_MODEL };
    const slice = isShadow(stage) ? null : stage.slice;
    const past = measured.get(slice) ?? 0;
    if (setting.official === 'history' && past === 0) continue;
    const { label, share, gate } = stage;
    const metrics = forecastStage(setting, share, traffic, past);
    const onGateway = (traffic.tasksPerDay * share) / 100;
    const tasks = leastTasks(gate.min_tasks, share, traffic.tasksPerDay);
    const leastDays = Math.max(gate.min_duration / DAY, tasks / onGateway);
    const needed = metrics.flatMap(({ guard, days }) => (guard ? [] : [days ?? Number.POSITIVE_INFINITY]));
    const days = Math.max(leastDays, ...needed);
    forecasts.push({ stage: label, days: Number.isFinite(days) ? days : null, leastDays, metrics });
    const lasts = Math.min(days, config.rollout.max_duration / DAY);
    measured.set(slice, past + lasts * (isShadow(stage) ? 1 : 1 - share / 100));
  }
  return forecasts;
}

/**
 * Days until each metric of failures, times and contents passes.
 * @param share percent of the tasks on the gateway
 * @param past days of official traffic that were measured before
 */
export function forecastStage(
  setting: StageSetting,
  share: number,
  traffic: Traffic,
  past = 0,
): readonly MetricForecast[] {
  const strata = strataOf(expectedDay(share, traffic), EVERY_MODEL, setting.copies);
  const bounded = expectedBaseline(traffic);
  const before = expectedDay(0, { ...traffic, tasksPerDay: traffic.tasksPerDay * past });
  const baseline =
    setting.official === 'history'
      ? freezeBaseline([before], setting)
      : learn(bounded, strata, followedRates(setting, bounded));
  const plan = planStage(setting, baseline);
  return plan.metrics.flatMap(({ metric, limit, definition }) => {
    if (definition.kind === 'mean' || definition.kind === 'preference') return [];
    const claims = plan.claims.filter((claim) => claim.metric === metric && claim.kind !== 'frozen');
    const factors = claims.map(({ method }) =>
      factorToPass(method, scaleSums(method.contribution(strata), SMALLEST), plan.level, 1, FARTHEST),
    );
    const known = factors.flatMap((factor) => factor ?? []);
    const byUsers = setting.cluster === 'user' && claims.some(({ users }) => users !== null);
    const days = Math.max(byUsers ? FIRST_DATE : 0, ...known.map((factor) => factor * SMALLEST));
    return [{ metric, guard: limit.guard, days: known.length < factors.length ? null : days }];
  });
}

function expectedDay(share: number, traffic: Traffic): Measurement {
  const gateway = expectedCounts((traffic.tasksPerDay * share) / 100, traffic);
  const official = expectedCounts(traffic.tasksPerDay * (1 - share / 100), traffic);
  const served = (gateway.tasks ?? 0) - 2 * (gateway.failedTasks ?? 0);
  const apart = Math.round(OWN_SIGMA * Math.SQRT2 * STEPS);
  const differences = differencesOf(() => [-apart, apart].map((step) => [step, served / 2] as const));
  return {
    schema: 1,
    window: { from: 0, to: DAY },
    stage: '',
    share,
    source: '',
    arms: { gateway, official },
    pairs: [{ name: '', official: gateway, gateway, bothFailed: 0, differences }],
  };
}

/** Expected counts are not rounded. */
function expectedCounts(tasks: number, { errorRate, bounds }: Traffic): ArmCounts {
  const failedTasks = tasks * errorRate;
  const served = tasks - failedTasks;
  const times = [
    ...bounds.map((le) => ({ le, count: served * shareWithin(le) })),
    { le: '+Inf' as const, count: tasks },
  ];
  return {
    ...EMPTY_ARM,
    tasks,
    failedTasks,
    retriedTasks: failedTasks,
    attempts: tasks + failedTasks,
    failedAttempts: failedTasks,
    fallbacks: failedTasks,
    truncated: failedTasks,
    empty: failedTasks,
    latency: times,
    ttft: times,
    tokens: null,
  };
}

function expectedBaseline({ bounds }: Traffic): Baseline {
  const both = { gateway: bounds, official: bounds };
  const distance = (bound: number) => Math.abs(1 - shareWithin(bound) - SLOW_SHARE);
  const slowBound = bounds.reduce(
    (best, bound) => (distance(bound) < distance(best) ? bound : best),
    bounds[0] ?? 1,
  );
  return { ...EMPTY_BASELINE, slowBound, latency: both, ttft: both };
}

/** The share of tasks within this time: the log-normal distribution by the logistic approximation, to 1 %. */
function shareWithin(seconds: number): number {
  const z = Math.log(seconds / MEDIAN_SECONDS) / SIGMA;
  return 1 / (1 + Math.exp(-1.5976 * z - 0.07056 * z ** 3));
}
