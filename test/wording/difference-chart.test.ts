import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MetricVerdict } from '../../src/judge/verdict.ts';
import { differenceChart } from '../../src/wording/difference-chart.ts';
import { limit, verdict } from '../report/rollouts.ts';
import { hostileText } from '../rollout/harmless.ts';

const HOUR = 3_600_000;
/** The chart of these values of the gateway, one an hour, each beside the official one; by default 100. */
const chartOf = (
  gateway: readonly (number | null)[],
  { official = gateway.map(() => 100), title = 'A figure', verdict: judged }: Asked = {},
) =>
  differenceChart(
    title,
    gateway.map((value, at) => ({ at: at * HOUR, official: official[at] ?? null, gateway: value })),
    judged,
  );

interface Asked {
  readonly official?: readonly (number | null)[];
  readonly title?: string;
  readonly verdict?: MetricVerdict;
}

const axisOf = (chart: string): [low: number, high: number] => {
  const [, low, high] = /y-axis "\w+" (\S+) --> (\S+)/.exec(chart) ?? [];
  return [Number(low), Number(high)];
};
const linesOf = (chart: string): number[][] =>
  [...chart.matchAll(/line \[(.*)\]/g)].map(([, values = '']) => values.split(', ').map(Number));

describe('a chart of the difference in Markdown', () => {
  test('has the difference, the limit and no difference as lines, and an axis that can be read', () => {
    const judged = verdict({ limits: [limit({ kind: 'max_drop', limit: 1 })] });
    const official = [99.5, 99.6, 99.4];
    expect(chartOf([99.4, 98.6, 99.9], { official, verdict: judged })).toMatchInlineSnapshot(`
      "\`\`\`mermaid
      %%{init: {"themeVariables": {"xyChart": {"plotColorPalette": "#818b98, #e5534b, #d9661f"}}}}%%
      xychart-beta
        title "A figure: equal in gray, limit in red, gateway in orange"
        x-axis "hours since 1970-01-01 00:00 UTC" 0 --> 2
        y-axis "points" -1.5 --> 1
        line [0, 0, 0]
        line [-1, -1, -1]
        line [-0.1, -1, 0.5]
      \`\`\`"
    `);
  });

  test('leaves out a limit that would make it a flat line', () => {
    const far = verdict({ limits: [limit({ kind: 'max_drop', limit: 20 })] });
    expect(linesOf(chartOf([99, 98], { verdict: far }))).toEqual([
      [0, 0],
      [-1, -2],
    ]);
  });

  test.each([
    ['equal rates', [100, 100], [-0.3, 0.3]],
    ['a few more that failed', [99.95, 100], [-0.3, 0.3]],
    ['all that failed', [0, 0], [-150, 50]],
  ] as const)('an axis for %s', (_, values, axis) => {
    expect(axisOf(chartOf(values))).toEqual(axis);
  });

  test('an axis holds every value', () => {
    const value = fc.nat(1_000_000).map((n) => n / 10_000);
    fc.assert(
      fc.property(fc.array(value, { minLength: 2, maxLength: 24 }), (values) => {
        const chart = chartOf(values);
        const [low, high] = axisOf(chart);
        const drawn = linesOf(chart).flat();
        expect(low).toBeLessThanOrEqual(Math.min(...drawn));
        expect(high).toBeGreaterThanOrEqual(Math.max(...drawn));
        expect(high).toBeGreaterThan(low);
      }),
    );
  });

  test('leaves out a moment at which one of the arms has no value', () => {
    const [, difference] = linesOf(chartOf([99, null, 98, 97], { official: [100, 100, null, 99] }));
    expect(difference).toEqual([-1, -2]);
    expect(chartOf([99, 98], { official: [] })).toBe('');
  });

  test('of hundreds of moments shows two dozen, the newest among them', () => {
    const [, line = []] = linesOf(chartOf(Array.from({ length: 365 }, (_, at) => 100 + at / 10)));
    expect(line.length).toBeLessThanOrEqual(24);
    expect(line.length).toBeGreaterThan(12);
    expect(line.at(-1)).toBe(36.4);
  });

  test('stays in its block whatever its title says', () => {
    fc.assert(
      fc.property(hostileText, (title) => {
        const lines = chartOf([99, 98], { title }).split('\n');
        expect(lines).toHaveLength(9);
        expect(lines[3]).toMatch(/^ {2}title "[^"`<>]*: equal in gray, gateway in orange"$/);
      }),
    );
  });

  test('of fewer than two moments is empty', () => {
    expect([chartOf([99]), chartOf([99, null]), chartOf([null, null])]).toEqual(['', '', '']);
  });
});
