/** Which metrics look like calls of models, and how the config would name them; pure. */
import { ARMS } from '../../config/arms.ts';
import type { LabelNames } from '../../config/schema/prometheus.ts';
import { armReader } from '../sources/arm-of-labels.ts';
import type { OwnNames } from '../sources/presets/customise.ts';
import type { Labels } from '../sources/prometheus-api.ts';
import type { SeriesOptions } from '../sources/series-problems.ts';

/** A metric, with the values of each of its labels. */
export interface FoundMetric {
  readonly name: string;
  readonly series: number;
  readonly labels: ReadonlyMap<string, ReadonlySet<string>>;
}

export interface KnownCalls {
  readonly armValues: SeriesOptions['armValues'];
  readonly isModel: (name: string) => boolean;
}

/** Groups series by their names. */
export function metricsOf(series: readonly Labels[]): FoundMetric[] {
  const metrics = new Map<string, { series: number; labels: Map<string, Set<string>> }>();
  for (const { __name__: name = '', ...labels } of series) {
    const metric = metrics.get(name) ?? { series: 0, labels: new Map() };
    metrics.set(name, metric);
    metric.series += 1;
    for (const [label, value] of Object.entries(labels)) {
      metric.labels.set(label, (metric.labels.get(label) ?? new Set()).add(value));
    }
  }
  return [...metrics].map(([name, metric]) => ({ name, ...metric }));
}

/** Labels that Prometheus adds, or that are part of a histogram. */
export const OWN_LABELS = ['instance', 'job', 'le', 'quantile'];

/**
 * The names for `measure.series` and `measure.label_names`.
 * @returns null where no counter looks like calls of models
 */
export function propose(metrics: readonly FoundMetric[], known: KnownCalls): OwnNames | null {
  const counters = metrics
    .filter(({ name }) => /_(total|count)$/.test(name) || /(calls|requests)$/.test(name))
    .filter(({ name }) => !/token|cost|usd|spend|fail|error|cache|process|scrape/i.test(name))
    .map((metric) => ({ metric, score: scoreOf(metric, known) }))
    .filter(({ score }) => score >= 3)
    .sort((a, b) => b.score - a.score);
  const requests = counters[0]?.metric;
  if (requests === undefined) return null;
  const arm = armLabelOf(requests, known);
  const error = errorLabelOf(requests);
  // Metrics of the same program tell the arms apart by the same label.
  const mates = metrics.filter(
    (each) => each.name !== requests.name && (arm === null || each.labels.has(arm)),
  );
  const found = (pattern: RegExp, other = /^$/) =>
    mates.find(({ name }) => pattern.test(name) && !other.test(name))?.name;
  const series = {
    requests: requests.name,
    failures: error === null ? found(/(fail|error)\w*_total$/i) : undefined,
    latency: found(/(duration|latency|seconds|time|_ms).*_bucket$/i, TTFT),
    ttft: found(new RegExp(`${TTFT.source}.*_bucket$`, 'i')),
    input_tokens: found(/(input|prompt).*token|token.*(input|prompt)/i, /cache|_bucket$|_count$/i),
    output_tokens: found(/(output|completion).*token|token.*(output|completion)/i, /cache|_bucket$|_count$/i),
    cached_input_tokens: found(/cache.*token|token.*cache/i, /_bucket$|_count$/),
    cost: found(/(cost|usd|spend)\w*_total$/i),
  };
  const model = modelLabelOf(requests, known);
  const label_names = { arm: arm ?? undefined, model: model ?? undefined, error: error ?? undefined };
  return { series: present(series), label_names: present(label_names) };
}

const TTFT = /first_(token|chunk)|ttft/;

function scoreOf(metric: FoundMetric, known: KnownCalls): number {
  return (
    (armLabelOf(metric, known) === null ? 0 : 4) +
    (modelLabelOf(metric, known) === null ? 0 : 3) +
    (errorLabelOf(metric) === null ? 0 : 1) +
    (/call|request|completion|operation/i.test(metric.name) ? 1 : 0) +
    (/llm|gen_?ai|openai|model|chat/i.test(metric.name) ? 1 : 0)
  );
}

/** The label that has a host or a name of an arm among its values. */
export function armLabelOf({ labels }: FoundMetric, { armValues }: KnownCalls): string | null {
  const armsIn = ([label, values]: [string, ReadonlySet<string>]) => {
    const armOf = armReader(label, armValues);
    return new Set([...values].map((value) => armOf({ [label]: value })).filter((arm) => arm !== null)).size;
  };
  const ranked = [...labels].map((each) => ({ label: each[0], arms: armsIn(each) }));
  for (const count of ARMS.map((_, index) => ARMS.length - index)) {
    const best = ranked.find(({ arms }) => arms === count);
    if (best !== undefined) return best.label;
  }
  return null;
}

function modelLabelOf({ labels }: FoundMetric, { isModel }: KnownCalls): string | null {
  const own = [...labels].filter(([label]) => !OWN_LABELS.includes(label));
  return own.find(([, values]) => [...values].some(isModel))?.[0] ?? null;
}

const SUCCESS = /^(ok|success|succeeded|successful|served|completed|true|none|2\d\d|2xx)$/i;

/** The label that tells the outcome, with the values that mean success, if it has such. */
function errorLabelOf({ labels }: FoundMetric): NonNullable<LabelNames['error']> | null {
  const names = [...labels.keys()].filter((label) => !OWN_LABELS.includes(label));
  const outcome = names.find((label) => [...(labels.get(label) ?? [])].some((value) => SUCCESS.test(value)));
  if (outcome !== undefined) {
    const values = [...(labels.get(outcome) ?? [])].filter((value) => SUCCESS.test(value));
    return { label: outcome, success: [...new Set(values.map(asPattern))].sort() };
  }
  return names.find((label) => /error|exception|reason/i.test(label)) ?? null;
}

const asPattern = (value: string): string => (/^2\d\d$/.test(value) ? '2..' : value);

function present<T extends object>(values: T): { [Key in keyof T]: NonNullable<T[Key]> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
}
