/** The metrics that a gate may name: the unit of their limits, and what is needed to judge them. */

export const METRICS = {
  success_rate: { unit: 'share', about: 'failure', official: false, needs: 'tasks' },
  error_ratio: { unit: 'ratio', about: 'failure', official: true, needs: 'tasks' },
  slow_ratio: { unit: 'ratio', about: 'latency', official: true, needs: 'times' },
  latency_p50: { unit: 'duration', about: 'latency', official: false, needs: 'times' },
  latency_p90: { unit: 'duration', about: 'latency', official: false, needs: 'times' },
  latency_p95: { unit: 'duration', about: 'latency', official: false, needs: 'times' },
  latency_p99: { unit: 'duration', about: 'latency', official: false, needs: 'times' },
  ttft_p50: { unit: 'duration', about: 'latency', official: false, needs: 'times' },
  ttft_p90: { unit: 'duration', about: 'latency', official: false, needs: 'times' },
  ttft_p95: { unit: 'duration', about: 'latency', official: false, needs: 'times' },
  ttft_p99: { unit: 'duration', about: 'latency', official: false, needs: 'times' },
  cost_ratio: { unit: 'ratio', about: 'cost', official: false, needs: 'sums' },
  cache_ratio: { unit: 'share', about: 'cost', official: false, needs: 'sums' },
  cost_per_task: { unit: 'usd', about: 'cost', official: false, needs: 'tasks' },
  cost_per_request: { unit: 'usd', about: 'cost', official: false, needs: 'requests' },
  cost_per_1k_tokens: { unit: 'usd', about: 'cost', official: false, needs: 'sums' },
  tokens_per_task: { unit: 'tokens', about: 'cost', official: false, needs: 'tasks' },
  retry_rate: { unit: 'share', about: 'retry', official: false, needs: 'records' },
  retry_cost: { unit: 'share', about: 'cost', official: false, needs: 'records' },
  fallback_rate: { unit: 'share', about: 'retry', official: false, needs: 'records' },
  empty_ratio: { unit: 'ratio', about: 'content', official: true, needs: 'records' },
  truncated_ratio: { unit: 'ratio', about: 'content', official: true, needs: 'records' },
  quality_ratio: { unit: 'ratio', about: 'content', official: true, needs: 'pairs' },
  evaluation_ratio: { unit: 'ratio', about: 'content', official: true, needs: 'evaluations' },
} as const satisfies Record<string, MetricTraits>;

interface MetricTraits {
  /** What `min` and `max` count: percent, gateway ÷ official, milliseconds, US dollars, tokens. */
  readonly unit: 'share' | 'ratio' | 'duration' | 'usd' | 'tokens';
  readonly about: 'failure' | 'latency' | 'cost' | 'retry' | 'content';
  /** Even its `max` compares the gateway with the official arm. (cost_ratio only compares with official prices.) */
  readonly official: boolean;
  readonly needs: Need;
}

export type MetricName = keyof typeof METRICS;

/**
 * What a gate requires of one metric: at least one of four limits. `min` and `max` are in the metric's
 * unit. `max_drop` and `max_increase` compare with the official arm: in percentage points for metrics
 * that are shares, in percent of the official value for all others.
 */
export interface Limit {
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  readonly max_drop?: number | undefined;
  readonly max_increase?: number | undefined;
  /** It can stop the rollout, but is not required to advance. */
  readonly guard: boolean;
  /** Skipped, with a note, where the source does not provide the metric. Default metrics are optional. */
  readonly optional: boolean;
}

export type Limits = { readonly [Name in MetricName]?: Limit | undefined };

export function isMetricName(name: string): name is MetricName {
  return Object.hasOwn(METRICS, name);
}

/** The metrics of a gate with their limits, in the order of the file. */
export function limitsOf(limits: Limits): readonly (readonly [MetricName, Limit])[] {
  return Object.entries(limits).flatMap(([name, limit]) =>
    isMetricName(name) && limit !== undefined ? [[name, limit] as const] : [],
  );
}

/** Whether a limit cannot be judged without the official arm. */
export function needsOfficial(name: MetricName, limit: Limit): boolean {
  return METRICS[name].official || limit.max_drop !== undefined || limit.max_increase !== undefined;
}

/** What a metric is computed from: sums of money and tokens, counts of tasks or of requests, times, single requests, pairs of one and its copy, or the team's evaluations. */
export type Need = 'sums' | 'tasks' | 'requests' | 'times' | 'records' | 'pairs' | 'evaluations';
