/** The usual source of production: OpenTelemetry's metrics in Prometheus, which tell both arms apart by their hosts. */
import { loadOfficialPrices } from '../../../src/gateway/prices.ts';
import type { SourceEndpoint } from '../../../src/measure/fetch-source.ts';
import { ModelBook } from '../../../src/measure/models.ts';
import type { Source } from '../../../src/measure/source.ts';
import { hostNames } from '../../../src/measure/sources/arm-of-labels.ts';
import { PRESETS } from '../../../src/measure/sources/presets/index.ts';
import { createPrometheusSource, type PrometheusOptions } from '../../../src/measure/sources/prometheus.ts';

export const OFFICIAL = 'https://api.openai.com/v1';
export const GATEWAY = 'https://gateway.example/v1';

export const official = await loadOfficialPrices();

/** Changed where a test is about something else than the usual. */
export function otelSource(
  endpoint: SourceEndpoint,
  changes: Partial<Omit<PrometheusOptions, 'endpoint'>> = {},
): Source {
  return createPrometheusSource({
    endpoint,
    preset: PRESETS['otel-genai'],
    labels: {},
    arms: ['official', 'gateway'],
    armValues: { official: hostNames(OFFICIAL), gateway: hostNames(GATEWAY) },
    book: { official, models: new ModelBook(official, [], {}) },
    ...changes,
  });
}
