/** Measurements as a whole: without anything in them, and added up. */
import { addArms, spanOf } from '../../src/measure/add.ts';
import { EMPTY_ARM, type Measurement } from '../../src/measure/measurement.ts';

/** A window in which nothing happened on either arm, which is known. */
export function emptyMeasurement(about: Pick<Measurement, 'window'> & Partial<Measurement>): Measurement {
  const arms = { official: EMPTY_ARM, gateway: EMPTY_ARM };
  return { schema: 1, stage: '5%', share: 5, source: 'jsonl', arms, ...about };
}

/**
 * The sum of one stage's windows.
 * @throws where there are none, or where two of them share some time, so that it would count twice
 */
export function sumOf(measurements: readonly Measurement[]): Measurement {
  const inOrder = measurements.toSorted((a, b) => a.window.from - b.window.from);
  const [first, ...rest] = inOrder;
  if (first === undefined) throw new Error('no measurement');
  return rest.reduce((sum, next) => {
    if (next.window.from < sum.window.to) throw new Error(`windows overlap at ${next.window.from}`);
    return addMeasurements(sum, next);
  }, first);
}

/** The sum of two windows of a stage. */
export function addMeasurements(a: Measurement, b: Measurement): Measurement {
  if (a.stage !== b.stage) throw new Error(`measurements of ${a.stage} and ${b.stage} do not add up`);
  return {
    ...a,
    window: spanOf(a.window, b.window),
    share: a.share === b.share ? a.share : null,
    source: [...new Set([...a.source.split('+'), ...b.source.split('+')])].sort().join('+'),
    arms: addArms(a.arms, b.arms),
  };
}
