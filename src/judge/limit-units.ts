/** Limits as the config writes them, and as the methods take them. */
import { type Limit, METRICS, type MetricName } from '../config/metrics.ts';
import type { MetricDefinition } from './metrics.ts';

export const LIMIT_KINDS = ['min', 'max', 'max_drop', 'max_increase'] as const;
export type LimitKind = (typeof LIMIT_KINDS)[number];

/** `max` of a ratio of events compares the arms, like every `max_…`; `max` of cost_ratio compares prices. */
export function isRelative(metric: MetricName, kind: LimitKind): boolean {
  return kind === 'max_drop' || kind === 'max_increase' || (kind === 'max' && METRICS[metric].official);
}

/** The config's number as the method takes it: a fraction, a factor, or seconds; success becomes failure. */
export function inUnits(
  definition: MetricDefinition,
  kind: LimitKind,
  limit: number,
  relative: boolean,
): number {
  if (relative && kind === 'max') return limit;
  if (kind === 'min') return 1 - limit / 100;
  if (definition.unit === 'share') return limit / 100;
  if (kind === 'max_increase') return 1 + limit / 100;
  return definition.unit === 'duration' ? limit / 1000 : limit;
}

export function raiseBy(
  definition: MetricDefinition,
  kind: LimitKind,
  bounded: number,
): (official: number) => number {
  const points = definition.unit === 'share' && kind !== 'max';
  return (official) => (points ? official + bounded : official * bounded);
}

export function kindsOf(limit: Limit): (readonly [LimitKind, number])[] {
  return LIMIT_KINDS.flatMap((kind) => {
    const value = limit[kind];
    return value === undefined ? [] : [[kind, value] as const];
  });
}
