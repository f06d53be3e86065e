import { describe, expect, it } from 'vitest';
import { warningsOf, withLeast } from './configs.ts';

describe('what is allowed, but will not do what the team hopes for', () => {
  it('a key sent in clear text, except to this machine', () => {
    const warned = (url: string) =>
      warningsOf(`gateway: { base_url: "${url}" }\nmodels: [o3]\nmeasure: { source: jsonl }`);
    expect(warned('http://gateway.example/v1')).toMatchInlineSnapshot(
      `"rollout.yml:1:22 gateway.base_url: http would send the key in clear text; expected an https:// URL"`,
    );
    expect(warned('http://127.0.0.1:4000/v1')).toBe('');
    expect(warned('http://10.1.2.3/v1')).toContain('clear text');
  });

  it('a gateway that is the official API', () => {
    expect(
      warningsOf(
        'gateway: { base_url: "https://api.openai.com/v1/" }\nmodels: [o3]\nmeasure: { source: jsonl }',
      ),
    ).toMatchInlineSnapshot(
      `"rollout.yml:1:22 gateway.base_url: the gateway is the official API itself; expected the URL of the gateway"`,
    );
  });

  it('gates without a source of measurement', () => {
    expect(
      withLeast(['', 'rollout: { gates: { default: { manual: true } } }'], warningsOf),
    ).toMatchInlineSnapshot(`
      "
      → rollout.yml:1:1 measure: there is no metrics source, so the gates of 5%, 25%, 50%, 100% have no data and cannot pass; expected a source under measure, or manual: true in these gates

      rollout: { gates: { default: { manual: true } } }
      → "
    `);
  });

  it('metrics that the source cannot provide', () => {
    expect(
      withLeast(
        [
          'measure: { source: litellm }',
          'measure: { official: openai, gateway: jsonl }',
          'measure: { official: jsonl }',
          'measure: { source: openrouter }\nrollout: { gates: { default: { metrics: { cost_ratio: { max: 1 } } } } }',
          'measure: { source: litellm }\nrollout: { gates: { default: { metrics: { success_rate: { min: 99% } } } } }',
        ],
        warningsOf,
      ),
    ).toMatchInlineSnapshot(`
      "measure: { source: litellm }
      → rollout.yml:1:1 rollout.gates.default.metrics.success_rate: the default metric success_rate is skipped: litellm only sees the gateway's side and misses timeouts and dropped connections; expected another source under measure, if you need this metric
      rollout.yml:1:1 rollout.gates.default.metrics.error_ratio: the default metric error_ratio is skipped: litellm only sees the gateway's side and misses timeouts and dropped connections; expected another source under measure, if you need this metric
      rollout.yml:1:1 rollout.gates.default.metrics.slow_ratio: the default metric slow_ratio is skipped: litellm only sees the gateway's side and misses timeouts and dropped connections; expected another source under measure, if you need this metric
      rollout.yml:1:1 rollout.gates.default.metrics.cost_per_task: the default metric cost_per_task is skipped: litellm counts requests, not tasks; expected another source under measure, if you need this metric
      rollout.yml:1:1 rollout.gates.default.metrics.cache_ratio: the default metric cache_ratio is skipped: it compares with the official arm, but measure has no source for that; expected another source under measure, if you need this metric
      rollout.yml:1:1 rollout.gates.default.metrics: the gate of 5%, 25%, 50%, 100% has no failure or latency metric, so the rollout never advances from there on its own; expected metrics such as error_ratio and slow_ratio, or manual: true

      measure: { official: openai, gateway: jsonl }
      → rollout.yml:1:1 rollout.gates.default.metrics.success_rate: the default metric success_rate is skipped: openai reports the official arm's tokens and cost, but not its failures and times; expected another source under measure, if you need this metric
      rollout.yml:1:1 rollout.gates.default.metrics.error_ratio: the default metric error_ratio is skipped: openai reports the official arm's tokens and cost, but not its failures and times; expected another source under measure, if you need this metric
      rollout.yml:1:1 rollout.gates.default.metrics.slow_ratio: the default metric slow_ratio is skipped: openai reports the official arm's tokens and cost, but not its failures and times; expected another source under measure, if you need this metric
      rollout.yml:1:1 rollout.gates.default.metrics.cost_per_task: the default metric cost_per_task is skipped: openai counts requests, not tasks; expected another source under measure, if you need this metric
      rollout.yml:1:1 rollout.gates.default.metrics: the gate of 5%, 25%, 50%, 100% has no failure or latency metric, so the rollout never advances from there on its own; expected metrics such as error_ratio and slow_ratio, or manual: true

      measure: { official: jsonl }
      → rollout.yml:1:1 rollout.gates.default.metrics.success_rate: the default metric success_rate is skipped: measure has no source for the gateway; expected another source under measure, if you need this metric
      rollout.yml:1:1 rollout.gates.default.metrics.error_ratio: the default metric error_ratio is skipped: measure has no source for the gateway; expected another source under measure, if you need this metric
      rollout.yml:1:1 rollout.gates.default.metrics.slow_ratio: the default metric slow_ratio is skipped: measure has no source for the gateway; expected another source under measure, if you need this metric
      rollout.yml:1:1 rollout.gates.default.metrics.cost_ratio: the default metric cost_ratio is skipped: measure has no source for the gateway; expected another source under measure, if you need this metric
      rollout.yml:1:1 rollout.gates.default.metrics.cost_per_task: the default metric cost_per_task is skipped: measure has no source for the gateway; expected another source under measure, if you need this metric
      rollout.yml:1:1 rollout.gates.default.metrics.cache_ratio: the default metric cache_ratio is skipped: measure has no source for the gateway; expected another source under measure, if you need this metric
      rollout.yml:1:1 rollout.gates.default.metrics: the gate of 5%, 25%, 50%, 100% has no failure or latency metric, so the rollout never advances from there on its own; expected metrics such as error_ratio and slow_ratio, or manual: true

      measure: { source: openrouter }
      rollout: { gates: { default: { metrics: { cost_ratio: { max: 1 } } } } }
      → rollout.yml:4:55 rollout.gates.default.metrics.cost_ratio: cost_ratio cannot be measured, so the gate cannot pass: openrouter only reports past days, which is not evidence for a gate; expected prometheus, jsonl or sql as the source, or another metric
      rollout.yml:4:41 rollout.gates.default.metrics: the gate of 5%, 25%, 50%, 100% has no failure or latency metric, so the rollout never advances from there on its own; expected metrics such as error_ratio and slow_ratio, or manual: true

      measure: { source: litellm }
      rollout: { gates: { default: { metrics: { success_rate: { min: 99% } } } } }
      → rollout.yml:4:57 rollout.gates.default.metrics.success_rate: success_rate cannot be measured, so the gate cannot pass: litellm only sees the gateway's side and misses timeouts and dropped connections; expected prometheus, jsonl or sql as the source, or another metric
      rollout.yml:4:41 rollout.gates.default.metrics: the gate of 5%, 25%, 50%, 100% has no latency metric, so the rollout never advances from there on its own; expected metrics such as error_ratio and slow_ratio, or manual: true"
    `);
  });

  it('limits that can never be proven', () => {
    const metrics = [
      'error_ratio: { max: 2 }, latency_p95: { max_increase: 20% }',
      'error_ratio: { max: 1 }, slow_ratio: { max: 1.5 }',
      'success_rate: { max_drop: 0% }, slow_ratio: { max: 1, guard: true }',
      'success_rate: { min: 100% }, slow_ratio: { max: 1.5 }, cost_per_task: { max_increase: 0% }',
      'cost_ratio: { max: 1 }',
      'success_rate: { min: 99% }, slow_ratio: { max: 1.5 }, cost_ratio: { max: 1 }',
    ];
    const texts = metrics.map(
      (map) => `measure: { source: prometheus }\nrollout: { gates: { 100%: { metrics: { ${map} } } } }`,
    );
    expect(withLeast(texts, warningsOf)).toMatchInlineSnapshot(`
      "measure: { source: prometheus }
      rollout: { gates: { 100%: { metrics: { error_ratio: { max: 2 }, latency_p95: { max_increase: 20% } } } } }
      → rollout.yml:4:78 rollout.gates.100%.metrics.latency_p95: latency_p95.max_increase of 20% can never be proven: the buckets of otel-genai are at least 100% apart; expected slow_ratio, which needs no finer buckets, or an increase above 100%

      measure: { source: prometheus }
      rollout: { gates: { 100%: { metrics: { error_ratio: { max: 1 }, slow_ratio: { max: 1.5 } } } } }
      → rollout.yml:4:53 rollout.gates.100%.metrics.error_ratio: error_ratio.max of 1 can never be proven, not even by a gateway as good as the official API; expected a ratio above 1, or guard: true

      measure: { source: prometheus }
      rollout: { gates: { 100%: { metrics: { success_rate: { max_drop: 0% }, slow_ratio: { max: 1, guard: true } } } } }
      → rollout.yml:4:54 rollout.gates.100%.metrics.success_rate: success_rate.max_drop of 0% can never be proven from a sample; expected a looser limit such as max_drop: 1%, or guard: true

      measure: { source: prometheus }
      rollout: { gates: { 100%: { metrics: { success_rate: { min: 100% }, slow_ratio: { max: 1.5 }, cost_per_task: { max_increase: 0% } } } } }
      → rollout.yml:4:54 rollout.gates.100%.metrics.success_rate: success_rate.min of 100% can never be proven from a sample; expected a looser limit such as min: 99%, or guard: true
      rollout.yml:4:110 rollout.gates.100%.metrics.cost_per_task: cost_per_task.max_increase of 0% can never be proven at equal prices; expected cost_ratio, or an increase above 0%

      measure: { source: prometheus }
      rollout: { gates: { 100%: { metrics: { cost_ratio: { max: 1 } } } } }
      → rollout.yml:4:38 rollout.gates.100%.metrics: the gate of 100% has no failure or latency metric, so the rollout never advances from there on its own; expected metrics such as error_ratio and slow_ratio, or manual: true

      measure: { source: prometheus }
      rollout: { gates: { 100%: { metrics: { success_rate: { min: 99% }, slow_ratio: { max: 1.5 }, cost_ratio: { max: 1 } } } } }
      → "
    `);
  });

  it('limits for which the buckets of the source are too coarse, or end too early', () => {
    const sources = [
      ['source: prometheus', 'latency_p95: { max_increase: 101% }'],
      ['source: prometheus', 'latency_p95: { max_increase: 50%, guard: true }'],
      ['source: prometheus', 'ttft_p50: { max_increase: 20% }, latency_p99: { max: 2m }'],
      ['source: prometheus, preset: envoy-ai-gateway', 'latency_p50: { max: 5ms }'],
      ['source: jsonl', 'latency_p95: { max_increase: 10% }, latency_p50: { max_increase: 15%, max: 3s }'],
      ['official: prometheus, gateway: jsonl', 'latency_p95: { max_increase: 10% }'],
      ['source: prometheus, preset: kong', 'latency_p95: { max_increase: 1%, max: 1ms }'],
      ['source: jsonl', 'retry_rate: { max: 0% }, tokens_per_task: { max_increase: 0% }'],
    ];
    const texts = sources.map(
      ([source, map]) =>
        `measure: { ${source} }\nrollout: { gates: { 100%: { metrics: { error_ratio: { max: 2 }, ${map} } } } }`,
    );
    const said = withLeast(texts, (text) => warningsOf(text).replace(/^.*default metric.*\n?/gm, ''));
    expect(said).toMatchInlineSnapshot(`
      "measure: { source: prometheus }
      rollout: { gates: { 100%: { metrics: { error_ratio: { max: 2 }, latency_p95: { max_increase: 101% } } } } }
      → 

      measure: { source: prometheus }
      rollout: { gates: { 100%: { metrics: { error_ratio: { max: 2 }, latency_p95: { max_increase: 50%, guard: true } } } } }
      → rollout.yml:4:78 rollout.gates.100%.metrics.latency_p95: latency_p95.max_increase of 50% cannot see an increase below 100%: the buckets of otel-genai are at least that far apart; expected slow_ratio, which needs no finer buckets, or an increase above 100%

      measure: { source: prometheus }
      rollout: { gates: { 100%: { metrics: { error_ratio: { max: 2 }, ttft_p50: { max_increase: 20% }, latency_p99: { max: 2m } } } } }
      → rollout.yml:4:111 rollout.gates.100%.metrics.latency_p99: a violation of latency_p99.max of 120s can never be seen: the buckets of otel-genai end at 81.92s; expected a limit from 10ms to 81.92s
      rollout.yml:4:75 rollout.gates.100%.metrics.ttft_p50: ttft_p50.max_increase of 20% can never be proven: the buckets of otel-genai are at least 25% apart; expected slow_ratio, which needs no finer buckets, or an increase above 25%

      measure: { source: prometheus, preset: envoy-ai-gateway }
      rollout: { gates: { 100%: { metrics: { error_ratio: { max: 2 }, latency_p50: { max: 5ms } } } } }
      → rollout.yml:4:53 rollout.gates.100%.metrics.error_ratio: error_ratio cannot be measured, so the gate cannot pass: envoy-ai-gateway only sees the gateway's side and misses timeouts and dropped connections; expected prometheus, jsonl or sql as the source, or another metric
      rollout.yml:4:12 rollout.gates.default.metrics: the gate of 5%, 25%, 50% has no failure or latency metric, so the rollout never advances from there on its own; expected metrics such as error_ratio and slow_ratio, or manual: true
      rollout.yml:4:78 rollout.gates.100%.metrics.latency_p50: latency_p50.max of 5ms can never be proven: the buckets of envoy-ai-gateway start at 10ms; expected a limit from 10ms to 81.92s

      measure: { source: jsonl }
      rollout: { gates: { 100%: { metrics: { error_ratio: { max: 2 }, latency_p95: { max_increase: 10% }, latency_p50: { max_increase: 15%, max: 3s } } } } }
      → rollout.yml:4:78 rollout.gates.100%.metrics.latency_p95: latency_p95.max_increase of 10% can never be proven: the buckets of jsonl are at least 11.9% apart; expected slow_ratio, which needs no finer buckets, or an increase above 11.9%

      measure: { official: prometheus, gateway: jsonl }
      rollout: { gates: { 100%: { metrics: { error_ratio: { max: 2 }, latency_p95: { max_increase: 10% } } } } }
      → 

      measure: { source: prometheus, preset: kong }
      rollout: { gates: { 100%: { metrics: { error_ratio: { max: 2 }, latency_p95: { max_increase: 1%, max: 1ms } } } } }
      → rollout.yml:4:53 rollout.gates.100%.metrics.error_ratio: error_ratio cannot be measured, so the gate cannot pass: kong only sees the gateway's side and misses timeouts and dropped connections; expected prometheus, jsonl or sql as the source, or another metric
      rollout.yml:4:78 rollout.gates.100%.metrics.latency_p95: latency_p95 cannot be measured, so the gate cannot pass: it compares with the official arm, but kong only counts the gateway; expected a separate source under measure.official, or another metric
      rollout.yml:4:12 rollout.gates.default.metrics: the gate of 5%, 25%, 50% has no failure or latency metric, so the rollout never advances from there on its own; expected metrics such as error_ratio and slow_ratio, or manual: true

      measure: { source: jsonl }
      rollout: { gates: { 100%: { metrics: { error_ratio: { max: 2 }, retry_rate: { max: 0% }, tokens_per_task: { max_increase: 0% } } } } }
      → rollout.yml:4:38 rollout.gates.100%.metrics: the gate of 100% has no latency metric, so the rollout never advances from there on its own; expected metrics such as error_ratio and slow_ratio, or manual: true
      rollout.yml:4:107 rollout.gates.100%.metrics.tokens_per_task: tokens_per_task.max_increase of 0% can never be proven, not even by a gateway as good as the official API; expected an increase above 0%, or guard: true
      rollout.yml:4:77 rollout.gates.100%.metrics.retry_rate: retry_rate.max of 0% can never be proven from a sample; expected a looser limit such as max: 1%, or guard: true"
    `);
  });

  it('metrics that the source of an arm cannot measure', () => {
    const sources = [
      [
        'prometheus',
        'retry_cost: { max: 5% }, cost_per_request: { max: 1 }, empty_ratio: { max: 2, guard: true }',
      ],
      ['prometheus, preset: bifrost', 'success_rate: { min: 99% }, cost_per_task: { max: 1 }'],
      ['litellm', 'cost_ratio: { max: 1 }, cost_per_request: { max: 1 }, tokens_per_task: { max: 1000 }'],
      [
        'prometheus, series: { failures: null }, label_names: { model: null }',
        'error_ratio: { max: 2 }, cost_ratio: { max: 1 }',
      ],
      ['prometheus, label_names: { arm: null }', 'error_ratio: { max: 2 }'],
    ];
    const texts = sources.map(
      ([source, map]) =>
        `measure: { source: ${source} }\nrollout: { gates: { 100%: { metrics: { slow_ratio: { max: 2, optional: true }, ${map} } } } }`,
    );
    const said = withLeast(texts, (text) => warningsOf(text).replace(/^.*default metric.*\n?/gm, ''));
    expect(said).toMatchInlineSnapshot(`
      "measure: { source: prometheus }
      rollout: { gates: { 100%: { metrics: { slow_ratio: { max: 2, optional: true }, retry_cost: { max: 5% }, cost_per_request: { max: 1 }, empty_ratio: { max: 2, guard: true } } } } }
      → rollout.yml:4:123 rollout.gates.100%.metrics.cost_per_request: cost_per_request cannot be measured, so the gate cannot pass: otel-genai counts tasks, not requests; expected prometheus, jsonl or sql as the source, or another metric
      rollout.yml:4:92 rollout.gates.100%.metrics.retry_cost: retry_cost cannot be measured, so the gate cannot pass: prometheus only reports sums, not single requests; expected jsonl or sql as the source, or another metric
      rollout.yml:4:148 rollout.gates.100%.metrics.empty_ratio: empty_ratio cannot be measured, so this guard has no effect: prometheus only reports sums, not single requests; expected jsonl or sql as the source, or another metric
      rollout.yml:4:38 rollout.gates.100%.metrics: the gate of 100% has no failure metric, so the rollout never advances from there on its own; expected metrics such as error_ratio and slow_ratio, or manual: true

      measure: { source: prometheus, preset: bifrost }
      rollout: { gates: { 100%: { metrics: { slow_ratio: { max: 2, optional: true }, success_rate: { min: 99% }, cost_per_task: { max: 1 } } } } }
      → rollout.yml:4:94 rollout.gates.100%.metrics.success_rate: success_rate cannot be measured, so the gate cannot pass: bifrost only sees the gateway's side and misses timeouts and dropped connections; expected prometheus, jsonl or sql as the source, or another metric
      rollout.yml:4:123 rollout.gates.100%.metrics.cost_per_task: cost_per_task cannot be measured, so the gate cannot pass: bifrost counts requests, not tasks; expected prometheus, jsonl or sql as the source, or another metric
      rollout.yml:4:12 rollout.gates.default.metrics: the gate of 5%, 25%, 50% has no failure or latency metric, so the rollout never advances from there on its own; expected metrics such as error_ratio and slow_ratio, or manual: true
      rollout.yml:4:38 rollout.gates.100%.metrics: the gate of 100% has no latency metric, so the rollout never advances from there on its own; expected metrics such as error_ratio and slow_ratio, or manual: true

      measure: { source: litellm }
      rollout: { gates: { 100%: { metrics: { slow_ratio: { max: 2, optional: true }, cost_ratio: { max: 1 }, cost_per_request: { max: 1 }, tokens_per_task: { max: 1000 } } } } }
      → rollout.yml:4:151 rollout.gates.100%.metrics.tokens_per_task: tokens_per_task cannot be measured, so the gate cannot pass: litellm counts requests, not tasks; expected prometheus, jsonl or sql as the source, or another metric
      rollout.yml:4:12 rollout.gates.default.metrics: the gate of 5%, 25%, 50% has no failure or latency metric, so the rollout never advances from there on its own; expected metrics such as error_ratio and slow_ratio, or manual: true
      rollout.yml:4:38 rollout.gates.100%.metrics: the gate of 100% has no failure or latency metric, so the rollout never advances from there on its own; expected metrics such as error_ratio and slow_ratio, or manual: true

      measure: { source: prometheus, series: { failures: null }, label_names: { model: null } }
      rollout: { gates: { 100%: { metrics: { slow_ratio: { max: 2, optional: true }, error_ratio: { max: 2 }, cost_ratio: { max: 1 } } } } }
      → rollout.yml:4:93 rollout.gates.100%.metrics.error_ratio: error_ratio cannot be measured, so the gate cannot pass: measure leaves out series.failures; expected a name for series.failures, or another metric
      rollout.yml:4:117 rollout.gates.100%.metrics.cost_ratio: cost_ratio cannot be measured, so the gate cannot pass: measure leaves out label_names.model; expected a name for label_names.model, or another metric
      rollout.yml:4:12 rollout.gates.default.metrics: the gate of 5%, 25%, 50% has no failure metric, so the rollout never advances from there on its own; expected metrics such as error_ratio and slow_ratio, or manual: true

      measure: { source: prometheus, label_names: { arm: null } }
      rollout: { gates: { 100%: { metrics: { slow_ratio: { max: 2, optional: true }, error_ratio: { max: 2 } } } } }
      → rollout.yml:4:93 rollout.gates.100%.metrics.error_ratio: error_ratio cannot be measured, so the gate cannot pass: measure leaves out label_names.arm; expected a name for label_names.arm, or another metric
      rollout.yml:4:12 rollout.gates.default.metrics: the gate of 5%, 25%, 50% has no failure or latency metric, so the rollout never advances from there on its own; expected metrics such as error_ratio and slow_ratio, or manual: true
      rollout.yml:4:38 rollout.gates.100%.metrics: the gate of 100% has no latency metric, so the rollout never advances from there on its own; expected metrics such as error_ratio and slow_ratio, or manual: true"
    `);
  });

  it('prices, permissions and targets that have no effect or too much', () => {
    expect(
      withLeast(
        [
          'measure: { source: jsonl, prices: { gpt-4o-mni: { input: 1, output: 2 } } }',
          'measure: { source: jsonl, fidelity_usd_per_day: 0.2 }',
          'measure: { source: jsonl, fidelity_usd_per_day: 0.2, workflow: observe.yml }',
          'measure: { source: jsonl }\nrollout: { permissions: { force: read, status: read } }',
          'measure: { source: jsonl }\nrollout: { stages: [o3: 5%, 100%] }\ntraffic: [{ variable: { name: SHARE } }]',
          'measure: { source: jsonl }\nrollout: { stages: [o3: 5%, 100%] }\ntraffic: [{ dispatch: { event_type: a } }]',
          // Each model follows everything's share.
          'measure: { source: jsonl }\nrollout: { stages: [o3: 5%, 100%] }\ntraffic: [{ variable: { name: O3, value: share(o3) } }, { variable: { name: MINI, value: share(gpt-4o-mini) } }]',
        ],
        warningsOf,
      ),
    ).toMatchInlineSnapshot(`
      "measure: { source: jsonl, prices: { gpt-4o-mni: { input: 1, output: 2 } } }
      → rollout.yml:3:37 measure.prices.gpt-4o-mni: the price of gpt-4o-mni is never used: no such model is declared; expected a name from models; did you mean "gpt-4o-mini"?

      measure: { source: jsonl, fidelity_usd_per_day: 0.2 }
      → rollout.yml:3:49 measure.fidelity_usd_per_day: without measure.workflow the App measures by itself, and asks no questions; expected measure.workflow, with both keys for observe

      measure: { source: jsonl, fidelity_usd_per_day: 0.2, workflow: observe.yml }
      → 

      measure: { source: jsonl }
      rollout: { permissions: { force: read, status: read } }
      → rollout.yml:4:34 rollout.permissions.force: read lets people without write access force the rollout; expected write or more

      measure: { source: jsonl }
      rollout: { stages: [o3: 5%, 100%] }
      traffic: [{ variable: { name: SHARE } }]
      → rollout.yml:5:10 traffic: stages move o3, but no target writes share(o3); expected a target that writes share(o3)

      measure: { source: jsonl }
      rollout: { stages: [o3: 5%, 100%] }
      traffic: [{ dispatch: { event_type: a } }]
      → 

      measure: { source: jsonl }
      rollout: { stages: [o3: 5%, 100%] }
      traffic: [{ variable: { name: O3, value: share(o3) } }, { variable: { name: MINI, value: share(gpt-4o-mini) } }]
      → "
    `);
  });

  it('shares that a target of whole numbers cannot hold', () => {
    const flagd = 'traffic: [{ file: { path: flags.json, set: { /flags/gateway/targeting/fractional/0/1: ';
    const route =
      'traffic: [{ file: { path: route.yaml, set: { "spec.rules[0].backendRefs[0].weight": rest } } }]';
    expect(
      withLeast(
        [
          `${flagd}share } } }]\nmeasure: { source: jsonl }\nrollout: { stages: [0.5%, 5%, 100%] }`,
          `${flagd}fraction } } }]\nmeasure: { source: jsonl }\nrollout: { stages: [5%, 100%] }`,
          `${flagd}share(o3) } } }]\nmeasure: { source: jsonl }\nrollout: { stages: ["gpt-4o-mini: 2.5%", "o3: 5%", 100%] }`,
          `${route}\nmeasure: { source: jsonl }\nrollout: { stages: [5%, 99%, 100%], holdback: 0.5% }`,
          'traffic: [{ file: { path: flags.json, set: { /share: share } } }]\nmeasure: { source: jsonl }\nrollout: { stages: [0.5%, 100%] }',
        ],
        warningsOf,
      ),
    ).toMatchInlineSnapshot(`
      "traffic: [{ file: { path: flags.json, set: { /flags/gateway/targeting/fractional/0/1: share } } }]
      measure: { source: jsonl }
      rollout: { stages: [0.5%, 5%, 100%] }
      → rollout.yml:3:87 traffic[0].file.set["/flags/gateway/targeting/fractional/0/1"]: the stage 0.5% cannot be written here, because weights are whole numbers; expected shares of whole percents, or another target

      traffic: [{ file: { path: flags.json, set: { /flags/gateway/targeting/fractional/0/1: fraction } } }]
      measure: { source: jsonl }
      rollout: { stages: [5%, 100%] }
      → rollout.yml:3:87 traffic[0].file.set["/flags/gateway/targeting/fractional/0/1"]: the stage 5% cannot be written here, because weights are whole numbers; expected share or rest

      traffic: [{ file: { path: flags.json, set: { /flags/gateway/targeting/fractional/0/1: share(o3) } } }]
      measure: { source: jsonl }
      rollout: { stages: ["gpt-4o-mini: 2.5%", "o3: 5%", 100%] }
      → rollout.yml:3:10 traffic: stages move gpt-4o-mini, but no target writes share(gpt-4o-mini); expected a target that writes share(gpt-4o-mini)
      rollout.yml:3:10 traffic: stages move everything, but no target writes share; expected a target that writes share

      traffic: [{ file: { path: route.yaml, set: { "spec.rules[0].backendRefs[0].weight": rest } } }]
      measure: { source: jsonl }
      rollout: { stages: [5%, 99%, 100%], holdback: 0.5% }
      → rollout.yml:3:85 traffic[0].file.set["spec.rules[0].backendRefs[0].weight"]: the holdback of 0.5% cannot be written here, because weights are whole numbers; expected shares of whole percents, or another target

      traffic: [{ file: { path: flags.json, set: { /share: share } } }]
      measure: { source: jsonl }
      rollout: { stages: [0.5%, 100%] }
      → "
    `);
  });

  it('a sticky split without a source that identifies users', () => {
    expect(
      withLeast(
        [
          'measure: { source: prometheus }\nrollout: { cluster: user }',
          'measure: { official: prometheus, gateway: jsonl }\nrollout: { cluster: user }',
          'measure: { source: prometheus }\nrollout: { cluster: user, stages: [5%, 100%], gates: { 100%: { manual: true } } }',
          'measure: { source: prometheus }\nrollout: { cluster: task }',
          'measure: { source: jsonl }\nrollout: { cluster: user }',
        ],
        warningsOf,
      ),
    ).toMatchInlineSnapshot(`
      "measure: { source: prometheus }
      rollout: { cluster: user }
      → rollout.yml:4:21 rollout.cluster: the gates of 25%, 50%, 100% can never be met: cluster: user needs to know which tasks belong to one user, which prometheus cannot show; expected jsonl as the source, with a hashed unit in each record

      measure: { official: prometheus, gateway: jsonl }
      rollout: { cluster: user }
      → 

      measure: { source: prometheus }
      rollout: { cluster: user, stages: [5%, 100%], gates: { 100%: { manual: true } } }
      → 

      measure: { source: prometheus }
      rollout: { cluster: task }
      → 

      measure: { source: jsonl }
      rollout: { cluster: user }
      → "
    `);
  });
});
