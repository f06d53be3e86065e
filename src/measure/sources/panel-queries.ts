/**
 * The numbers of an arm as PromQL, for dashboards and alerts. The judge itself reads raw counters (counters.ts); these
 * are rates, for people who watch.
 */
import type { Arm } from '../../config/arms.ts';
import type { ErrorClass } from '../../gateway/refusal.ts';
import { type Counter, eachName } from './counters.ts';
import { ERROR_WORDS, errorClassOf } from './error-words.ts';
import type { PrometheusPreset } from './presets/preset.ts';
import { escapePattern, type Matchers } from './prometheus-api.ts';
import { chosenBy } from './window-counters.ts';

export interface PanelSource {
  readonly preset: PrometheusPreset;
  /** That the series must have. */
  readonly labels: Matchers;
  readonly armValues: Readonly<Record<Arm, readonly string[]>>;
}

/** Expressions with one series each, `errors` with one for each reason; null for what the exporter does not count. */
export interface PanelQueries {
  /** Per second. */
  readonly requests: string;
  /** Percent. */
  readonly success: string | null;
  /** Failures per second, by the exporter's words. */
  readonly errors: string | null;
  /** Seconds that 50 and 95 % do not exceed. */
  readonly p50: string | null;
  readonly p95: string | null;
  /** US dollars per request. */
  readonly cost: string | null;
  /** Percent of the input tokens. */
  readonly cached: string | null;
  /** Percent of the requests that fail with each class that the exporter's words tell. */
  readonly classes: readonly (readonly [name: ErrorClass, query: string])[];
}

/** HTTP statuses that exporters write as the reason. */
const STATUSES = [400, 401, 402, 403, 404, 408, 413, 422, 429, 500, 502, 503, 504, 529].map(String);

/** @param window a range such as `15m`, or Grafana's `$__rate_interval` */
export function panelQueries({ preset, ...source }: PanelSource, arm: Arm, window: string): PanelQueries {
  const { requests, failures, latency, tokens, cost } = preset;
  const own = armMatchers(preset.armLabel, source.armValues, arm);
  const rates = (counter: Counter, more: Matchers = {}): string => {
    const chosen = chosenBy(counter, { ...source.labels, ...own });
    const matchers = { ...chosen.matchers, ...more };
    return eachName({ ...chosen, matchers }, (series) => `rate(${series}[${window}])`);
  };
  const all = `sum(${rates(requests)})`;
  const failed = (more: Matchers = {}) =>
    failures && rates(failures.counter ?? requests, { ...failureMatchers(preset), ...more });
  const label = failures?.labels[0];
  const quantile = (q: number) =>
    latency &&
    `histogram_quantile(${q}, sum by (le) (${rates(latency)}))${latency.unit === 'ms' ? ' / 1000' : ''}`;
  // Without a failure there may be no series of failures.
  const share = (part: string) => `100 * ((sum(${part}) or 0 * ${all}) / ${all})`;
  const ofClass = (name: ErrorClass, { source }: RegExp) => {
    const statuses = STATUSES.filter((status) => errorClassOf([status]) === name);
    const pattern = [`(?i).*(?:${source}).*`, ...statuses].join('|');
    return label === undefined ? null : failed({ [label]: { pattern } });
  };
  const failing = failed();
  return {
    requests: all,
    success: failing && `100 - ${share(failing)}`,
    errors: failing && (label === undefined ? `sum(${failing})` : `sum by (${label}) (${failing})`),
    p50: quantile(0.5),
    p95: quantile(0.95),
    cost: cost && `sum(${rates(cost)}) / ${all}`,
    cached: tokens?.cachedInput
      ? `100 * sum(${rates(tokens.cachedInput)}) / sum(${rates(tokens.input)})`
      : null,
    classes: ERROR_WORDS.flatMap(([pattern, name]) => {
      const part = ofClass(name, pattern);
      return part === null ? [] : [[name, share(part)] as const];
    }),
  };
}

/** As in arm-of-labels.ts: an address may be written with its scheme and path, and a value of both arms is neither's. */
function armMatchers(label: string | null, armValues: PanelSource['armValues'], arm: Arm): Matchers {
  if (label === null) return {};
  const other = armValues[arm === 'gateway' ? 'official' : 'gateway'];
  const own = armValues[arm].filter((value) => !other.includes(value));
  return { [label]: { pattern: `(?i)(?:https?://)?(?:${own.map(escapePattern).join('|')})(?:/.*)?` } };
}

/** A separate counter has failures alone; among requests a label marks them. */
function failureMatchers({ failures }: PrometheusPreset): Matchers {
  const [label] = failures?.labels ?? [];
  if (failures === null || failures.counter !== null || label === undefined) return {};
  const [, success] = /^\^\(\?!(.*)\$\)$/.exec(failures.means.source) ?? [];
  return { [label]: success === undefined ? null : { exceptPattern: success } };
}
