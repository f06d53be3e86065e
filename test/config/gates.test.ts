import { describe, expect, it } from 'vitest';
import type { Gate } from '../../src/config/gates.ts';
import { LEAST, valid, withLeast } from './configs.ts';

const DAY = 86_400_000;

function gates(text: string): Record<string, Gate> {
  return Object.fromEntries(valid(LEAST + text).rollout.stages.map(({ label, gate }) => [label, gate]));
}

describe('gates that the file does not name', () => {
  it('local and staging: manual approval', () => {
    const { local, staging } = gates('');
    expect(local).toEqual({
      manual: true,
      workflows: [],
      checks: [],
      metrics: {},
      min_duration: 0,
      min_tasks: 0,
      approvals: 0,
    });
    expect(staging).toEqual(local);
  });

  it('production: a day, tasks by the traffic, and six metrics, which only guard at the first share', () => {
    const { '5%': first, '25%': second, '100%': last } = gates('');
    expect(second).toEqual({
      manual: false,
      workflows: [],
      checks: [],
      min_duration: DAY,
      min_tasks: 'auto',
      approvals: 0,
      metrics: {
        success_rate: { max_drop: 1, guard: false, optional: true },
        error_ratio: { max: 2, guard: true, optional: true },
        slow_ratio: { max: 1.5, guard: false, optional: true },
        cost_ratio: { max: 1.05, guard: false, optional: true },
        cost_per_task: { max_increase: 10, guard: true, optional: true },
        cache_ratio: { max_drop: 5, guard: true, optional: true },
      },
    });
    expect(last).toEqual(second);
    expect(Object.values(first?.metrics ?? {}).map((limit) => limit?.guard)).toEqual(Array(6).fill(true));
    expect({ ...first, metrics: null }).toEqual({ ...second, metrics: null });
  });
});

describe('gates that the file names', () => {
  it('workflows are required together with manual approval, unless manual is false', () => {
    const { local, staging } = gates(
      'rollout: { gates: { local: { workflows: [a.yml] }, staging: { workflows: [a.yml], manual: false } } }',
    );
    expect(local).toMatchObject({ manual: true, workflows: ['a.yml'] });
    expect(staging).toMatchObject({ manual: false, workflows: ['a.yml'] });
  });

  it('a stage takes what it leaves out from default, and default from the built-in gate', () => {
    const { '25%': other, '100%': last } = gates(
      'rollout: { gates: { default: { min_tasks: 9 }, 100%: { min_duration: 72h, approvals: 2 } } }',
    );
    expect(other).toMatchObject({ min_duration: DAY, min_tasks: 9, approvals: 0 });
    expect(last).toMatchObject({ min_duration: 3 * DAY, min_tasks: 9, approvals: 2 });
    expect(last?.metrics).toEqual(other?.metrics);
  });

  it('metrics that are named replace the others and hold at the first share too', () => {
    const { '5%': first } = gates(
      'rollout: { gates: { default: { metrics: { success_rate: { min: 99% } } } } }',
    );
    expect(first?.metrics).toEqual({ success_rate: { min: 99, guard: false, optional: false } });
  });

  it('manual: true requires only what the file names', () => {
    const { '5%': first, '100%': last } = gates(
      'rollout: { gates: { default: { min_tasks: 9 }, 5%: { manual: true }, 100%: { manual: true, approvals: 2, min_tasks: 0 } } }',
    );
    expect(first).toMatchObject({ manual: true, min_tasks: 9, min_duration: 0, metrics: {} });
    expect(last).toMatchObject({ manual: true, min_tasks: 0, approvals: 2, metrics: {} });
  });

  it('a gate finds its stage however the two are written', () => {
    const written = gates('rollout: { stages: [o3: 5%, 100%], gates: { "o3:5%": { min_tasks: 3 } } }');
    expect(written['o3: 5%']?.min_tasks).toBe(3);
  });

  it('limits are numbers in the unit of their metric', () => {
    const { '25%': gate } = gates(
      `rollout: { gates: { default: { metrics: {
        latency_p95: { max: 800ms, max_increase: 150% }, retry_rate: { max: 5% }, cost_per_task: { max: 0.02 },
        tokens_per_task: { max_increase: 10% }, success_rate: { min: 99.5%, max_drop: 0.5%, guard: true } } } } }`,
    );
    expect(gate?.metrics).toEqual({
      latency_p95: { max: 800, max_increase: 150, guard: false, optional: false },
      retry_rate: { max: 5, guard: false, optional: false },
      cost_per_task: { max: 0.02, guard: false, optional: false },
      tokens_per_task: { max_increase: 10, guard: false, optional: false },
      success_rate: { min: 99.5, max_drop: 0.5, guard: true, optional: false },
    });
  });
});

