import { describe, expect, it } from 'vitest';
import type { RatioPartsOf } from '../../src/judge/gauges.ts';
import { definitionOf } from '../../src/judge/metrics.ts';
import { EMPTY_ARM } from '../../src/measure/measurement.ts';

describe('the share of the cost that retries caused', () => {
  const definition = definitionOf('retry_cost');
  const partsOf: RatioPartsOf = (counts) => (definition.kind === 'mean' ? definition.partsOf(counts) : null);
  const cost = { usd: 4, priced: 100, unpriced: 0 };

  it('is what the attempts beside the used ones cost', () => {
    const counts = { ...EMPTY_ARM, tasks: 100, cost, retryCost: { usd: 1, priced: 100, unpriced: 0 } };
    expect(partsOf(counts)).toEqual({ x: 1, y: 4, known: 100, unknown: 0 });
  });

  it('is unknown, not 0, where a source reports only the total cost', () => {
    const counts = { ...EMPTY_ARM, tasks: 100, cost, retryCost: { usd: 0, priced: 0, unpriced: 100 } };
    expect(partsOf(counts)).toEqual({ x: 0, y: 4, known: 0, unknown: 100 });
  });
});
