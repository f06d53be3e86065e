/** Reads the metrics of Prometheus that may count calls of models. */
import { createSourceClient, type SourceEndpoint } from '../fetch-source.ts';
import type { Read } from '../source.ts';
import { type Labels, queryVector, selector } from '../sources/prometheus-api.ts';
import { type FoundMetric, metricsOf } from './propose.ts';

/** More would be other programs' metrics. */
const MOST_METRICS = 60;

const NAMED = '(?i).*(llm|gen_?ai|openai|chat|completion|inference|prompt|token|model).*';

/**
 * All metrics with such a name or with a label of a model, by their present series.
 * @param now milliseconds since 1970
 */
export async function readMetrics(endpoint: SourceEndpoint, now: number): Promise<Read<FoundMetric[]>> {
  const client = createSourceClient('Prometheus', endpoint);
  const names = new Set<string>();
  for (const condition of [`__name__=~"${NAMED}"`, 'model!=""', 'model_name!=""', 'llm_model!=""']) {
    const read = await queryVector(client, `count by (__name__) ({${condition}})`, now);
    if (read.kind === 'error') return read;
    for (const { labels } of read.value) if (labels.__name__) names.add(labels.__name__);
  }
  const kept = [...names].filter((name) => !/_(created|info|sum)$/.test(name) || /token.*_sum$/.test(name));
  const chosen = kept.sort().slice(0, MOST_METRICS);
  const isBuckets = (name: string) => name.endsWith('_bucket');
  const series: Labels[] = [];
  // Of a histogram, one bucket shows the labels of all.
  for (const [some, matchers] of [
    [chosen.filter((name) => !isBuckets(name)), {}],
    [chosen.filter(isBuckets), { le: '+Inf' }],
  ] as const) {
    if (some.length === 0) continue;
    const read = await queryVector(client, selector(some, matchers), now);
    if (read.kind === 'error') return read;
    series.push(...read.value.map(({ labels }) => labels));
  }
  return { kind: 'read', value: metricsOf(series) };
}
