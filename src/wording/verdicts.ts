/** What the judge says of a metric, in words. */
import type { Limit, MetricName } from '../config/metrics.ts';
import type { Estimate, LimitVerdict, MetricVerdict, VerdictKind, VerdictReason } from '../judge/verdict.ts';
import { amount, figure, type MetricUnit, span, UNKNOWN, whole } from './amounts.ts';

/** Beside the word, so that nothing depends on a symbol or on colour. */
export const VERDICT_MARKS = {
  pass: '✅',
  fail: '❌',
  inconclusive: '⏳',
  'no-data': '❔',
  error: '⚠️',
} as const satisfies Record<VerdictKind, string>;

const REASONS = {
  source_error: 'the source answers with an error',
  stale_window: 'the newest window is too old',
  silent_arm: 'one arm is silent',
  clock_skew: 'the clocks differ',
  traffic_share: 'the traffic is not split as the stage says',
  no_source_data: 'the source has no data of an arm',
  not_measured: 'the source does not tell it',
  no_tasks: 'no tasks yet',
  incomplete: 'too few tasks have a known price or known tokens',
  calibrating: 'what counts as slow is still being learnt from the official arm',
  undecided: 'at the present rates it would never pass',
  no_units: 'the split is sticky by user, and no record names its unit',
} as const satisfies Record<VerdictReason, string>;

/** What a pass still needs, why there is none, or where a failure shows; empty where nothing is to be said. */
export function missingText({
  verdict,
  reasonCode,
  stillNeeded,
  limits,
}: Pick<MetricVerdict, 'verdict' | 'reasonCode' | 'stillNeeded' | 'limits'>): string {
  const hour = limits.find(({ sinceHour }) => sinceHour !== null)?.sinceHour ?? null;
  if (verdict === 'fail') return hour === null ? '' : `seen in what came after hour ${hour} of the stage`;
  if (stillNeeded !== null) {
    return `about ${whole(stillNeeded.tasks)} more tasks on the gateway, ${span(stillNeeded.time)} at the present rate`;
  }
  return verdict === 'pass' || reasonCode === null ? '' : REASONS[reasonCode];
}

/** `99.5 % (99.1 % to 99.8 %)`; the interval holds at every look at once. */
export function estimateText(estimate: Estimate | null, unit: MetricUnit): string {
  if (estimate === null) return UNKNOWN;
  const { value, low, high } = estimate;
  const shown = value === null ? 'off the scale' : amount(value, unit);
  if (low === null && high === null) return shown;
  if (high === null) return `${shown} (at least ${amount(low ?? 0, unit)})`;
  if (low === null) return `${shown} (at most ${amount(high, unit)})`;
  const [from, to] = [amount(low, unit), amount(high, unit)];
  return from === to ? shown : `${shown} (${from} to ${to})`;
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
  const base = historical ? 'what official was' : 'official';
  switch (kind) {
    case 'min':
      return `at least ${amount(limit, unit)}`;
    case 'max':
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
      return `${metric === 'success_rate' ? 'at least' : 'at most'} ${amount(limit, unit)}, frozen from what official was`;
  }
}

const points = (value: number): string => (value === 1 ? '1 point' : `${figure(value)} points`);

/** A `max` of these compares the rate of the gateway with that of the official arm. */
const TIMES_OFFICIAL: readonly string[] = ['error_ratio', 'slow_ratio', 'empty_ratio', 'truncated_ratio'];

export function isTimesOfficial(metric: string): boolean {
  return TIMES_OFFICIAL.includes(metric);
}
