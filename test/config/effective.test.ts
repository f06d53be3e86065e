import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatEffective } from '../../src/config/effective.ts';
import { fixture, LEAST, valid } from './configs.ts';

describe('the effective config', () => {
  it('of the least file shows every default', () => {
    expect(formatEffective(valid(fixture('least.yml')))).toMatchSnapshot();
  });

  it.each([
    fixture('least.yml'),
    fixture('all.yml'),
    `${LEAST}rollout: { stages: [o3: 5%, o3, 100%], gates: { default: { manual: true }, 100%: { approvals: 1 } } }`,
    `${LEAST}rollout: { gates: { local: { manual: false, workflows: [a.yml] }, 5%: { metrics: {}, min_tasks: 0 } } }`,
    `${LEAST}measure: { source: jsonl, workflow: observe.yml, fidelity_usd_per_day: 0.5 }`,
    `${LEAST}rollout: { advance_window: { days: [fri-mon], hours: 9-16, timezone: Europe/Berlin }, watch: 0, shadow: { max_cost_usd: 2 } }`,
    `${LEAST}measure: { source: litellm, prices: { o3: { input: 1, output: 2 } } }`,
    `${LEAST}measure: { official: openai, gateway: { source: prometheus, labels: { a: b } } }`,
    `${LEAST}measure: { source: prometheus, series: { requests: a:b, cost: null }, label_names: { arm: c, key: null } }`,
    `${LEAST}traffic: [{ file: { path: a, set: { /x: fraction(o3) } } }, { variable: { name: A, value: rest } }]`,
  ])('read again is the same config (%#)', (text) => {
    const config = valid(text);
    expect(valid(formatEffective(config))).toEqual(config);
  });

  it('read again is the same for any valid settings', () => {
    const percent = fc.integer({ min: 1, max: 999 }).map((tenths) => `${tenths / 10}%`);
    const duration = fc
      .tuple(fc.integer({ min: 1, max: 99 }), fc.constantFrom('s', 'm', 'h'))
      .map((parts) => parts.join(''));
    const seconds = fc.integer({ min: 1, max: 3600 }).map((count) => `${count}s`);
    const shares = fc.uniqueArray(fc.integer({ min: 1, max: 99 }), { maxLength: 5 });
    const gate = fc.record(
      {
        manual: fc.boolean(),
        workflows: fc.uniqueArray(fc.constantFrom('a.yml', 'b.yaml')),
        min_duration: duration,
        min_tasks: fc.nat(9_999),
        approvals: fc.integer({ min: 1, max: 5 }),
        metrics: fc.record(
          {
            success_rate: fc.record({ min: percent, guard: fc.boolean(), optional: fc.boolean() }),
            latency_p95: fc.record({ max: seconds, max_increase: percent }),
            error_ratio: fc.record({ max: fc.double({ min: 0.01, max: 50, noNaN: true }) }),
            cost_per_task: fc.record({ max: fc.double({ min: 0.0001, max: 9, noNaN: true }) }),
            retry_cost: fc.record({ max: percent, max_increase: percent }),
          },
          { requiredKeys: [] },
        ),
      },
      { requiredKeys: ['approvals'] },
    );
    const file = fc.record({
      gateway: fc.constant({ base_url: 'https://zivv.pro/v1' }),
      models: fc.oneof(
        fc.uniqueArray(fc.stringMatching(/^[a-z][a-z0-9./-]{0,8}$/), { minLength: 1, maxLength: 4 }),
        fc.dictionary(fc.stringMatching(/^m[a-z0-9:-]{0,8}$/), fc.stringMatching(/^[a-z][a-z0-9/-]{0,8}$/), {
          minKeys: 1,
          maxKeys: 4,
        }),
      ),
      client: fc.record({ timeout: seconds, max_retries: fc.nat(20) }),
      rollout: fc.record({
        stages: shares.map((numbers) => [
          'local',
          ...numbers.sort((a, b) => a - b).map((share) => `${share}%`),
          '100%',
        ]),
        gates: fc.record({ local: gate, default: gate, '100%': gate }, { requiredKeys: [] }),
        confidence: fc.integer({ min: 500, max: 999 }).map((tenths) => `${tenths / 10}%`),
      }),
      measure: fc.record({
        source: fc.constantFrom('jsonl', 'prometheus'),
        interval: fc.constantFrom('1m', '15m', '2h'),
      }),
    });
    fc.assert(
      fc.property(file, (written) => {
        const config = valid(JSON.stringify(written));
        expect(valid(formatEffective(config))).toEqual(config);
      }),
      { numRuns: 40 },
    );
  });
});
