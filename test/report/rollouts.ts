/** Measurements and looks of made-up rollouts, the same in every run. */
import type { Config } from '../../src/config/schema.ts';
import type { MetricVerdict } from '../../src/judge/verdict.ts';
import { HistogramCounter } from '../../src/measure/histogram.ts';
import {
  type ArmCounts,
  EMPTY_ARM,
  type Measurement,
  type SpenderSlice,
} from '../../src/measure/measurement.ts';
import { type Money, usdFromGrains, usdToGrains } from '../../src/measure/money.ts';
import { type Overview, overviewOf } from '../../src/measure/overview.ts';
import { REPORT_POINTS } from '../../src/report/html/measurement-report.ts';
import { REPLAY_START, type ReplayedLook, replayLook } from '../../src/rollout/replay.ts';
import type { Decision } from '../../src/rollout/stage-decision.ts';
import { valid } from '../config/configs.ts';
import { everyLack, HOUR, limit, START, verdict as seenVerdict } from '../rollout/states.ts';

export { limit, START };

/** A name that forges structure wherever it is not escaped. */
export const HOSTILE = '</script><img src=x onerror=alert(1)> | `@team` [x](http://evil.example) "quoted" {{';

export const config: Config = valid(`
gateway: { base_url: https://zivv.pro/v1 }
models: [gpt-4o-mini]
rollout:
  stages: [5%, 25%, 100%]
  gates:
    default:
      min_duration: 24h
      min_tasks: 500
      metrics:
        success_rate: { min: 97%, max_drop: 1% }
        error_ratio: { max: 2, guard: true }
        slow_ratio: { max: 1.5 }
        latency_p95: { max_increase: 30% }
        cost_ratio: { max: 1.0 }
        cost_per_task: { max_increase: 10% }
        retry_rate: { max: 5% }
`);

interface Traffic {
  readonly tasks: number;
  readonly failedTasks: number;
  /** Seconds of a usual task. */
  readonly seconds: number;
  /** Of a task. */
  readonly usd: number;
  readonly key?: string;
}

export function arm({ tasks, failedTasks, seconds, usd, key = 'backend' }: Traffic): ArmCounts {
  const [latency, ttft] = [new HistogramCounter(), new HistogramCounter()];
  for (let task = 0; task < tasks; task += 1) {
    const served = task >= failedTasks;
    // Quantiles of a long-tailed distribution rather than random draws.
    const spread = Math.exp(1.2 * probit((task + 0.5) / tasks));
    latency.add(served ? seconds * spread : Infinity);
    if (served) ttft.add(0.3 * seconds * spread);
  }
  const cost = priced(usd * tasks, tasks);
  const tokens = { input: 800 * tasks, cachedInput: 300 * tasks, output: 150 * tasks, unknown: 0 };
  const counts = {
    ...EMPTY_ARM,
    tasks,
    failedTasks,
    retriedTasks: failedTasks,
    attempts: tasks + 2 * failedTasks,
    failedAttempts: 2 * failedTasks,
    errorsByClass: failedTasks === 0 ? {} : { rate_limited: failedTasks, upstream_error: failedTasks },
    latency: latency.histogram(),
    ttft: ttft.histogram(),
    tokens,
    cost,
    retryCost: priced(usd * failedTasks, tasks),
    atOfficialPrices: priced(0.0003 * tasks, tasks),
  };
  const { byModel: _, byKey: __, byMember: ___, units: ____, ...plain } = counts;
  const spender = (name: string): SpenderSlice => ({ name, ...counts });
  return {
    ...counts,
    byModel: [{ name: 'gpt-4o-mini', ...plain }],
    byKey: [strip(spender(key))],
    byMember: [strip(spender('ana')), strip(spender('ben'))],
  };
}

function strip(slice: SpenderSlice): SpenderSlice {
  const { name, tasks, failedTasks, attempts, tokens, cost, retryCost, atOfficialPrices } = slice;
  return { name, tasks, failedTasks, attempts, tokens, cost, retryCost, atOfficialPrices };
}

const priced = (usd: number, tasks: number): Money => ({
  usd: usdFromGrains(usdToGrains(usd)),
  priced: tasks,
  unpriced: 0,
});

/** The normal distribution's quantile, roughly (Tukey's lambda). */
function probit(p: number): number {
  return (p ** 0.135 - (1 - p) ** 0.135) / 0.1975;
}

/** One measurement; `at` counts windows of an hour from the start. */
export function measurement(at: number, more: Partial<Measurement> = {}): Measurement {
  return {
    schema: 1,
    window: { from: START + at * HOUR, to: START + (at + 1) * HOUR },
    stage: '5%',
    share: 5,
    source: 'jsonl',
    arms: {
      official: arm({ tasks: 950, failedTasks: 4, seconds: 0.9, usd: 0.0003 }),
      gateway: arm({ tasks: 50, failedTasks: 1, seconds: 1, usd: 0.0002 }),
    },
    ...more,
  };
}

