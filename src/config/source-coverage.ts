/** What the sources of measurement can provide, as far as the config shows it, so that no gate waits for nothing. */
import { type Limit, METRICS, type MetricName, type Need, needsOfficial } from './metrics.ts';
import type { SourceConfig } from './schema/measure.ts';
import type { PresetName, SqlPreset } from './schema/prometheus.ts';

const PROVIDED: Readonly<Record<SourceConfig['source'], readonly Need[]>> = {
  jsonl: ['sums', 'tasks', 'requests', 'times', 'records', 'pairs'],
  // Its presets differ in what they count.
  prometheus: ['sums', 'times'],
  sql: ['sums', 'times'],
  openai: ['sums', 'requests'],
  litellm: ['sums', 'requests'],
  'new-api': ['sums', 'requests'],
  openrouter: [],
};

interface PresetTraits {
  /** What it counts: the team's calls with all their retries, or what reaches the gateway. */
  readonly counts: Need;
  /** Whether a label tells the arms apart; otherwise everything is the gateway's. */
  readonly bothArms: boolean;
  /** Whether it has a series of the cost. */
  readonly cost: boolean;
  /** Whether it has a series of cached tokens. */
  readonly cache: boolean;
  /** Whether its histograms have the bounds that OpenTelemetry recommends. */
  readonly knownBounds: boolean;
}

const ATTEMPTS = {
  counts: 'requests',
  bothArms: false,
  cost: true,
  cache: true,
  knownBounds: false,
} as const;

const PRESETS: Readonly<Record<PresetName | SqlPreset, PresetTraits>> = {
  'otel-genai': { counts: 'tasks', bothArms: true, cost: false, cache: true, knownBounds: true },
  litellm: ATTEMPTS,
  'envoy-ai-gateway': { ...ATTEMPTS, cost: false, knownBounds: true },
  bifrost: ATTEMPTS,
  kong: { ...ATTEMPTS, cache: false },
  // Of a span, the retries are unknown.
  'otel-traces': { ...ATTEMPTS, counts: 'tasks', bothArms: true, cost: false },
  'litellm-spendlogs': ATTEMPTS,
};

/** Why a metric is not measured, as a clause, and the setting that fixes it. */
export interface CoverageGap {
  readonly reason: string;
  readonly fix: string;
}

/** Whether a source knows which tasks belong to one user. */
export function identifiesUsers(source: SourceConfig): boolean {
  return providedBy(source).includes('records');
}

/** A team's own query gives single requests; a preset counts what it counts. */
function providedBy({ source, preset, query }: SourceConfig): readonly Need[] {
  if (query !== null) return PROVIDED.jsonl.filter((need) => need !== 'pairs');
  return [...PROVIDED[source], ...(preset === null ? [] : [PRESETS[preset].counts])];
}

/** The sources of both arms; null for an arm without one. */
export interface Sources {
  readonly official: SourceConfig | null;
  readonly gateway: SourceConfig | null;
}

/** Why the sources can never provide what a limit needs; null where they can. */
export function coverageGap(
  { official, gateway }: Sources,
  name: MetricName,
  limit: Limit,
): CoverageGap | null {
  if (METRICS[name].needs === 'evaluations') return null;
  const fix = sourcesThatCover(name);
  if (gateway === null) return { reason: 'measure has no source for the gateway', fix };
  const gap = sourceGap(gateway, name);
  if (gap !== null || !needsOfficial(name, limit)) return gap;
  if (official === null) {
    return { reason: 'it compares with the official arm, but measure has no source for that', fix };
  }
  return officialGap(official) ?? sourceGap(official, name);
}

/** The sources that provide a metric for either arm. */
function sourcesThatCover(name: MetricName): string {
  if (METRICS[name].needs === 'pairs') return 'jsonl as the source';
  return METRICS[name].needs === 'records'
    ? 'jsonl or sql as the source'
    : 'prometheus, jsonl or sql as the source';
}

/** Why a source can never provide a metric; null where it can. */
export function sourceGap(source: SourceConfig, name: MetricName): CoverageGap | null {
  const reason = whyUncovered(source, name);
  if (reason !== null) return { reason, fix: sourcesThatCover(name) };
  const setting = disabledBy(source, name);
  return setting === null ? null : settingGap(setting);
}

