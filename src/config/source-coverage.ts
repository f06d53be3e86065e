/** What the sources of measurement can tell, as far as the config says it: nobody should wait for what never comes. */
import { type Limit, METRICS, type MetricName, type Need, needsOfficial } from './metrics.ts';
import type { Source } from './schema/measure.ts';
import type { PresetName } from './schema/prometheus.ts';

const COVERED_NEEDS: Readonly<Record<Source['source'], readonly Need[]>> = {
  jsonl: ['sums', 'tasks', 'requests', 'times', 'records'],
  // Its presets differ in what they count.
  prometheus: ['sums', 'times'],
  openai: ['sums', 'requests'],
  litellm: ['sums', 'requests'],
  'new-api': ['sums', 'requests'],
  openrouter: [],
};

interface PresetTraits {
  /** What it counts: the team's calls with all their retries, or what reaches the gateway. */
  readonly counts: Need;
  /** Whether one of its labels tells the arms apart; else all of it is the gateway's. */
  readonly bothArms: boolean;
  /** Whether it has a series of the cost. */
  readonly cost: boolean;
  /** Whether its histograms have the bounds that OpenTelemetry recommends. */
  readonly knownBounds: boolean;
}

const ATTEMPTS = { counts: 'requests', bothArms: false, cost: true, knownBounds: false } as const;

const PRESETS: Readonly<Record<PresetName, PresetTraits>> = {
  'otel-genai': { counts: 'tasks', bothArms: true, cost: false, knownBounds: true },
  litellm: ATTEMPTS,
  'envoy-ai-gateway': { ...ATTEMPTS, cost: false, knownBounds: true },
  bifrost: ATTEMPTS,
  kong: ATTEMPTS,
};

/** Why a metric cannot be told, as a clause, and what would tell it. */
export interface CoverageGap {
  readonly why: string;
  readonly way: string;
}

/** Whether a source can tell which tasks are of one user. */
export function identifiesUsers({ source }: Source): boolean {
  return COVERED_NEEDS[source].includes('records');
}

/** The sources of both arms; null for an arm without one. */
export interface Sources {
  readonly official: Source | null;
  readonly gateway: Source | null;
}

/** Why the named sources can never tell what a limit asks for; null where they can. */
export function coverageGap(
  { official, gateway }: Sources,
  name: MetricName,
  limit: Limit,
): CoverageGap | null {
  if (gateway === null)
    return { why: 'measure names no source for the gateway', way: sourcesThatCover(name) };
  const gap = sourceGap(gateway, name);
  if (gap !== null || !needsOfficial(name, limit)) return gap;
  if (official === null) {
    const why = 'it compares with the official arm, and measure names no source for that';
    return { why, way: sourcesThatCover(name) };
  }
  return officialGap(official) ?? sourceGap(official, name);
}

/** The sources that can tell a metric of either arm. */
function sourcesThatCover(name: MetricName): string {
  return METRICS[name].needs === 'records' ? 'jsonl as source' : 'prometheus or jsonl as source';
}

/** Why a source can never tell a metric; null where it can. */
export function sourceGap(source: Source, name: MetricName): CoverageGap | null {
  const why = whyUncovered(source, name);
  if (why !== null) return { why, way: sourcesThatCover(name) };
  const setting = disabledBy(source, name);
  return setting === null ? null : settingGap(setting);
}

/** Why a source can never tell anything of the official arm; null where it can. */
export function officialGap({ preset, label_names }: Source): CoverageGap | null {
  if (preset === null || label_names.arm) return null;
  if (label_names.arm === null) return settingGap('label_names.arm');
  if (PRESETS[preset].bothArms) return null;
  const why = `it compares with the official arm, and all that ${preset} counts is the gateway's`;
  return { why, way: 'a source of its own under measure.official' };
}

function settingGap(setting: string): CoverageGap {
  return { why: `measure leaves out ${setting}`, way: `a name for ${setting}` };
}

function whyUncovered({ source, preset }: Source, name: MetricName): string | null {
  const { needs, about } = METRICS[name];
  const counted = preset === null ? [] : [PRESETS[preset].counts];
  if ([...COVERED_NEEDS[source], ...counted].includes(needs)) return null;
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

/** The setting that takes a metric out of Prometheus by its null; null where none does. */
function disabledBy(source: Source, name: MetricName): string | null {
  const { series, label_names } = source;
  switch (METRICS[name].about) {
    case 'failure':
      if (series.failures === null) return 'series.failures';
      // What counts tasks tells failures by this label, unless they have a series of their own.
      return label_names.error === null && series.failures === undefined ? 'label_names.error' : null;
    case 'latency': {
      const which = name.startsWith('ttft') ? 'ttft' : 'latency';
      return series[which] === null ? `series.${which}` : null;
    }
    case 'cost':
      return costDisabledBy(source, name);
    default:
      return null;
  }
}

/** The cost is told by a series of its own, or made of tokens and the price of their model. */
function costDisabledBy({ preset, series, label_names }: Source, name: MetricName): string | null {
  const tokens = (['input_tokens', 'output_tokens'] as const).find((each) => series[each] === null);
  const missingTokens = tokens === undefined ? null : `series.${tokens}`;
  if (name === 'tokens_per_task') return missingTokens;
  const model = label_names.model === null ? 'label_names.model' : null;
  const reported = series.cost === undefined ? preset !== null && PRESETS[preset].cost : series.cost !== null;
  if (name === 'cost_ratio' || !reported) return missingTokens ?? model;
  return name === 'cost_per_1k_tokens' ? missingTokens : null;
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
export function boundsOf(
  { source, preset, series }: Source,
  which: 'latency' | 'ttft',
): readonly number[] | null {
  if (source === 'jsonl') return RECORD_BOUNDS;
  return preset !== null && PRESETS[preset].knownBounds && series[which] === undefined
    ? OPENTELEMETRY[which]
    : null;
}
