/** What each metric counts in the measurement of one arm. */
import { METRICS, type MetricName } from '../config/metrics.ts';
import { type Histogram, timedTasks } from '../measure/histogram.ts';
import type { Counts } from '../measure/measurement.ts';
import type { RatioPartsOf } from './gauges.ts';
import { FEW, type Least, MANY } from './mean-ratio.ts';
import type { EventsOf } from './strata.ts';

type Traits = (typeof METRICS)[MetricName];

/** How a metric is measured. A limit bounds `events` and `x`; of a `complement`, failed tasks and uncached tokens. */
type Measured =
  | { readonly kind: 'rate'; readonly eventsOf: EventsOf; readonly complement?: true }
  /** Of pairs in which one arm is worse, whether it is the gateway. */
  | { readonly kind: 'preference'; readonly eventsOf: EventsOf }
  /** Slower than a bound that was frozen before the stage (baseline.ts). */
  | { readonly kind: 'slow' }
  | {
      readonly kind: 'quantile';
      readonly q: number;
      readonly which: 'latency' | 'ttft';
      readonly timesOf: (counts: Counts) => Histogram;
    }
  | {
      readonly kind: 'mean';
      readonly partsOf: RatioPartsOf;
      readonly scale: 'log' | 'linear';
      readonly least: Least;
      readonly complement?: true;
    };

export type MetricDefinition = Measured & {
  readonly about: Traits['about'];
  /** How a person reads a value: percent, milliseconds, US dollars, tokens, or a plain ratio. */
  readonly unit: Traits['unit'];
};

/** Tasks above `bound` seconds, failed ones included; null where the histogram does not have the bound. */
export function slowerThan(bound: number): EventsOf {
  return ({ latency, tasks }) => {
    if (latency.length === 0) return tasks === 0 ? { events: 0, tasks: 0 } : null;
    const fast = latency.find(({ le }) => le === bound)?.count;
    const timed = timedTasks(latency);
    return fast === undefined ? null : { events: timed - fast, tasks: timed };
  };
}

/** Events among tasks; null where the source does not report one of them. */
function counted(key: 'failedTasks' | 'retriedTasks' | 'fallbacks' | 'empty' | 'truncated'): EventsOf {
  return ({ tasks, [key]: events }) => (tasks === null || events === null ? null : { events, tasks });
}

/** What success rate and error ratio count. */
export const FAILED = counted('failedTasks');

/** Dollars per amount, such as per task; the amount is scaled down to the priced tasks. */
function costPer(amountOf: (counts: Counts) => number | null): RatioPartsOf {
  return (counts) => {
    const { usd, priced, unpriced } = counts.cost;
    const amount = amountOf(counts);
    if (amount === null || hasNoCosts(counts)) return null;
    const share = priced + unpriced === 0 ? 0 : priced / (priced + unpriced);
    return { x: usd, y: amount * share, known: priced, unknown: unpriced };
  };
}

/** A source without costs counts no task as priced or unpriced. */
function hasNoCosts({ tasks, cost }: Counts): boolean {
  return tasks !== 0 && cost.priced + cost.unpriced === 0;
}

const costOverOfficial: RatioPartsOf = (counts) => {
  const { cost, atOfficialPrices: official } = counts;
  if (hasNoCosts(counts)) return null;
  const known = Math.min(cost.priced, official.priced);
  return { x: cost.usd, y: official.usd, known, unknown: Math.max(cost.unpriced, official.unpriced) };
};

const retryCost: RatioPartsOf = (counts) => {
  const { cost, retryCost: extra } = counts;
  if (hasNoCosts(counts)) return null;
  // A sum does not show how much of it went into retries: that is unknown, not 0.
  const known = Math.min(cost.priced, extra.priced);
  return { x: extra.usd, y: cost.usd, known, unknown: Math.max(cost.unpriced, extra.unpriced) };
};

/** Tokens that were not cached. A model whose answers never say how many were is left out: embeddings have no cache. */
const uncached: RatioPartsOf = ({ tasks, attempts, tokens, cacheUnknown = 0 }) => {
  if (tokens === null || (tokens.input > 0 && cacheUnknown >= tokens.input)) return null;
  const requests = tasks ?? attempts ?? 0;
  const unknown = tokens.input > 0 ? Math.round((requests * cacheUnknown) / tokens.input) : 0;
  const known = tokens.input - cacheUnknown;
  return { x: Math.max(0, known - tokens.cachedInput), y: known, known: requests - unknown, unknown };
};

const tokensPerTask: RatioPartsOf = ({ tasks, attempts, tokens }) => {
  if (tokens === null || tasks === null) return null;
  const known = Math.max(0, (attempts ?? tasks) - tokens.unknown);
  return { x: tokens.input + tokens.output, y: tasks, known, unknown: tokens.unknown };
};

const quantile = (q: number, which: 'latency' | 'ttft'): Measured => ({
  kind: 'quantile',
  q,
  which,
  timesOf: (counts) => counts[which],
});

const mean = (partsOf: RatioPartsOf, scale: 'log' | 'linear' = 'log', least = MANY) =>
  ({ kind: 'mean', partsOf, scale, least }) as const;

const perTask = costPer(({ tasks }) => tasks);
const perRequest = costPer(({ attempts }) => attempts);
const per1kTokens = costPer(({ tokens }) => tokens && (tokens.input + tokens.output) / 1000);

const MEASURED: Readonly<Record<MetricName, Measured>> = {
  success_rate: { kind: 'rate', eventsOf: FAILED, complement: true },
  error_ratio: { kind: 'rate', eventsOf: FAILED },
  slow_ratio: { kind: 'slow' },
  latency_p50: quantile(0.5, 'latency'),
  latency_p90: quantile(0.9, 'latency'),
  latency_p95: quantile(0.95, 'latency'),
  latency_p99: quantile(0.99, 'latency'),
  ttft_p50: quantile(0.5, 'ttft'),
  ttft_p90: quantile(0.9, 'ttft'),
  ttft_p95: quantile(0.95, 'ttft'),
  ttft_p99: quantile(0.99, 'ttft'),
  cost_ratio: mean(costOverOfficial, 'log', FEW),
  cache_ratio: { ...mean(uncached, 'linear', FEW), complement: true },
  cost_per_task: mean(perTask),
  cost_per_request: mean(perRequest),
  cost_per_1k_tokens: mean(per1kTokens),
  tokens_per_task: mean(tokensPerTask),
  retry_rate: { kind: 'rate', eventsOf: counted('retriedTasks') },
  retry_cost: mean(retryCost, 'linear'),
  fallback_rate: { kind: 'rate', eventsOf: counted('fallbacks') },
  empty_ratio: { kind: 'rate', eventsOf: counted('empty') },
  truncated_ratio: { kind: 'rate', eventsOf: counted('truncated') },
  quality_ratio: { kind: 'preference', eventsOf: ({ worse }) => worse?.quality ?? null },
  evaluation_ratio: { kind: 'preference', eventsOf: ({ worse }) => worse?.evaluations ?? null },
};

/** A limit on a ratio of events is a ratio; the value of each arm is a share of its tasks. */
export function definitionOf(metric: MetricName): MetricDefinition {
  const { about, unit, official } = METRICS[metric];
  return { ...MEASURED[metric], about, unit: official ? 'share' : unit };
}