/** Why a source can never provide anything about the official arm; null where it can. */
export function officialGap({ preset, label_names }: SourceConfig): CoverageGap | null {
  if (preset === null || label_names.arm) return null;
  if (label_names.arm === null) return settingGap('label_names.arm');
  if (PRESETS[preset].bothArms) return null;
  const reason = `it compares with the official arm, but ${preset} only counts the gateway`;
  return { reason, fix: 'a separate source under measure.official' };
}

function settingGap(setting: string): CoverageGap {
  return { reason: `measure leaves out ${setting}`, fix: `a name for ${setting}` };
}

function whyUncovered(config: SourceConfig, name: MetricName): string | null {
  const { source, preset } = config;
  const { needs, about } = METRICS[name];
  if (providedBy(config).includes(needs)) return null;
  if (source === 'openrouter') return 'openrouter only reports past days, which is not evidence for a gate';
  if (needs === 'pairs') return `${source} finds no pairs of a request and its copy`;
  if (needs === 'records') return `${source} only reports sums, not single requests`;
  const who = preset ?? source;
  if (about === 'cost')
    return needs === 'tasks' ? `${who} counts requests, not tasks` : `${who} counts tasks, not requests`;
  return source === 'openai'
    ? "openai reports the official arm's tokens and cost, but not its failures and times"
    : `${who} only sees the gateway's side and misses timeouts and dropped connections`;
}

/** The setting whose null removes a metric from Prometheus; null where none does. */
function disabledBy(source: SourceConfig, name: MetricName): string | null {
  const { series, label_names } = source;
  switch (METRICS[name].about) {
    case 'failure':
      if (series.failures === null) return 'series.failures';
      // A preset that counts tasks finds failures by this label, unless they have a series of their own.
      return label_names.error === null && series.failures === undefined ? 'label_names.error' : null;
    case 'latency': {
      const timer = timerOf(name);
      return series[timer] === null ? `series.${timer}` : null;
    }
    case 'cost':
      return costDisabledBy(source, name);
    default:
      return null;
  }
}

/** The cost comes from a series of its own, or from tokens and the price of their model. */
function costDisabledBy({ preset, series, label_names }: SourceConfig, name: MetricName): string | null {
  const tokens = (['input_tokens', 'output_tokens'] as const).find((each) => series[each] === null);
  const missingTokens = tokens === undefined ? null : `series.${tokens}`;
  if (name === 'tokens_per_task') return missingTokens;
  if (name === 'cache_ratio')
    return missingTokens ?? (hasCache({ preset, series }) ? null : 'series.cached_input_tokens');
  const model = label_names.model === null ? 'label_names.model' : null;
  const reported = series.cost === undefined ? preset !== null && PRESETS[preset].cost : series.cost !== null;
  if (name === 'cost_ratio' || !reported) return missingTokens ?? model;
  return name === 'cost_per_1k_tokens' ? missingTokens : null;
}

function hasCache({ preset, series }: Pick<SourceConfig, 'preset' | 'series'>): boolean {
  const { cached_input_tokens: own } = series;
  return own === undefined ? preset === null || PRESETS[preset].cache : own !== null;
}

/** The two times that a histogram may hold. */
export type TimerName = 'latency' | 'ttft';

/** The time that a latency metric is about. */
export function timerOf(name: MetricName): TimerName {
  return name.startsWith('ttft') ? 'ttft' : 'latency';
}

/**
 * Bounds of the histograms that this program makes of records, in seconds: 20 a decade from 10 ms to 1000 s, each
 * 12 % above the one before. A limit on a quantile can be decided to about that precision.
 */
export const RECORD_BOUNDS: readonly number[] = Array.from({ length: 101 }, (_, step) =>
  Number((0.01 * 10 ** (step / 20)).toPrecision(3)),
);

/** What OpenTelemetry's conventions for generative AI recommend, in seconds. Other bounds are rare. */
const OPENTELEMETRY: Readonly<Record<TimerName, readonly number[]>> = {
  latency: Array.from({ length: 14 }, (_, step) => 0.01 * 2 ** step),
  ttft: [0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
};

/** The rising bounds of a source's histograms, in seconds; null where they are not known. */
export function boundsOf(
  { source, preset, series }: SourceConfig,
  timer: TimerName,
): readonly number[] | null {
  if (source === 'jsonl' || source === 'sql') return RECORD_BOUNDS;
  const isKnown = preset !== null && PRESETS[preset].knownBounds && series[timer] === undefined;
  return isKnown ? OPENTELEMETRY[timer] : null;
}
