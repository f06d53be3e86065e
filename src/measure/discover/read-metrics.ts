/** Reads the metrics of Prometheus that may count calls of models. */
import { createSourceClient, type SourceEndpoint } from '../fetch-source.ts';
import { mapRead, type Read, readEach } from '../source.ts';
import { queryVector, selector } from '../sources/prometheus-api.ts';
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
  const conditions = [`__name__=~"${NAMED}"`, 'model!=""', 'model_name!=""', 'llm_model!=""'];
  const named = await readEach(conditions, (condition) =>
    queryVector(client, `count by (__name__) ({${condition}})`, now),
  );
  if (named.kind === 'error') return named;
  const names = new Set(named.value.flatMap(({ labels }) => labels.__name__ || []));
  const kept = [...names].filter((name) => !/_(created|info|sum)$/.test(name) || /token.*_sum$/.test(name));
  const chosen = kept.sort().slice(0, MOST_METRICS);
  const isBuckets = (name: string) => name.endsWith('_bucket');
  // Of a histogram, one bucket shows the labels of all.
  const selections = [
    { names: chosen.filter((name) => !isBuckets(name)), matchers: {} },
    { names: chosen.filter(isBuckets), matchers: { le: '+Inf' } },
  ].filter((each) => each.names.length > 0);
  const series = await readEach(selections, (each) =>
    queryVector(client, selector(each.names, each.matchers), now),
  );
  return mapRead(series, (read) => metricsOf(read.map(({ labels }) => labels)));
}
