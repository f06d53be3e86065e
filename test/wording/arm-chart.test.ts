import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ArmChart, armChart } from '../../src/wording/arm-chart.ts';
import { hostileText } from '../rollout/harmless.ts';

const HOUR = 3_600_000;

/** The chart of these values of the gateway, one an hour, and beside them those of the official arm. */
const chartOf = (
  gateway: readonly (number | null)[],
  {
    official = [],
    unit = 'percent',
  }: { official?: readonly (number | null)[]; unit?: ArmChart['unit'] } = {},
) =>
  armChart({
    title: 'A figure',
    unit,
    points: gateway.map((value, at) => ({ at: at * HOUR, official: official[at] ?? null, gateway: value })),
  });

const axisOf = (chart: string): [low: number, high: number] => {
  const [, low, high] = /y-axis "\w+" (\S+) --> (\S+)/.exec(chart) ?? [];
  return [Number(low), Number(high)];
};
const linesOf = (chart: string): number[][] =>
  [...chart.matchAll(/line \[(.*)\]/g)].map(([, values = '']) => values.split(', ').map(Number));

describe('a chart of both arms in Markdown', () => {
  test('has a line for each arm, a label for each moment, and an axis that can be read', () => {
    expect(chartOf([99.4, 98.6, 99.9], { official: [99.5, 99.6, 99.4] })).toMatchInlineSnapshot(`
      "\`\`\`mermaid
      %%{init: {"themeVariables": {"xyChart": {"plotColorPalette": "#1f7fe0, #d9661f"}}}}%%
      xychart-beta
        title "A figure: official in blue, gateway in orange"
        x-axis "hours since 1970-01-01 00:00 UTC" 0 --> 2
        y-axis "percent" 98.5 --> 100
        line [99.5, 99.6, 99.4]
        line [99.4, 98.6, 99.9]
      \`\`\`"
    `);
  });

  test.each([
    ['all that succeeded', [100, 100], 'percent', [99.5, 100]],
    ['a few that failed', [99.95, 100], 'percent', [99.5, 100]],
    ['half that failed', [50, 50.2], 'percent', [49.8, 50.4]],
    ['all that failed', [0, 0], 'percent', [0, 0.5]],
    ['times', [8.91, 12.6], 'seconds', [8, 13]],
    ['small costs', [0.00021, 0.0003], 'USD', [0.0002, 0.00032]],
    ['equal costs', [0.0003, 0.0003], 'USD', [0.00028, 0.00032]],
    ['no costs', [0, 0], 'USD', [0, 1]],
  ] as const)('an axis for %s', (_, values, unit, axis) => {
    expect(axisOf(chartOf(values, { unit }))).toEqual(axis);
  });

  test.each([
    ['percent', 100],
    ['seconds', 1e6],
  ] as const)('an axis of %s holds every value', (unit, largest) => {
    const value = fc.nat(1_000_000).map((n) => (largest * n) / 1_000_000);
    fc.assert(
      fc.property(fc.array(value, { minLength: 2, maxLength: 24 }), (values) => {
        const chart = chartOf(values, { unit });
        const [low, high] = axisOf(chart);
        const drawn = linesOf(chart).flat();
        expect(low).toBeGreaterThanOrEqual(0);
        expect(low).toBeLessThanOrEqual(Math.min(...drawn));
        expect(high).toBeGreaterThanOrEqual(Math.max(...drawn));
        expect(high).toBeGreaterThan(low);
        if (unit === 'percent') expect(high).toBeLessThanOrEqual(100);
      }),
    );
  });

  test('leaves out a moment at which one of the arms has no value, and an arm that never has one', () => {
    expect(linesOf(chartOf([99, null, 98, 97], { official: [100, 100, null, 99] }))).toEqual([
      [100, 99],
      [99, 97],
    ]);
    expect(linesOf(chartOf([99, 98]))).toEqual([[99, 98]]);
  });

  test('of hundreds of moments shows two dozen, the newest among them', () => {
    const [line = []] = linesOf(chartOf(Array.from({ length: 365 }, (_, at) => at / 10)));
    expect(line.length).toBeLessThanOrEqual(24);
    expect(line.length).toBeGreaterThan(12);
    expect(line.at(-1)).toBe(36.4);
  });

  test('stays in its block whatever its title says', () => {
    fc.assert(
      fc.property(hostileText, (title) => {
        const points = [99, 98].map((gateway, at) => ({ at, official: null, gateway }));
        const lines = armChart({ title, unit: 'percent', points }).split('\n');
        expect(lines).toHaveLength(8);
        expect(lines[3]).toMatch(/^ {2}title "[^"`<>]*: gateway in orange"$/);
      }),
    );
  });

  test('of fewer than two moments is empty', () => {
    expect([chartOf([99]), chartOf([99, null]), chartOf([null, null])]).toEqual(['', '', '']);
  });
});
