/** By how much a simulated gateway is worse than the official API. */
export interface Harm {
  /** The gateway's error rate where the official one is `rate`. */
  readonly errors: (rate: number) => number;
  /** Factor on the latencies. */
  readonly latency: number;
  /** Factor on the share of served tasks above every time, as if a part of them went through a slow path. */
  readonly slow: (rate: number) => number;
  /** Factor on the cost of every task. */
  readonly cost: number;
  /** The window from which on it is so. */
  readonly from: number;
}

export const NO_HARM: Harm = { errors: (rate) => rate, latency: 1, slow: () => 1, cost: 1, from: 0 };

/** A gateway that stands exactly at a limit. */
export const AT_LIMIT = {
  /** Twice the errors. */
  error_ratio: { ...NO_HARM, errors: (rate: number) => 2 * rate },
  /** One point more errors. */
  success_rate: { ...NO_HARM, errors: (rate: number) => rate + 0.01 },
  /** 1.5 times the slow tasks, whatever the bound: a failed task is slow, so failures grow as well. */
  slow_ratio: {
    ...NO_HARM,
    errors: (rate: number) => 1.5 * rate,
    slow: (rate: number) => (1.5 * (1 - rate)) / (1 - 1.5 * rate),
  },
  /** 1.5 times the latency of every task. */
  latency_p95: { ...NO_HARM, latency: 1.5 },
  cost_per_task: { ...NO_HARM, cost: 1.2 },
} as const satisfies Readonly<Record<string, Harm>>;

export const LIMITS = {
  error_ratio: { max: 2 },
  success_rate: { max_drop: 1 },
  slow_ratio: { max: 1.5 },
  latency_p95: { max_increase: 50 },
  cost_per_task: { max_increase: 20 },
} as const satisfies Readonly<Record<keyof typeof AT_LIMIT, object>>;

/** Regressions, and the limit that is to catch each. */
export const REGRESSIONS = [
  {
    name: 'errors 1 → 2 % (error_ratio 1.5)',
    limits: { error_ratio: { max: 1.5 } },
    harm: { ...NO_HARM, errors: (rate: number) => 2 * rate },
  },
  {
    name: 'errors 1 → 5 % (error_ratio 2)',
    limits: { error_ratio: { max: 2 } },
    harm: { ...NO_HARM, errors: (rate: number) => Math.min(1, 5 * rate) },
  },
  {
    name: 'latency + 50 % (slow_ratio 1.5)',
    limits: { slow_ratio: { max: 1.5 } },
    harm: { ...NO_HARM, latency: 1.5 },
  },
] as const;
