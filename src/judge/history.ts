/** The baseline of a stage, from what was measured before it began. */
import type { Measurement } from '../measure/measurement.ts';
import { EMPTY_BASELINE, learn } from './baseline.ts';
import { followedRates, gaugedMetrics, type StageSetting } from './claims.ts';
import type { Baseline } from './kept.ts';
import { addSums, type Sums } from './method.ts';
import { armOf, strataOf } from './strata.ts';

/**
 * Learns what counts as slow; where no official arm is left during the stage, keeps the sums of its past.
 * @param earlier measurements of any stages, in the order of time
 */
export function freezeBaseline(earlier: readonly Measurement[], setting: StageSetting): Baseline {
  const windows = earlier.map((measurement) => strataOf(measurement, setting.models));
  const learned = windows.reduce(
    (baseline, strata) => learn(baseline, strata, followedRates(setting, baseline)),
    EMPTY_BASELINE,
  );
  if (setting.official === 'concurrent') return learned;
  const history = gaugedMetrics(setting, learned).map(({ metric, gauge }) => {
    const sums = windows
      .map((strata) => gauge.contribution(armOf(strata, 'official')))
      .reduce<Sums>(addSums, []);
    return [metric, sums];
  });
  return { ...learned, history: Object.fromEntries(history) };
}
