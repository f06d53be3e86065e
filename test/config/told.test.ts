import { describe, expect, it } from 'vitest';
import { METRICS, type MetricName } from '../../src/config/metrics.ts';
import type { Source } from '../../src/config/schema/measure.ts';
import { gapOfSource, RECORD_BOUNDS } from '../../src/config/told.ts';
import { HistogramCounter } from '../../src/measure/histogram.ts';
import { PRESETS } from '../../src/measure/sources/presets/index.ts';
import { UNTOLD_BY_SUMS } from '../../src/measure/sources/sums.ts';

const NAMES = Object.keys(METRICS).filter((name): name is MetricName => name in METRICS);

const ALL_PRESETS = ['otel-genai', 'litellm', 'envoy-ai-gateway', 'bifrost', 'kong'] as const;

const prometheus = (preset: keyof typeof PRESETS): Source => ({ source: 'prometheus', preset, labels: {} });
const toldBy = (source: Source) => NAMES.filter((name) => gapOfSource(source, name) === null);

describe('what the config believes of sources', () => {
  it.each(ALL_PRESETS)('is what the preset %s of Prometheus counts', (preset) => {
    const { counts } = PRESETS[preset];
    const source = prometheus(preset);
    expect(gapOfSource(source, 'success_rate') === null).toBe(counts === 'tasks');
    expect(gapOfSource(source, 'cost_per_request') === null).toBe(counts === 'attempts');
    expect(gapOfSource(source, 'latency_p95')).toBeNull();
  });

  it('leaves to records what no sum tells', () => {
    const untold = Object.keys(UNTOLD_BY_SUMS);
    expect(untold.sort()).toEqual(['empty', 'fallbacks', 'truncated']);
    expect(toldBy({ source: 'jsonl', preset: null, labels: {} })).toEqual(NAMES);
    const ofRecords = NAMES.filter((name) => METRICS[name].needs === 'records');
    expect(toldBy(prometheus('otel-genai'))).not.toEqual(expect.arrayContaining(ofRecords));
  });

  it('names the bounds that a histogram of records has', () => {
    const counter = new HistogramCounter();
    counter.add(1);
    expect(counter.histogram().map(({ le }) => le)).toEqual([...RECORD_BOUNDS, '+Inf']);
  });
});
