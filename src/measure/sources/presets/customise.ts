import type { LabelNames, SeriesNames } from '../../../config/schema/prometheus.ts';
import type { Counter } from '../counters.ts';
import type { PrometheusPreset, Timer } from './preset.ts';

/** Names in place of a preset's, as the config writes them. */
export interface OwnNames {
  readonly series: SeriesNames;
  readonly label_names: LabelNames;
}

type Name = string | null | undefined;

/**
 * A preset under other names; null takes one out. What it counts, and who sees it, stays as the preset says.
 *
 * - A series of another name is chosen by the labels that the preset asks of it, such as a type of tokens.
 * - Input and output tokens under two names of their own need no such label, and none is asked of them.
 * - A counter of failures of its own is of failures alone, whatever its labels.
 */
export function customise(preset: PrometheusPreset, { series, label_names }: OwnNames): PrometheusPreset {
  const { requests, latency, ttft, cost, labels, armLabel } = preset;
  const failures = customFailures(preset.failures, series.failures, label_names.error);
  return {
    ...preset,
    armLabel: label_names.arm === undefined ? armLabel : label_names.arm,
    requests: renamed(requests, series.requests) ?? requests,
    failures,
    latency: withFailures(renamedTimer(latency, series.latency), failures),
    ttft: withFailures(renamedTimer(ttft, series.ttft), failures),
    tokens: customTokens(preset.tokens, series),
    cost: renamed(cost, series.cost),
    labels: {
      model: relabelled(labels.model, label_names.model),
      key: relabelled(labels.key, label_names.key),
      member: relabelled(labels.member, label_names.member),
    },
  };
}

function renamed(counter: Counter | null, name: Name): Counter | null {
  if (name === undefined) return counter;
  return name === null ? null : { matchers: {}, ...counter, names: [name] };
}

function renamedTimer(timer: Timer | null, name: Name): Timer | null {
  if (name === undefined) return timer;
  if (name === null) return null;
  const base: Omit<Timer, 'names'> = timer ?? { matchers: {}, unit: 's', failures: 'mixed' };
  return { ...base, names: [name], unit: unitIn(name) ?? base.unit };
}

/** Prometheus's conventions ask for the unit at the end of the name. */
function unitIn(name: string): Timer['unit'] | null {
  if (/_(ms|milliseconds)_bucket$/.test(name)) return 'ms';
  return /_(s|seconds)_bucket$/.test(name) ? 's' : null;
}

/** A counter of failures of its own has no label that would tell failures among the times. */
function withFailures(timer: Timer | null, failures: PrometheusPreset['failures']): Timer | null {
  const withoutUsage = timer?.failures === 'by-label' && (failures === null || failures.counter !== null);
  return timer && withoutUsage ? { ...timer, failures: 'mixed' } : timer;
}

function customFailures(
  failures: PrometheusPreset['failures'],
  name: Name,
  label: Name,
): PrometheusPreset['failures'] {
  const counter = renamed(failures?.counter ?? null, name);
  if (name === null || (label === null && counter === null)) return null;
  const labels = relabelled(failures?.labels ?? [], label);
  // Every series of a counter of failures is of failures.
  if (counter !== null) return { counter, labels, means: /(?:)/ };
  return failures && { ...failures, labels };
}

function customTokens(tokens: PrometheusPreset['tokens'], series: SeriesNames): PrometheusPreset['tokens'] {
  const { input_tokens, output_tokens, cached_input_tokens } = series;
  const apart = Boolean(input_tokens && output_tokens && input_tokens !== output_tokens);
  const own = (counter: Counter | null, name: Name) => renamed(apart && name ? null : counter, name);
  const input = own(tokens?.input ?? null, input_tokens);
  const output = own(tokens?.output ?? null, output_tokens);
  if (input === null || output === null) return null;
  const cachedInput = own(tokens?.cachedInput ?? null, cached_input_tokens);
  return { input, output, cachedInput, known: input_tokens === undefined ? (tokens?.known ?? null) : null };
}

function relabelled(labels: readonly string[], label: Name): readonly string[] {
  if (label === undefined) return labels;
  return label === null ? [] : [label];
}
