import { describe, expect, it } from 'vitest';
import { customise } from '../../../src/measure/sources/presets/customise.ts';
import { PRESETS } from '../../../src/measure/sources/presets/index.ts';

describe('a preset', () => {
  it.each(Object.entries(PRESETS))('%s goes by its own name', (name, preset) => {
    expect(preset.name).toBe(name);
  });

  it('sees failures that never reached the gateway only where the client counts', () => {
    const bySeer = Object.values(PRESETS).map(({ name, seenBy, counts }) => [name, seenBy, counts]);
    expect(bySeer).toEqual([
      ['otel-genai', 'client', 'tasks'],
      ['litellm', 'gateway', 'attempts'],
      ['envoy-ai-gateway', 'gateway', 'attempts'],
      ['bifrost', 'gateway', 'attempts'],
      ['kong', 'gateway', 'attempts'],
    ]);
  });

  it('accepts other names and labels', () => {
    const custom = customise(PRESETS['otel-genai'], {
      series: {
        requests: 'llm_calls_total',
        failures: 'llm_failures_total',
        latency: 'llm_ms_bucket',
        cost: 'llm_usd_total',
      },
      label_names: { arm: 'upstream', model: 'model', error: 'reason' },
    });
    expect(custom).toMatchObject({
      counts: 'tasks',
      armLabel: 'upstream',
      requests: { names: ['llm_calls_total'] },
      failures: { counter: { names: ['llm_failures_total'] }, labels: ['reason'] },
      // No label of these times tells which of them failed.
      latency: { names: ['llm_ms_bucket'], unit: 'ms', failures: 'mixed' },
      cost: { names: ['llm_usd_total'], matchers: {} },
      labels: { model: ['model'] },
      tokens: PRESETS['otel-genai'].tokens,
    });
  });

  it('leaves out what is named null', () => {
    const custom = customise(PRESETS.litellm, {
      series: { failures: null, input_tokens: null, cost: null, ttft: null },
      label_names: { key: null },
    });
    expect(custom).toMatchObject({
      failures: null,
      tokens: null,
      cost: null,
      ttft: null,
      labels: { key: [] },
    });
    expect(custom.requests).toEqual(PRESETS.litellm.requests);
  });

  it('has failures without the error label only if they have their own series', () => {
    const names = { series: {}, label_names: { error: null } };
    expect(customise(PRESETS.litellm, names).failures).toEqual({ ...PRESETS.litellm.failures, labels: [] });
    expect(customise(PRESETS['otel-genai'], names).failures).toBeNull();
  });

  it('selects tokens by type if one series has both, and not if each has its own', () => {
    const tokensBy = (input_tokens: string, output_tokens: string) =>
      customise(PRESETS['otel-genai'], { series: { input_tokens, output_tokens }, label_names: {} }).tokens;
    expect(tokensBy('app_tokens_sum', 'app_tokens_sum')).toMatchObject({
      input: { names: ['app_tokens_sum'], matchers: { gen_ai_token_type: 'input' } },
      output: { names: ['app_tokens_sum'], matchers: { gen_ai_token_type: 'output' } },
      known: null,
    });
    expect(tokensBy('app_in_total', 'app_out_total')).toMatchObject({
      input: { names: ['app_in_total'], matchers: {} },
      output: { names: ['app_out_total'], matchers: {} },
    });
  });

  it.each([
    ['edge_latency_seconds_bucket', 's'],
    ['edge_latency_milliseconds_bucket', 'ms'],
    ['edge_latency_bucket', 'ms'],
  ])("reads the unit of %s from its name, else it is kong's own", (latency, unit) => {
    expect(customise(PRESETS.kong, { series: { latency }, label_names: {} }).latency?.unit).toBe(unit);
  });

  it('stays as it is without other names', () => {
    const none = { series: {}, label_names: {} };
    for (const preset of Object.values(PRESETS)) expect(customise(preset, none)).toEqual(preset);
  });
});
