import { describe, expect, test } from 'vitest';
import { timeCharts } from '../../../src/report/html/charts.ts';
import { armsTable } from '../../../src/report/measurement-tables.ts';
import { arm, measurement, overviewIn } from '../rollouts.ts';

describe('charts', () => {
  test('three tasks have no p95: the table names the slowest', () => {
    const few = measurement(0, {
      arms: { official: arm({ tasks: 3, failedTasks: 0, seconds: 1, usd: 0.001 }), gateway: null },
    });
    const overview = overviewIn([few]);
    expect(timeCharts(overview).flatMap(({ lines }) => lines.map(({ label }) => label))).not.toContain(
      'official p95',
    );
    const [stage] = overview.stages;
    const rows =
      stage === undefined ? [] : armsTable(stage).rows.filter(([label]) => label?.startsWith('Task latency'));
    expect(rows).toEqual([
      ['Task latency, p50', '≤ 1 s', '–', ''],
      ['Task latency, slowest', '≤ 3.55 s (of 3 tasks)', '–', ''],
    ]);
  });

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
});
