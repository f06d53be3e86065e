/** Verdicts, estimates and limits in words. */
import { isMetricName, type Limit, METRICS, type MetricName } from '../config/metrics.ts';
import type { Estimate, LimitVerdict, MetricVerdict, VerdictKind, VerdictReason } from '../judge/verdict.ts';
import { amount, count, figure, type MetricUnit, span, UNKNOWN, whole } from './amounts.ts';
import { countedNoun, REASONS } from './decisions.ts';
import { joined } from './markdown.ts';

/** Beside the word, so that nothing depends on a symbol or on colour. */
export const VERDICT_MARKS = {
  pass: '✅',
  fail: '❌',
  inconclusive: '⏳',
  'no-data': '❔',
  error: '⚠️',
} as const satisfies Record<VerdictKind, string>;

const NO_VERDICT: Readonly<Record<VerdictReason, string>> = {
  ...REASONS,
  not_measured: 'the metrics source does not report it',
  no_tasks: 'no tasks yet',
  incomplete: 'too few tasks have a known price or token count',
  calibrating: 'learning the normal latency from the official API',
  undecided: 'at the current rates it would not pass within 90 days',
  cold_cache: 'caches of a small share are cold, so it cannot fail below 25 %',
  no_units: 'the split is sticky per user, but no record has a unit',
};

/** In milliseconds. Nobody waits longer for a stage, so beyond it a forecast is no number. */
export const LONGEST_WAIT = 90 * 86_400_000;

/** What a pass still needs at the current rates; null where that takes too long. */
export function withinReach({
  stillNeeded,
}: Pick<MetricVerdict, 'stillNeeded'>): MetricVerdict['stillNeeded'] {
  return stillNeeded !== null && stillNeeded.time <= LONGEST_WAIT ? stillNeeded : null;
}

/** What a pass still needs, why the verdict is still open, or that it fails only lately; empty where there is nothing to add. */
export function missingText({ verdict, reasonCode, stillNeeded, guard, limits }: MetricVerdict): string {
  const isRecent = limits.some(({ sinceHour }) => sinceHour !== null);
  if (verdict === 'fail') return isRecent ? 'violated in the last hours' : '';
  // A guard does not have to pass.
  if (guard && verdict === 'inconclusive') return '';
  const needed = withinReach({ stillNeeded });
  if (needed !== null && reasonCode !== 'cold_cache') {
    const { users, tasks, time, copies } = needed;
    if (users !== undefined) {
      const more =
        users === 0 ? 'the next count of users' : `about ${count(users, 'more user')} on the gateway`;
      return `needs ${more}, in ${span(time)}`;
    }
    return `needs about ${whole(tasks)} more ${countedNoun(copies)}, ${span(time)} at the current rate`;
  }
  return verdict === 'pass' || reasonCode === null ? '' : NO_VERDICT[reasonCode];
}

/** `99.5 % (99.1 % to 99.8 %)`: the value with its confidence interval, which is valid at any number of looks. */
export function estimateText(estimate: Estimate | null, unit: MetricUnit): string {
  if (estimate === null) return UNKNOWN;
  const { value, low, high } = estimate;
  if (value === null) {
    const why = unit === 'duration' ? ' (failed requests count as infinite)' : '';
    return `${low === null ? 'infinite' : `≥ ${amount(low, unit)}`}${why}`;
  }
  const shown = amount(value, unit);
  if (low === null && high === null) return shown;
  if (high === null) return `${shown} (at least ${amount(low ?? 0, unit)})`;
  if (low === null) return `${shown} (at most ${amount(high, unit)})`;
  const [from, to] = [amount(low, unit), amount(high, unit)];
  return from === to ? shown : `${shown} (${from} to ${to})`;
}

/** `gateway 99.4 % (99.1 % to 99.6 %); official 99.5 %; limit: at least 99 %`: what is known of them. */
export function figuresText(metric: string, { unit, gateway, official, limits }: MetricVerdict): string {
  const bounds = limitsText(metric, unit, limits);
  const figures = [
    gateway && `gateway ${estimateText(gateway, unit)}`,
    official && `official ${estimateText(official, unit)}`,
    bounds && `limit: ${bounds}`,
  ];
  return joined(figures, '; ');
}

/** What is compared: the limits of a verdict, or a limit before anything was measured. */
type AnyLimit = Pick<LimitVerdict, 'kind' | 'limit' | 'historical'>;

/** `at most 1 point below official, at least 97 %`. */
export function limitsText(metric: string, unit: MetricUnit, limits: readonly AnyLimit[]): string {
  return limits.map((limit) => limitText(metric, unit, limit)).join(', ');
}

/** The limits as the config writes them, before anything was measured. */
export function configuredText(metric: MetricName, unit: MetricUnit, limits: Limit): string {
  const written = (['min', 'max', 'max_drop', 'max_increase'] as const).flatMap((kind) => {
    const limit = limits[kind];
    return limit === undefined ? [] : [{ kind, limit, historical: false }];
  });
  return limitsText(metric, unit, written);
}

/** `at most 2 × official`. */
export function limitText(metric: string, unit: MetricUnit, { kind, limit, historical }: AnyLimit): string {
  const base = historical ? 'the earlier official value' : 'official';
  switch (kind) {
    case 'min':
      return `at least ${amount(limit, unit)}`;
    case 'max':
      if (metric === 'cost_ratio') return `at most ${figure(limit)} × official prices`;
      return isTimesOfficial(metric)
        ? `at most ${figure(limit)} × ${base}`
        : `at most ${amount(limit, unit)}`;
    case 'max_drop':
      return `at most ${points(limit)} below ${base}`;
    case 'max_increase':
      return unit === 'share'
        ? `at most ${points(limit)} above ${base}`
        : `at most ${figure(limit)} % above ${base}`;
    case 'frozen':
      return `${metric === 'success_rate' ? 'at least' : 'at most'} ${amount(limit, unit)}, frozen from the earlier official value`;
  }
}

const points = (value: number): string => (value === 1 ? '1 point' : `${figure(value)} points`);

/** Whether a `max` of this metric is a multiple of the official arm's rate. */
export function isTimesOfficial(metric: string): boolean {
  return isMetricName(metric) && METRICS[metric].official;
}
