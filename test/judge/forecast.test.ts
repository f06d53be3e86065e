import { describe, expect, it } from 'vitest';
import { forecastLines } from '../../src/commands/forecast.ts';
import type { Limits } from '../../src/config/metrics.ts';
import { forecastOf } from '../../src/conversation/forecast.ts';
import { forecastStage } from '../../src/judge/forecast.ts';
import { valid } from '../config/configs.ts';
import { asked, setting } from './measured.ts';

const FINE = Array.from({ length: 60 }, (_, step) => 0.05 * 2 ** (step / 6));
const DOUBLING = Array.from({ length: 14 }, (_, step) => 0.01 * 2 ** step);

function days(metrics: Limits, tasksPerDay: number, errorRate: number, bounds = FINE): number | null {
  const [first] = forecastStage(setting(metrics), 5, { tasksPerDay, errorRate, bounds });
  if (first === undefined) throw new Error('the metric should be forecast');
  return first.days;
}

function shown(text: string): string {
  return forecastLines(forecastOf(valid(text))).join('\n');
}

describe('can it pass at all?', () => {
  // Medians of 30 simulated rollouts at a share of 5 %, without earlier measurements. The forecast is a mean.
  it.each([
    ['success_rate', { max_drop: 0.5 }, 2_000, [6.8, 21, 41]],
    ['success_rate', { max_drop: 0.5 }, 20_000, [0.68, 2, 4.8]],
    ['success_rate', { max_drop: 1 }, 2_000, [3.3, 6.6, 11]],
    ['error_ratio', { max: 2 }, 2_000, [94, 22, 5.7]],
    ['error_ratio', { max: 2 }, 20_000, [9.2, 1.9, 0.47]],
  ] as const)('%s %o at %d tasks a day', (metric, limit, tasks, medians) => {
    for (const [index, errorRate] of [0.001, 0.005, 0.02].entries()) {
      const forecast = days(asked({ [metric]: limit }), tasks, errorRate) ?? Number.NaN;
      const expected = medians[index] ?? Number.NaN;
      expect(forecast / expected).toBeGreaterThan(0.8);
      expect(forecast / expected).toBeLessThan(1.8);
    }
  });

  it('a p95 can never be compared on buckets that double, slow tasks can', () => {
    const p95 = asked({ latency_p95: { max_increase: 50 } });
    const slow = asked({ slow_ratio: { max: 1.5 } });
    expect(days(p95, 200_000, 0.005, DOUBLING)).toBe(null);
    expect(days(p95, 200_000, 0.005)).toBeLessThan(1);
    expect(days(slow, 200_000, 0.005, DOUBLING)).toBeLessThan(1);
  });

  it('a limit that equal arms meet exactly is never proven', () => {
    expect(days(asked({ error_ratio: { max: 1 } }), 200_000, 0.005)).toBe(null);
    expect(days(asked({ success_rate: { min: 99.5 } }), 200_000, 0.005)).toBe(null);
  });

  it('a last stage that holds some users back is compared with them', () => {
    const config = `gateway: { base_url: "https://gateway.example/v1" }
models: [a]
measure: { source: jsonl }
rollout:
  stages: [50%, 100%]
  gates: { default: { min_duration: 24h, min_tasks: 100, metrics: { success_rate: { max_drop: 2% } } } }
`;
    expect(shown(`${config}  holdback: 10%\n`)).not.toContain('cannot be proven');
  });

  it('says before the start how many users a split per user needs', () => {
    const sticky = 'measure: { source: jsonl }\nrollout: { cluster: user, stages: [5%, 25%, 50%, 100%] }\n';
    const least = 'gateway: { base_url: "https://gateway.example/v1" }\nmodels: [a]\n';
    expect(shown(least + sticky)).toContain('1,600 at 25 % and 800');
    // Users prove nothing before the second day.
    expect(shown(least + sticky)).toMatch(/25% .* 2 {11}2\n/);
    expect(shown(least + sticky.replace('cluster: user, ', ''))).not.toContain('sticky');
  });

  it('is shown with the config, and marked if too long', () => {
    const least = 'gateway: { base_url: "https://gateway.example/v1" }\nmodels: [a]\n';
    expect(forecastOf(valid(least))).toBeNull();
    expect(shown(`${least}measure: { source: prometheus }\n`)).toMatchInlineSnapshot(`
      "Days that a gateway as good as the official API needs to pass each stage, assuming 0.5 % errors, a
      median task time of 1.4 s and a 95th percentile of 3.8 s:
        tasks a day           500       2,000      20,000     200,000
        5%                      4           3           1           1
        25%                  21 !         5.3           1           1
        50%                16.9 !         4.2           1           1
        100%                   12         2.4           1           1
      ! means longer than max_duration (14 days): the rollout would pause undecided. For slow_ratio, use
        a wider limit or guard: true. Or take a road that fits the traffic: copies first (shadow: 100%), a
        larger first share, stages by workload, or gates that people decide (manual: true).
      After the last stage: 7 days of watching (rollout.watch)."
    `);
    const strict =
      'rollout: { gates: { default: { metrics: { success_rate: { max_drop: 0.1% }, latency_p95: { max_increase: 20% } } } } }';
    expect(shown(`${least}measure: { source: prometheus }\n${strict}\n`)).toMatchInlineSnapshot(`
      "Days that a gateway as good as the official API needs to pass each stage, assuming 0.5 % errors, a
      median task time of 1.4 s and a 95th percentile of 3.8 s:
        tasks a day           500       2,000      20,000     200,000
        5%                1,690 !       420 !        42 !         4.2
        25%                 411 !       102 !        10.2           1
        50%                 292 !      71.9 !         7.2           1
        100%              never !     never !         6.7           1
      ! means longer than max_duration (14 days): the rollout would pause undecided. For success_rate,
        use a wider limit or guard: true. Or take a road that fits the traffic: copies first (shadow:
        100%), a larger first share, stages by workload, or gates that people decide (manual: true).
      Not in the table: latency_p95 cannot be proven in any stage under these assumptions, so the
        rollout would pause undecided, whatever the other metrics show. Use a wider limit or guard: true.
      After the last stage: 7 days of watching (rollout.watch)."
    `);
  });
});
