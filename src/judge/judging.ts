/** How each kind of metric is measured, and by which method each kind of limit on it is judged. */
import type { MetricName } from '../config/metrics.ts';
import {
  absolute,
  againstHistory,
  eventRatio,
  preferenceRatio,
  quantileRatio,
  rateDifference,
} from './comparisons.ts';
import { meanGauge, quantileGauge, rateGauge } from './gauges.ts';
import type { Baseline } from './kept.ts';
import type { LimitKind } from './limit-units.ts';
import { meanAtUsualMix, meanComparison, withoutHeavyWindow } from './mean-comparison.ts';
import type { Gauge, Method, Sums } from './method.ts';
import { type MetricDefinition, slowerThan } from './metrics.ts';
import { againstPastRate } from './past-rate.ts';
import { atUsualMix } from './spending.ts';
import type { EventsOf } from './strata.ts';

/** Limits as the methods take them (limit-units.ts). */
export interface Judging {
  /** Of one arm. */
  readonly gauge: Gauge;
  /** The gateway's own value. */
  readonly absolute: (limit: number) => Method;
  /** The gateway beside the official arm. */
  readonly relative: (kind: LimitKind, limit: number) => Method;
  /**
   * The gateway beside the official arm's past.
   * @param history the gauge's sums of it
   * @param raise the official value to the largest that is accepted
   */
  readonly againstPast: (history: Sums, raise: (official: number) => number) => Method;
}

export function judging(metric: MetricName, definition: MetricDefinition, baseline: Baseline): Judging {
  switch (definition.kind) {
    case 'rate':
    case 'slow':
    case 'preference': {
      const eventsOf = eventsIn(definition, baseline);
      const gauge = rateGauge(eventsOf);
      const rates = baseline.rates[metric] ?? [];
      return {
        gauge,
        absolute: (limit) => absolute(gauge, limit),
        relative: (kind, limit) => {
          if (definition.kind === 'preference') return preferenceRatio(eventsOf, limit);
          const isRatio = kind === 'max' || definition.kind === 'slow';
          return (isRatio ? eventRatio : rateDifference)(eventsOf, limit, rates);
        },
        againstPast: (...past) => againstPastRate(gauge, ...past),
      };
    }
    case 'quantile': {
      const { q, timesOf, which } = definition;
      const { gateway, official } = baseline[which];
      // One gauge reads both arms. If their sources have different bounds, it uses those that both have.
      const common = official.length === 0 ? gateway : gateway.filter((bound) => official.includes(bound));
      const gauge = quantileGauge(q, timesOf, gateway.length === 0 ? official : common);
      return {
        gauge,
        absolute: (limit) => absolute(gauge, limit),
        relative: (_, limit) => quantileRatio(q, timesOf, baseline[which], limit),
        againstPast: (...past) => againstHistory(gauge, ...past),
      };
    }
    case 'mean': {
      const { partsOf, scale, least } = definition;
      const gauge = meanGauge(partsOf, scale, least);
      return {
        gauge,
        absolute: (limit) =>
          metric === 'cost_ratio'
            ? meanAtUsualMix(gauge, limit, (strata) => atUsualMix(baseline.spending ?? {}, partsOf, strata))
            : withoutHeavyWindow(absolute(gauge, limit)),
        relative: (_, limit) => meanComparison(partsOf, scale, limit, least),
        againstPast: (...past) => againstHistory(gauge, ...past),
      };
    }
  }
}

/** The events of a rate. Slow tasks: until the bound is known, no task counts. */
export function eventsIn(
  definition: Extract<MetricDefinition, { kind: 'rate' | 'slow' | 'preference' }>,
  { slowBound }: Baseline,
): EventsOf {
  if (definition.kind !== 'slow') return definition.eventsOf;
  return slowBound === null
    ? ({ latency, tasks }) => (latency.length > 0 || tasks === 0 ? { events: 0, tasks: 0 } : null)
    : slowerThan(slowBound);
}
