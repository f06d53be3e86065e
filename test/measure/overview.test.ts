import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EMPTY_ARM } from '../../src/measure/measurement.ts';
import { overviewOf } from '../../src/measure/overview.ts';
import { arm, measurement, rollout } from '../report/rollouts.ts';
import { sumOf } from './measurements.ts';

test('without measurements there is no overview', () => {
  expect(overviewOf([], 10)).toBeNull();
});

test('a stage is the sum of its windows, in any order', () => {
  const windows = rollout({ hours: 6 });
  const sum = sumOf(windows.slice(3));
  const overview = overviewOf(windows.toReversed(), 10);
  expect(overview?.stages.map(({ stage, windows: n }) => [stage, n])).toEqual([
    ['5%', 3],
    ['25%', 3],
  ]);
  expect(overview?.stages[1]?.arms.gateway?.counts).toEqual(sum.arms.gateway);
  expect(overview).toEqual(overviewOf(windows, 10));
});

test('fewer points than windows lose no task, and never mix stages', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('5%', '25%'), { minLength: 1, maxLength: 30 }),
      fc.nat(12),
      (stages, most) => {
        const windows = stages.map((stage, at) => measurement(at, { stage }));
        const overview = overviewOf(windows, most);
        const runs = stages.filter((stage, at) => stage !== stages[at - 1]).length;
        expect(overview?.points.length).toBeLessThanOrEqual(Math.max(1, most) + runs);
        const tasks = overview?.points.reduce((sum, { arms }) => sum + (arms.gateway?.counts.tasks ?? 0), 0);
        expect(tasks).toBe(50 * windows.length);
        expect(overview?.whole.gateway?.counts.tasks).toBe(tasks);
        for (const { window, stage } of overview?.points ?? []) {
          const inside = windows.filter(
            (each) => each.window.from >= window.from && each.window.to <= window.to,
          );
          expect(new Set(inside.map((each) => each.stage))).toEqual(new Set([stage]));
        }
      },
    ),
    { numRuns: 40 },
  );
});

test('rates, quantiles and costs of an arm', () => {
  const gateway = arm({ tasks: 200, failedTasks: 3, seconds: 1, usd: 0.0002 });
  const overview = overviewOf([measurement(0, { arms: { official: null, gateway } })], 1);
  expect(overview?.whole.official).toBeNull();
  const { successRate, latency, ttft, costPerTask } = overview?.whole.gateway ?? {};
  expect(successRate).toBe(98.5);
  expect(latency).toMatchObject({ p50: { atMost: 1.12 }, p99: { atMost: Infinity } });
  expect(ttft?.p95.atMost).toBeLessThan(latency?.p95.atMost ?? 0);
  expect(costPerTask).toBeCloseTo(0.0002, 10);
});

test('an arm without tasks has no rate, no time and no cost, rather than zeros', () => {
  const overview = overviewOf([measurement(0, { arms: { official: EMPTY_ARM, gateway: EMPTY_ARM } })], 1);
  expect(overview?.whole.official).toMatchObject({
    successRate: null,
    latency: null,
    ttft: null,
    costPerTask: null,
  });
});

test('a count that is unknown in one window is unknown in the sum', () => {
  const untold = { ...EMPTY_ARM, tasks: 10, failedTasks: null };
  const windows = [measurement(0), measurement(1, { arms: { official: null, gateway: untold } })];
  expect(overviewOf(windows, 5)?.whole.gateway?.successRate).toBeNull();
});
