/** What the sources of measurement can tell, as far as the config says it: nobody should wait for what never comes. */
import { METRICS, type MetricName } from './metrics.ts';
import type { Source } from './schema/measure.ts';

/**
 * What a metric stands on: sums of money and tokens, numbers of tasks or of requests, times, or every single request.
 */
export type Need = 'sums' | 'tasks' | 'requests' | 'times' | 'records';

const OF_SOURCES: Readonly<Record<Source['source'], readonly Need[]>> = {
  jsonl: ['sums', 'tasks', 'requests', 'times', 'records'],
  // Its presets differ in what they count.
  prometheus: ['sums', 'times'],
  openai: ['sums', 'requests'],
  litellm: ['sums', 'requests'],
  'new-api': ['sums', 'requests'],
  openrouter: [],
};

/** What each preset of Prometheus counts: the team's calls with all their retries, or what reaches the gateway. */
const COUNTED_BY: Readonly<Record<NonNullable<Source['preset']>, Need>> = {
  'otel-genai': 'tasks',
  litellm: 'requests',
  'envoy-ai-gateway': 'requests',
  bifrost: 'requests',
  kong: 'requests',
};

/** Whether a source can tell which tasks are of one user. */
export function tellsUsers({ source }: Source): boolean {
  return OF_SOURCES[source].includes('records');
}

/** Why a source can never tell a metric, as a clause; null where it can. */
export function gapOfSource({ source, preset }: Source, name: MetricName): string | null {
  const { needs, about } = METRICS[name];
  const counted = preset === null ? [] : [COUNTED_BY[preset]];
  if ([...OF_SOURCES[source], ...counted].includes(needs)) return null;
  if (source === 'openrouter') return 'openrouter gives a report of past days, and no evidence for a gate';
  if (needs === 'records') return `${source} tells sums, and nothing of single requests`;
  if (about === 'cost') {
    const whole = needs === 'tasks' ? 'requests, and knows no tasks' : 'tasks, and knows no single requests';
    return `${preset ?? source} counts ${whole}`;
  }
  return source === 'openai'
    ? "openai tells the official arm's tokens and cost, and nothing of its failures and times"
    : `${preset ?? source} tells the gateway's own side alone, which never sees its timeouts and cuts`;
}

/**
 * Bounds of the histograms that this program makes of records, in seconds: 20 a decade from 10 ms to 1000 s, each
 * 12 % above the one before, so that a limit on a quantile can be decided to about that.
 */
export const RECORD_BOUNDS: readonly number[] = Array.from({ length: 101 }, (_, step) =>
  Number((0.01 * 10 ** (step / 20)).toPrecision(3)),
);

/** What OpenTelemetry's conventions for generative AI recommend, in seconds; hardly anybody sets others. */
const OPENTELEMETRY = {
  latency: Array.from({ length: 14 }, (_, step) => 0.01 * 2 ** step),
  ttft: [0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
};

/** The rising bounds of a source's histograms, in seconds; null where they are not known. */
export function boundsOf({ source, preset }: Source, which: 'latency' | 'ttft'): readonly number[] | null {
  if (source === 'jsonl') return RECORD_BOUNDS;
  return preset === 'otel-genai' || preset === 'envoy-ai-gateway' ? OPENTELEMETRY[which] : null;
}