describe('the problem of a wrong gate', () => {
  it('names, conditions and contradictions', () => {
    expect(
      withLeast([
        'rollout: { gates: { 75%: { approvals: 1 }, 100: { approvals: 1 }, defualt: { approvals: 1 } } }',
        'rollout: { stages: [o3: 5%, 100%], gates: { "o3: 5%": { approvals: 1 }, "o3:5%": { approvals: 2 } } }',
        'rollout: { gates: { default: {}, local: {}, 5%: {} } }',
        'rollout: { gates: { local: { manual: false } } }',
        'rollout: { gates: { 5%: { min_duration: 0s, min_tasks: 0, metrics: { error_ratio: { max: 2, guard: true } } } } }',
        'rollout: { gates: { 5%: { min_duration: 30d } } }',
        'rollout: { gates: { 5%: } }',
        'rollout: { gates: { staging: { workflows: .github/workflows/a.yml } } }',
        'rollout: { gates: { staging: { workflows: [ci], checks: [a, a], approvals: two, min_tasks: 500% } } }',
      ]),
    ).toMatchInlineSnapshot(`
      "rollout: { gates: { 75%: { approvals: 1 }, 100: { approvals: 1 }, defualt: { approvals: 1 } } }
      → rollout.yml:3:21 rollout.gates.75%: there is no stage "75%"; expected default or one of local, staging, 5%, 25%, 50%, 100%
      rollout.yml:3:44 rollout.gates.100: there is no stage "100"; expected default or one of local, staging, 5%, 25%, 50%, 100%; did you mean "100%"?
      rollout.yml:3:67 rollout.gates.defualt: there is no stage "defualt"; expected default or one of local, staging, 5%, 25%, 50%, 100%; did you mean "default"?

      rollout: { stages: [o3: 5%, 100%], gates: { "o3: 5%": { approvals: 1 }, "o3:5%": { approvals: 2 } } }
      → rollout.yml:3:73 rollout.gates["o3:5%"]: the stage o3: 5% already has a gate, named o3: 5%; expected one gate per stage

      rollout: { gates: { default: {}, local: {}, 5%: {} } }
      → rollout.yml:3:30 rollout.gates.default: the gate has no condition; expected at least one condition, or manual: true; nothing passes by default
      rollout.yml:3:41 rollout.gates.local: the gate has no condition; expected at least one condition, or manual: true; nothing passes by default
      rollout.yml:3:49 rollout.gates.5%: the gate has no condition; expected at least one condition, or manual: true; nothing passes by default

      rollout: { gates: { local: { manual: false } } }
      → rollout.yml:3:28 rollout.gates.local: the gate has no condition; expected at least one condition, or manual: true; nothing passes by default

      rollout: { gates: { 5%: { min_duration: 0s, min_tasks: 0, metrics: { error_ratio: { max: 2, guard: true } } } } }
      → rollout.yml:3:25 rollout.gates.5%: the gate has no condition; expected at least one condition, or manual: true; nothing passes by default

      rollout: { gates: { 5%: { min_duration: 30d } } }
      → rollout.yml:3:41 rollout.gates.5%.min_duration: the stage lasts at least 30d, but the rollout pauses after max_duration, 14d; expected at most 14d, or a longer rollout.max_duration

      rollout: { gates: { 5%: } }
      → rollout.yml:3:21 rollout.gates.5%: the setting is empty; expected a map with manual, workflows, checks, metrics, min_duration, min_tasks or approvals

      rollout: { gates: { staging: { workflows: .github/workflows/a.yml } } }
      → rollout.yml:3:43 rollout.gates.staging.workflows: ".github/workflows/a.yml" is not accepted; expected a list of workflow file names

      rollout: { gates: { staging: { workflows: [ci], checks: [a, a], approvals: two, min_tasks: 500% } } }
      → rollout.yml:3:44 rollout.gates.staging.workflows[0]: "ci" is not accepted; expected a workflow file name such as gateway-check.yml, without a folder
      rollout.yml:3:61 rollout.gates.staging.checks[1]: "a" is in the list twice; expected each entry once
      rollout.yml:3:76 rollout.gates.staging.approvals: "two" is not accepted; expected a whole number from 0 to 20
      rollout.yml:3:92 rollout.gates.staging.min_tasks: "500%" is not accepted; expected auto, or a whole number of tasks"
    `);
  });

  it('metrics and limits', () => {
    const metrics = [
      '{ sucess_rate: { min: 99% } }',
      '{ success_rate: { min: 99 } }',
      '{ success_rate: { max: 99% } }',
      '{ success_rate: {} }',
      '{ success_rate: { min: 101% } }',
      '{ error_ratio: { max: 2% } }',
      '{ slow_ratio: { max_increase: 5% } }',
      '{ latency_p95: { max: 2 } }',
      '{ latency_p95: { max: 2s, max_increase: 0.2 } }',
      '{ cost_ratio: { max: 0, guard: sometimes } }',
      '{ retry_cost: { max: 5 } }',
      '{ latency_p96: { max: 2s } }',
    ];
    expect(
      withLeast(metrics.map((map) => `rollout: { gates: { default: { metrics: ${map} } } }`)),
    ).toMatchInlineSnapshot(`
      "rollout: { gates: { default: { metrics: { sucess_rate: { min: 99% } } } } }
      → rollout.yml:3:43 rollout.gates.default.metrics.sucess_rate: the key "sucess_rate" is unknown; expected one of success_rate, error_ratio, slow_ratio, latency_p50, latency_p90, latency_p95, latency_p99, ttft_p50, ttft_p90, ttft_p95, ttft_p99, cost_ratio, cache_ratio, cost_per_task, cost_per_request, cost_per_1k_tokens, tokens_per_task, retry_rate, retry_cost, fallback_rate, empty_ratio, truncated_ratio, quality_ratio, evaluation_ratio; did you mean "success_rate"?

      rollout: { gates: { default: { metrics: { success_rate: { min: 99 } } } } }
      → rollout.yml:3:64 rollout.gates.default.metrics.success_rate.min: 99 is not accepted; expected a share such as 5% or 99.5%; did you mean "99%"?

      rollout: { gates: { default: { metrics: { success_rate: { max: 99% } } } } }
      → rollout.yml:3:59 rollout.gates.default.metrics.success_rate.max: the key "max" is unknown; expected one of min, max_drop, guard, optional

      rollout: { gates: { default: { metrics: { success_rate: {} } } } }
      → rollout.yml:3:57 rollout.gates.default.metrics.success_rate: the metric has no limit; expected at least one of min, max_drop

      rollout: { gates: { default: { metrics: { success_rate: { min: 101% } } } } }
      → rollout.yml:3:64 rollout.gates.default.metrics.success_rate.min: "101%" is not accepted; expected a share from 0% to 100%

      rollout: { gates: { default: { metrics: { error_ratio: { max: 2% } } } } }
      → rollout.yml:3:63 rollout.gates.default.metrics.error_ratio.max: "2%" is not accepted; expected a ratio above 0, without a unit, such as 1.5

      rollout: { gates: { default: { metrics: { slow_ratio: { max_increase: 5% } } } } }
      → rollout.yml:3:57 rollout.gates.default.metrics.slow_ratio.max_increase: the key "max_increase" is unknown; expected one of max, guard, optional

      rollout: { gates: { default: { metrics: { latency_p95: { max: 2 } } } } }
      → rollout.yml:3:63 rollout.gates.default.metrics.latency_p95.max: 2 is not accepted; expected a duration such as 30s, 15m, 24h, 7d

      rollout: { gates: { default: { metrics: { latency_p95: { max: 2s, max_increase: 0.2 } } } } }
      → rollout.yml:3:81 rollout.gates.default.metrics.latency_p95.max_increase: 0.2 is not accepted; expected a share such as 5% or 99.5%

      rollout: { gates: { default: { metrics: { cost_ratio: { max: 0, guard: sometimes } } } } }
      → rollout.yml:3:62 rollout.gates.default.metrics.cost_ratio.max: 0 is not accepted; expected a ratio above 0, without a unit, such as 1.5
      rollout.yml:3:72 rollout.gates.default.metrics.cost_ratio.guard: "sometimes" is not accepted; expected true or false

      rollout: { gates: { default: { metrics: { retry_cost: { max: 5 } } } } }
      → rollout.yml:3:62 rollout.gates.default.metrics.retry_cost.max: 5 is not accepted; expected a share such as 5% or 99.5%; did you mean "5%"?

      rollout: { gates: { default: { metrics: { latency_p96: { max: 2s } } } } }
      → rollout.yml:3:43 rollout.gates.default.metrics.latency_p96: the key "latency_p96" is unknown; expected one of success_rate, error_ratio, slow_ratio, latency_p50, latency_p90, latency_p95, latency_p99, ttft_p50, ttft_p90, ttft_p95, ttft_p99, cost_ratio, cache_ratio, cost_per_task, cost_per_request, cost_per_1k_tokens, tokens_per_task, retry_rate, retry_cost, fallback_rate, empty_ratio, truncated_ratio, quality_ratio, evaluation_ratio; did you mean "latency_p90"?"
    `);
  });

  it('limits that need the official arm, when no source measures it', () => {
    const measured = 'measure: { gateway: jsonl }\n';
    const gate = (metrics: string) => `${measured}rollout: { gates: { 25%: { metrics: { ${metrics} } } } }`;
    expect(
      withLeast([
        gate('success_rate: { max_drop: 1% }'),
        gate('latency_p95: { max_increase: 20% }'),
        gate('error_ratio: { max: 2 }'),
        gate('success_rate: { min: 99% }, latency_p95: { max: 9s }, cost_ratio: { max: 1 }'),
      ]),
    ).toMatchInlineSnapshot(`
      "measure: { gateway: jsonl }
      rollout: { gates: { 25%: { metrics: { success_rate: { max_drop: 1% } } } } }
      → rollout.yml:4:65 rollout.gates.25%.metrics.success_rate.max_drop: success_rate.max_drop compares with the official arm, but measure has no source for it; expected measure.official, or an absolute limit

      measure: { gateway: jsonl }
      rollout: { gates: { 25%: { metrics: { latency_p95: { max_increase: 20% } } } } }
      → rollout.yml:4:68 rollout.gates.25%.metrics.latency_p95.max_increase: latency_p95.max_increase compares with the official arm, but measure has no source for it; expected measure.official, or an absolute limit

      measure: { gateway: jsonl }
      rollout: { gates: { 25%: { metrics: { error_ratio: { max: 2 } } } } }
      → rollout.yml:4:59 rollout.gates.25%.metrics.error_ratio.max: error_ratio.max compares with the official arm, but measure has no source for it; expected measure.official, or an absolute limit

      measure: { gateway: jsonl }
      rollout: { gates: { 25%: { metrics: { success_rate: { min: 99% }, latency_p95: { max: 9s }, cost_ratio: { max: 1 } } } } }
      → valid"
    `);
  });
});