/** Two stages with a daily rhythm; the gateway fails more and more at the end of the second where it is `bad`. */
export function rollout({ hours = 60, bad = false, key = 'backend' } = {}): Measurement[] {
  return Array.from({ length: hours }, (_, at) => {
    const second = at >= hours / 2;
    const share = second ? 25 : 5;
    const busy = 1 + 0.6 * Math.sin((at / 24) * 2 * Math.PI);
    const tasks = Math.round(2000 * busy);
    const onGateway = Math.round((tasks * share) / 100);
    const wobble = (rate: number, phase: number) =>
      Math.max(0, Math.round(rate * (1 + 0.8 * Math.sin(at * phase))));
    const broken = bad && at > hours * 0.85 ? 0.08 : 0;
    return measurement(at, {
      stage: `${share}%`,
      share,
      arms: {
        official: arm({
          tasks: tasks - onGateway,
          failedTasks: wobble((tasks - onGateway) * 0.006, 1.7),
          seconds: 0.9 + 0.2 * busy,
          usd: 0.0003,
        }),
        gateway: arm({
          tasks: onGateway,
          failedTasks: wobble(onGateway * (0.006 + broken), 2.3),
          seconds: 1 + 0.25 * busy + 8 * broken,
          usd: 0.00021,
          key,
        }),
      },
    });
  });
}

/** The sums of these measurements, which there must be. */
export function overviewIn(measurements: readonly Measurement[], mostPoints = REPORT_POINTS): Overview {
  const overview = overviewOf(measurements, mostPoints);
  if (overview === null) throw new Error('no measurements');
  return overview;
}

/** What the judge says at each window. */
export function looksAt(measurements: readonly Measurement[]): ReplayedLook[] {
  let replay = REPLAY_START;
  return measurements.map((each) => {
    const next = replayLook(config, replay, each);
    if (next === null) throw new Error(`no stage ${each.stage}`);
    replay = next.replay;
    return next.look;
  });
}

export function verdict(more: Partial<MetricVerdict> = {}): MetricVerdict {
  return {
    ...seenVerdict(),
    official: { value: 99.5, low: 99.4, high: 99.6 },
    gateway: { value: 99.4, low: 99.1, high: 99.7 },
    ...more,
  };
}

export const decision = (more: Partial<Decision> = {}): Decision => ({
  kind: 'advance',
  reasonCode: 'gate_met',
  metrics: [],
  missing: [],
  ...more,
});

/** A look at a stage with every kind of verdict and of limit. */
export const mixedLook: ReplayedLook = {
  look: 1,
  window: { from: START + 59 * HOUR, to: START + 60 * HOUR },
  stage: '25%',
  verdicts: {
    success_rate: verdict({ limits: [limit({ kind: 'min', limit: 99 }), limit()] }),
    error_ratio: verdict({
      verdict: 'fail',
      guard: true,
      needed: false,
      official: { value: 0.5, low: 0.4, high: 0.6 },
      gateway: { value: 3.1, low: 2.2, high: 4.3 },
      limits: [limit({ kind: 'max', limit: 2, verdict: 'fail', sinceHour: 31 })],
    }),
    slow_ratio: verdict({
      verdict: 'inconclusive',
      reasonCode: 'undecided',
      about: 'latency',
      official: { value: 8.1, low: 7.5, high: 8.8 },
      gateway: { value: 9.7, low: 8.2, high: 11.4 },
      limits: [limit({ kind: 'max', limit: 1.5, verdict: 'inconclusive' })],
      stillNeeded: { tasks: 1240, time: 5.5 * HOUR },
    }),
    latency_p95: verdict({
      verdict: 'inconclusive',
      reasonCode: 'undecided',
      about: 'latency',
      unit: 'duration',
      official: { value: 1260, low: 1120, high: 1410 },
      gateway: { value: null, low: 1580, high: null },
      limits: [limit({ kind: 'max_increase', limit: 30, verdict: 'inconclusive' })],
    }),
    cost_ratio: verdict({
      about: 'cost',
      unit: 'ratio',
      official: { value: 1, low: null, high: null },
      gateway: { value: 0.7, low: 0.7, high: 0.7 },
      limits: [limit({ kind: 'max', limit: 1 })],
    }),
    cost_per_task: verdict({
      verdict: 'no-data',
      reasonCode: 'incomplete',
      about: 'cost',
      unit: 'usd',
      official: null,
      gateway: null,
      limits: [limit({ kind: 'max_increase', limit: 10, verdict: 'no-data', historical: true })],
    }),
    retry_rate: verdict({
      verdict: 'error',
      reasonCode: 'traffic_share',
      about: 'retry',
      limits: [limit({ kind: 'max_increase', limit: 2, verdict: 'error' })],
    }),
  },
  decision: decision({
    kind: 'rollback',
    reasonCode: 'metric_failed',
    metrics: ['error_ratio'],
    missing: everyLack,
  }),
};
