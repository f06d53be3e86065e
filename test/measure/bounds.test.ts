import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundMeasurement } from '../../src/measure/bounds.ts';
import {
  type ArmCounts,
  EMPTY_ARM,
  type Measurement,
  measurementSchema,
} from '../../src/measure/measurement.ts';
import { addMeasurements, emptyMeasurement } from './measurements.ts';

const window = { from: 0, to: 900_000 };
const of = (gateway: Partial<ArmCounts>): Measurement =>
  emptyMeasurement({ window, arms: { official: EMPTY_ARM, gateway: { ...EMPTY_ARM, ...gateway } } });
const money = (usd: number, priced = 5) => ({ usd, priced, unpriced: 0 });

describe('amounts that cannot be right', () => {
  it.each([
    [{ cost: money(1e300) }, 'arms.gateway.cost.usd is 1e+300'],
    [{ retryCost: money(1e308) }, 'arms.gateway.retryCost.usd is 1e+308'],
    [{ atOfficialPrices: money(2e6) }, 'arms.gateway.atOfficialPrices.usd is 2000000'],
    [
      { tokens: { input: Number.MAX_SAFE_INTEGER, cachedInput: 0, output: 0, unknown: 0 }, cost: money(3) },
      'arms.gateway.tokens.input is 9007199254740991',
    ],
    [
      { byKey: [{ ...EMPTY_ARM, name: 'a', cost: money(1e9) }] },
      'arms.gateway.byKey[0].cost.usd is 1000000000',
    ],
  ])('%o is left out, and its tasks and failures count', (counts, field) => {
    const bounded = boundMeasurement(of({ tasks: 5, failedTasks: 4, ...counts }));
    if (bounded.kind !== 'bounded') throw new Error(bounded.problems.join());
    expect(bounded.leftOut).toEqual([field]);
    expect(bounded.measurement.arms.gateway).toMatchObject({ tasks: 5, failedTasks: 4 });
    const sum = addMeasurements(bounded.measurement, bounded.measurement);
    expect(
      measurementSchema.safeParse(JSON.parse(JSON.stringify(sum))).error?.issues ?? [],
    ).not.toContainEqual(expect.objectContaining({ path: expect.arrayContaining(['arms']) }));
  });

  it('absurd tokens make the cost of all tasks unknown', () => {
    const tokens = { input: 1e12, cachedInput: 0, output: 1, unknown: 0 };
    expect(boundMeasurement(of({ tasks: 5, tokens, cost: money(3) }))).toMatchObject({
      measurement: { arms: { gateway: { tokens: null, cost: { usd: 0, priced: 0, unpriced: 5 } } } },
    });
  });
});

describe('counts that contradict each other', () => {
  it.each([
    [{ tasks: 5, failedTasks: 7 }, 'arms.gateway: 7 failed of 5 tasks'],
    [{ tasks: 5, retriedTasks: 6 }, 'arms.gateway: 6 retried of 5 tasks'],
    [{ tasks: 5, truncated: 6 }, 'arms.gateway: 6 truncated of 5 tasks'],
    [
      { tasks: 5, units: [{ unit: 'ana', tasks: 1, failedTasks: 2 }] },
      'arms.gateway.units: 2 failed of 1 tasks',
    ],
    [{ attempts: 1, failedAttempts: 2 }, 'arms.gateway: 2 failed of 1 attempts'],
    [{ tasks: 2e9 }, 'arms.gateway: a count of 2000000000 in one window'],
    [
      { byModel: [{ ...EMPTY_ARM, name: 'm', tasks: 1, failedTasks: 2 }] },
      'arms.gateway.byModel[0]: 2 failed of 1 tasks',
    ],
  ])('%o are refused', (counts, problem) => {
    expect(boundMeasurement(of(counts))).toEqual({ kind: 'refused', problems: [problem] });
  });
});

it('leaves everything else as it is', () => {
  fc.assert(
    fc.property(
      fc.nat({ max: 1e6 }),
      fc.nat({ max: 1e6 }),
      fc.double({ min: 0, max: 1e6, noNaN: true }),
      (a, b, usd) => {
        const [failedTasks = 0, tasks = 0] = [a, b].sort((x, y) => x - y);
        const measurement = of({ tasks, failedTasks, cost: money(usd) });
        expect(boundMeasurement(measurement)).toEqual({ kind: 'bounded', measurement, leftOut: [] });
      },
    ),
  );
});
