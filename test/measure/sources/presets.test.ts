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

  it('takes other names and labels', () => {
    const custom = customise(PRESETS['otel-genai'], {
      metrics: { requests: 'llm_calls_total', failures: 'llm_failures_total', latency: 'llm_ms_bucket' },
      labels: { arm: 'upstream', model: 'model', error: 'reason' },
    });
    expect(custom).toMatchObject({
      armLabel: 'upstream',
      requests: { names: ['llm_calls_total'] },
      failures: { counter: { names: ['llm_failures_total'] }, labels: ['reason'] },
      latency: { names: ['llm_ms_bucket'], unit: 'ms' },
      labels: { model: ['model'] },
      tokens: PRESETS['otel-genai'].tokens,
    });
  });

  it('leaves out what is overridden by null, but never the requests', () => {
    const custom = customise(PRESETS.litellm, {
      metrics: { requests: null, failures: null, input_tokens: null, cost: null, ttft: null },
      labels: { key: null },
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

  it('stays as it is without overrides', () => {
    for (const preset of Object.values(PRESETS)) expect(customise(preset, {})).toEqual(preset);
  });
});
