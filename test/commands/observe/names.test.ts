import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NOT_PUBLISHED, withoutNames } from '../../../src/commands/observe/names.ts';
import type { Measurement } from '../../../src/measure/measurement.ts';
import { addMeasurements } from '../../measure/measurements.ts';
import { arm, measurement } from '../../report/rollouts.ts';

/** Windows in which several keys spent something. */
const windows: fc.Arbitrary<Measurement> = fc
  .tuple(fc.nat(50), fc.array(fc.tuple(fc.string(), fc.nat(20)), { maxLength: 5 }))
  .map(([hour, spent]) => {
    const gateway = arm({ tasks: 30, failedTasks: 1, seconds: 1, usd: 0.001 });
    const [slice] = gateway.byKey;
    const named = new Map(spent);
    const byKey = slice ? [...named].map(([name, tasks]) => ({ ...slice, name: `key ${name}`, tasks })) : [];
    return measurement(hour, { arms: { official: null, gateway: { ...gateway, byKey, byMember: byKey } } });
  });

test('removes all names and keeps all costs', () => {
  fc.assert(
    fc.property(windows, (window) => {
      const { gateway } = withoutNames(window).arms;
      const before = window.arms.gateway?.byKey ?? [];
      expect(JSON.stringify(gateway)).not.toContain('key ');
      for (const slices of [gateway?.byKey ?? [], gateway?.byMember ?? []]) {
        expect(slices.map(({ name }) => name)).toEqual(before.length === 0 ? [] : [NOT_PUBLISHED]);
        expect(slices[0]?.tasks ?? 0).toBe(before.reduce((sum, { tasks }) => sum + (tasks ?? 0), 0));
      }
    }),
  );
});

test('removing names before adding up is the same as after', () => {
  fc.assert(
    fc.property(windows, windows, (a, b) => {
      const after = withoutNames(addMeasurements(a, b));
      expect(addMeasurements(withoutNames(a), withoutNames(b))).toEqual(after);
      expect(withoutNames(after)).toEqual(after);
    }),
  );
});
