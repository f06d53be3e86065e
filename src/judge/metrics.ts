/** What each metric counts in the measurement of one arm. */
import type { MetricName } from '../config/metrics.ts';
import { type Histogram, timedTasks } from '../measure/histogram.ts';
import type { Counts } from '../measure/measurement.ts';
import type { RatioPartsOf } from './gauges.ts';
import { FEW, type Least, MANY } from './mean-ratio.ts';
import type { Count } from './rate.ts';
import type { EventsOf } from './strata.ts';

export const METRIC_SUBJECTS = ['failure', 'latency', 'cost', 'retry', 'content'] as const;
/** How a person reads a value: percent, milliseconds, US dollars, tokens, or a plain ratio. */
export const METRIC_UNITS = ['share', 'duration', 'usd', 'tokens', 'ratio'] as const;

interface Traits {
  readonly about: (typeof METRIC_SUBJECTS)[number];
  readonly unit: (typeof METRIC_UNITS)[number];
}

/** How a metric is measured. A limit bounds `events` and `x`; of a `complement`, failed tasks and uncached tokens. */
export type MetricDefinition = Traits &
  (
    | { readonly kind: 'rate'; readonly eventsOf: EventsOf; readonly complement?: true }
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
      }
  );

/** Events among tasks; null where the source does not report one of them. */
function eventsPerTask(eventsOf: (counts: Counts) => number | null): EventsOf {
  return (counts): Count | null => {
    const events = eventsOf(counts);
    return counts.tasks === null || events === null ? null : { events, tasks: counts.tasks };
  };
}

/** Tasks above `bound` seconds, failed ones included; null where the histogram does not have the bound. */
export function slowerThan(bound: number): EventsOf {
  return ({ latency, tasks }) => {
    if (latency.length === 0) return tasks === 0 ? { events: 0, tasks: 0 } : null;
    const fast = latency.find(({ le }) => le === bound)?.count;
    const timed = timedTasks(latency);
    return fast === undefined ? null : { events: timed - fast, tasks: timed };
  };
}

const counted = (key: 'failedTasks' | 'retriedTasks' | 'fallbacks' | 'empty' | 'truncated') =>
  eventsPerTask((counts) => counts[key]);

const failed = counted('failedTasks');

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

const rate = (about: Traits['about'], eventsOf: EventsOf): Extract<MetricDefinition, { kind: 'rate' }> => ({
  kind: 'rate',
  about,
  unit: 'share',
  eventsOf,
});

const quantile = (q: number, which: 'latency' | 'ttft'): MetricDefinition => ({
  kind: 'quantile',
  about: 'latency',
  unit: 'duration',
  q,
  which,
  timesOf: (counts) => counts[which],
});

const mean = (
  unit: Traits['unit'],
  partsOf: RatioPartsOf,
  scale: 'log' | 'linear' = 'log',
  least = MANY,
): Extract<MetricDefinition, { kind: 'mean' }> => ({
  kind: 'mean',
  about: 'cost',
  unit,
  partsOf,
  scale,
  least,
});

const perTask = costPer(({ tasks }) => tasks);
const perRequest = costPer(({ attempts }) => attempts);
const per1kTokens = costPer(({ tokens }) => tokens && (tokens.input + tokens.output) / 1000);

export const METRIC_DEFINITIONS = {
  success_rate: { ...rate('failure', failed), complement: true },
  error_ratio: rate('failure', failed),
  slow_ratio: { kind: 'slow', about: 'latency', unit: 'share' },
  latency_p50: quantile(0.5, 'latency'),
  latency_p90: quantile(0.9, 'latency'),
  latency_p95: quantile(0.95, 'latency'),
  latency_p99: quantile(0.99, 'latency'),
  ttft_p50: quantile(0.5, 'ttft'),
  ttft_p90: quantile(0.9, 'ttft'),
  ttft_p95: quantile(0.95, 'ttft'),
  ttft_p99: quantile(0.99, 'ttft'),
  cost_ratio: mean('ratio', costOverOfficial, 'log', FEW),
  cache_ratio: { ...mean('share', uncached, 'linear', FEW), complement: true },
  cost_per_task: mean('usd', perTask),
  cost_per_request: mean('usd', perRequest),
  cost_per_1k_tokens: mean('usd', per1kTokens),
  tokens_per_task: mean('tokens', tokensPerTask),
  retry_rate: rate('retry', counted('retriedTasks')),
  retry_cost: mean('share', retryCost, 'linear'),
  fallback_rate: rate('retry', counted('fallbacks')),
  empty_ratio: rate('content', counted('empty')),
  truncated_ratio: rate('content', counted('truncated')),
} as const satisfies Readonly<Record<MetricName, MetricDefinition>>;
