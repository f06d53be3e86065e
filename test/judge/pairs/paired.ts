/** Limits on a stage of copies, judged pair by pair. */
import type { MetricName } from '../../../src/config/metrics.ts';
import { inUnits, type LimitKind } from '../../../src/judge/limit-units.ts';
import { addSums, type Method, type Sums } from '../../../src/judge/method.ts';
import { definitionOf } from '../../../src/judge/metrics.ts';
import { pairedMethod } from '../../../src/judge/pairs/paired-limits.ts';
import { strataOf } from '../../../src/judge/strata.ts';
import { differencesOf, stepOf } from '../../../src/measure/differences.ts';
import type { PairSlice } from '../../../src/measure/measurement.ts';
import { arm } from '../measured.ts';

const LEVEL = { alpha: 0.05, concentration: 100 };

export function limited(metric: MetricName, kind: LimitKind, limit: number): Method {
  const definition = definitionOf(metric);
  const method = pairedMethod(metric, definition, kind, inUnits(definition, kind, limit, true));
  if (method === null) throw new Error(`${metric} is not compared in pairs`);
  return method;
}

/** Pairs of which so many failed on one arm alone, or on both; those served differ by so much in everything. */
export function slice(
  { gateway = 0, official = 0, both = 0, none = 0 },
  differences: readonly number[] = [],
): PairSlice {
  const tasks = gateway + official + both + none;
  const steps = differencesOf(() => differences.map((each) => [stepOf(each), 1] as const));
  return {
    name: 'a',
    official: arm(tasks, { failed: official + both }),
    gateway: arm(tasks, { failed: gateway + both }),
    bothFailed: both,
    differences: steps,
  };
}

export function sumsOf(method: Method, pairs: PairSlice): Sums {
  const about = { schema: 1, window: { from: 0, to: 1 }, stage: '', share: null, source: '' } as const;
  const measurement = { ...about, arms: { gateway: null, official: null }, pairs: [pairs] };
  return method.contribution(strataOf(measurement, undefined, true));
}

export const lnOf = (method: Method, sums: Sums) => method.lnViolation?.(sums, LEVEL, 1) ?? Number.NaN;

/** How many pairs prove it, looked at after each; Infinity if `most` do not. */
export function pairsTo(
  proven: 'isViolated' | 'isWithin',
  method: Method,
  most: number,
  draw: () => PairSlice,
): number {
  let sums: Sums = [];
  for (let pairs = 1; pairs <= most; pairs += 1) {
    sums = addSums(sums, sumsOf(method, draw()));
    if (method[proven](sums, LEVEL, 1)) return pairs;
  }
  return Number.POSITIVE_INFINITY;
}
