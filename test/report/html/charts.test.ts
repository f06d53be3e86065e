import { describe, expect, test } from 'vitest';
import { intervalCharts, timeCharts } from '../../../src/report/html/charts.ts';
import { measurement, mixedLook, overviewIn } from '../rollouts.ts';

describe('charts', () => {
  test('a value above all buckets leaves a gap in the chart', () => {
    const overview = overviewIn([measurement(0), measurement(1)]);
    const endless = { above: 20, atMost: Infinity };
    const quantiles = { p50: { above: 0.9, atMost: 1 }, p95: endless, p99: endless };
    const points = overview.points.map((point) => ({
      ...point,
      arms: { ...point.arms, gateway: point.arms.gateway && { ...point.arms.gateway, latency: quantiles } },
    }));
    const latency = timeCharts({ ...overview, points }).find(({ id }) => id === 'latency');
    expect(latency?.lines.map(({ label }) => label)).toEqual(['official p50', 'official p95', 'gateway p50']);
    expect(latency?.table.rows[0]?.at(-1)).toBe('≥ 20 s');
  });

  test('a relative limit moves with the official arm, an absolute one does not', () => {
    const later = {
      ...mixedLook,
      window: { from: mixedLook.window.to, to: mixedLook.window.to + 3_600_000 },
    };
    const charts = intervalCharts([mixedLook, later]);
    const limits = (id: string) =>
      charts
        .find((chart) => chart.id === `interval-${id}`)
        ?.lines.filter(({ of }) => of === 'limit')
        .map(({ label, values }) => [label, values[0]]);
    expect(limits('success_rate')).toEqual([
      ['limit (min)', 99],
      ['limit (max_drop)', 98.5],
    ]);
    expect(limits('error_ratio')).toEqual([['limit (max)', 1]]);
    expect(limits('latency_p95')).toEqual([['limit (max_increase)', 1638]]);
    expect(limits('retry_rate')).toEqual([['limit (max_increase)', 101.5]]);
  });

  test('a metric without an interval, and a single look, have no chart of intervals', () => {
    expect(intervalCharts([mixedLook])).toEqual([]);
    expect(intervalCharts([])).toEqual([]);
    const ids = intervalCharts([mixedLook, mixedLook]).map(({ id }) => id);
    expect(ids).not.toContain('interval-cost_ratio');
    expect(ids).not.toContain('interval-cost_per_task');
  });
});
