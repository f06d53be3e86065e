/** By how much a simulated gateway is worse than the official API. */
import type { World } from './worlds.ts';

export interface Harm {
  /** The gateway's error rate where the official one is `rate`; one user in fifty is marked. */
  readonly errors: (rate: number, isMarked: boolean) => number;
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
export interface AtLimit {
  readonly name: string;
  readonly limits: Readonly<Record<string, object>>;
  readonly harm: Harm;
  /** The worlds in which it does, where not in all. */
  readonly only?: (world: World) => boolean;
}

const isSteady = ({ name }: World) => name === 'independent tasks' || name === 'half of the traffic';
const hasRetries = ({ retries }: World) => retries !== null;

/** In every world. */
export const LIMITS = {
  error_ratio: { max: 2 },
  success_rate: { max_drop: 1 },
  slow_ratio: { max: 1.5 },
  latency_p95: { max_increase: 50 },
  cost_per_task: { max_increase: 20 },
} as const;

/** The gateways that are at these limits. */
export const AT_LIMIT = {
  error_ratio: { ...NO_HARM, errors: (rate: number) => Math.min(1, 2 * rate) },
  success_rate: { ...NO_HARM, errors: (rate: number) => Math.min(1, rate + 0.01) },
  /** Whatever the bound: a failed task is slow, so failures grow as well. */
  slow_ratio: {
    ...NO_HARM,
    errors: (rate: number) => Math.min(1, 1.5 * rate),
    slow: (rate: number) => (1.5 * (1 - rate)) / Math.max(1e-9, 1 - 1.5 * rate),
  },
  /** 1.5 times the latency of every task. */
  latency_p95: { ...NO_HARM, latency: 1.5 },
  cost_per_task: { ...NO_HARM, cost: 1.2 },
} as const satisfies Readonly<Record<keyof typeof LIMITS, Harm>>;

const EVERYWHERE: readonly AtLimit[] = [
  { name: 'error_ratio 2', limits: { error_ratio: LIMITS.error_ratio }, harm: AT_LIMIT.error_ratio },
  {
    name: 'success_rate max_drop 1',
    limits: { success_rate: LIMITS.success_rate },
    harm: AT_LIMIT.success_rate,
  },
  { name: 'slow_ratio 1.5', limits: { slow_ratio: LIMITS.slow_ratio }, harm: AT_LIMIT.slow_ratio },
  {
    name: 'latency_p95 max_increase 50',
    limits: { latency_p95: LIMITS.latency_p95 },
    harm: AT_LIMIT.latency_p95,
  },
  {
    name: 'cost_per_task max_increase 20',
    limits: { cost_per_task: LIMITS.cost_per_task },
    harm: AT_LIMIT.cost_per_task,
  },
];

/** Limits that only some worlds are at. */
const ELSEWHERE: readonly AtLimit[] = [
  { name: 'success_rate min 99', limits: { success_rate: { min: 99 } }, harm: NO_HARM, only: isSteady },
  {
    name: 'success_rate max_drop 0',
    limits: { success_rate: { max_drop: 0 } },
    harm: NO_HARM,
    only: isSteady,
  },
  { name: 'error_ratio 1', limits: { error_ratio: { max: 1 } }, harm: NO_HARM, only: isSteady },
  { name: 'slow_ratio 1', limits: { slow_ratio: { max: 1 } }, harm: NO_HARM, only: isSteady },
  {
    name: 'latency_p95 max_increase 0',
    limits: { latency_p95: { max_increase: 0 } },
    harm: NO_HARM,
    only: isSteady,
  },
  {
    name: 'success_rate max_drop 1, all on one user in 50',
    limits: { success_rate: LIMITS.success_rate },
    harm: { ...NO_HARM, errors: (rate, isMarked) => Math.min(1, rate + (isMarked ? 0.5 : 0)) },
    only: ({ sticky }) => sticky !== null,
  },
  {
    name: 'retry_rate max_increase 0',
    limits: { retry_rate: { max_increase: 0 } },
    harm: NO_HARM,
    only: hasRetries,
  },
];

export function atLimitIn(world: World): readonly AtLimit[] {
  return [...EVERYWHERE, ...ELSEWHERE].filter(({ only }) => only?.(world) ?? true);
}

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
