import { describe, expect, it } from 'vitest';
import { METRICS, type MetricName } from '../../src/config/metrics.ts';
import type { SourceConfig } from '../../src/config/schema/measure.ts';
import { boundsOf, officialGap, RECORD_BOUNDS, sourceGap } from '../../src/config/source-coverage.ts';
import { HistogramCounter } from '../../src/measure/histogram.ts';
import { PRESETS } from '../../src/measure/sources/presets/index.ts';
import { UNKNOWN_IN_SUMS } from '../../src/measure/sources/sums.ts';

const NAMES = Object.keys(METRICS).filter((name): name is MetricName => name in METRICS);

const ALL_PRESETS = ['otel-genai', 'litellm', 'envoy-ai-gateway', 'bifrost', 'kong'] as const;

const NO_NAMES = { labels: {}, series: {}, label_names: {}, engine: null, where: null, query: null };

const prometheus = (preset: keyof typeof PRESETS, names: Partial<SourceConfig> = {}): SourceConfig => ({
  source: 'prometheus',
  preset,
  ...NO_NAMES,
  ...names,
});
const measuredBy = (source: SourceConfig) => NAMES.filter((name) => sourceGap(source, name) === null);

describe('what the config expects from sources', () => {
  it.each(ALL_PRESETS)('is what the preset %s of Prometheus counts', (preset) => {
    const { counts, armLabel, cost } = PRESETS[preset];
    const source = prometheus(preset);
    expect(sourceGap(source, 'success_rate') === null).toBe(counts === 'tasks');
    expect(sourceGap(source, 'cost_per_request') === null).toBe(counts === 'attempts');
    expect(sourceGap(source, 'latency_p95')).toBeNull();
    expect(officialGap(source) === null).toBe(armLabel !== null);
    const perUnit = counts === 'tasks' ? 'cost_per_task' : 'cost_per_request';
    const withoutTokens = prometheus(preset, { series: { input_tokens: null } });
    expect(sourceGap(withoutTokens, perUnit) === null).toBe(cost !== null);
  });

  it.each<[keyof typeof PRESETS, Partial<SourceConfig>, string[]]>([
    ['otel-genai', { series: { failures: null } }, ['success_rate', 'error_ratio']],
    ['otel-genai', { label_names: { error: null } }, ['success_rate', 'error_ratio']],
    ['otel-genai', { label_names: { error: null }, series: { failures: 'llm_failures_total' } }, []],
    ['otel-genai', { series: { latency: null } }, ['slow_ratio', ...quantiles('latency')]],
    ['otel-genai', { series: { ttft: null } }, quantiles('ttft')],
    [
      'otel-genai',
      { series: { output_tokens: null } },
      ['cost_ratio', 'cache_ratio', 'cost_per_task', 'cost_per_1k_tokens', 'tokens_per_task'],
    ],
    ['otel-genai', { label_names: { model: null } }, ['cost_ratio', 'cost_per_task', 'cost_per_1k_tokens']],
    ['otel-genai', { label_names: { model: null }, series: { cost: 'llm_usd_total' } }, ['cost_ratio']],
    ['litellm', { series: { input_tokens: null } }, ['cost_ratio', 'cache_ratio', 'cost_per_1k_tokens']],
    [
      'litellm',
      { series: { input_tokens: null, cost: null } },
      ['cost_ratio', 'cache_ratio', 'cost_per_request', 'cost_per_1k_tokens'],
    ],
    ['litellm', { series: { cost: null, cached_input_tokens: null } }, ['cache_ratio']],
  ])('is less of %s where the config leaves out %j', (preset, names, lost) => {
    const before = measuredBy(prometheus(preset));
    const after = measuredBy(prometheus(preset, names));
    expect(before.filter((name) => !after.includes(name))).toEqual(lost);
  });

  it('sees the official arm where a label tells the arms apart, in the preset or in the config', () => {
    expect(officialGap(prometheus('litellm', { label_names: { arm: 'upstream' } }))).toBeNull();
    expect(officialGap(prometheus('otel-genai', { label_names: { arm: null } }))).not.toBeNull();
  });

  it('knows who reports cached tokens', () => {
    expect(measuredBy(prometheus('kong'))).not.toContain('cache_ratio');
    const named = prometheus('kong', { series: { cached_input_tokens: 'kong_cached_total' } });
    expect(measuredBy(named)).toContain('cache_ratio');
  });

  it('has no bounds for a histogram with another name', () => {
    const source = prometheus('otel-genai', { series: { latency: 'llm_seconds_bucket' } });
    expect(boundsOf(source, 'latency')).toBeNull();
    expect(boundsOf(source, 'ttft')).toEqual(boundsOf(prometheus('otel-genai'), 'ttft'));
  });

  it('requires records for what sums cannot show', () => {
    const unknown = Object.keys(UNKNOWN_IN_SUMS);
    expect(unknown.sort()).toEqual(['empty', 'fallbacks', 'retriedTasks', 'truncated']);
    const ofSources = NAMES.filter((name) => METRICS[name].needs !== 'evaluations');
    expect(measuredBy({ source: 'jsonl', preset: null, ...NO_NAMES })).toEqual(ofSources);
    const ofQuery = ofSources.filter((name) => METRICS[name].needs !== 'pairs');
    expect(measuredBy({ source: 'sql', preset: null, ...NO_NAMES, query: 'requests.sql' })).toEqual(ofQuery);
    const ofRecords = NAMES.filter((name) => METRICS[name].needs === 'records');
    expect(measuredBy(prometheus('otel-genai'))).not.toEqual(expect.arrayContaining(ofRecords));
  });

  it('names the bounds that a histogram of records has', () => {
    const counter = new HistogramCounter();
    counter.add(1);
    expect(counter.histogram().map(({ le }) => le)).toEqual([...RECORD_BOUNDS, '+Inf']);
  });
});

function quantiles(of: 'latency' | 'ttft'): string[] {
  return ['p50', 'p90', 'p95', 'p99'].map((quantile) => `${of}_${quantile}`);
}
