import type { LabelNames, SeriesNames } from '../../../config/schema/prometheus.ts';
import type { Counter } from '../counters.ts';
import { ANY_VALUE, type PrometheusPreset, type Timer } from './preset.ts';

/** Names that replace a preset's, as in the config. */
export interface OwnNames {
  readonly series: SeriesNames;
  readonly label_names: LabelNames;
}

type Name = string | null | undefined;

/**
 * A preset with other names; null removes one. What it counts, and who counts, stays as in the preset.
 *
 * - A renamed series is still selected by the labels that the preset requires, such as a type of tokens.
 * - If input and output tokens have two different names, no such label is required.
 * - If values of a label mean success, all others are failures, and so is a request without that label.
 * - Every series of a separate counter of failures is a failure, whatever its labels.
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

/** By Prometheus's conventions, a name ends with its unit. */
function unitIn(name: string): Timer['unit'] | null {
  if (/_(ms|milliseconds)_bucket$/.test(name)) return 'ms';
  return /_(s|seconds)_bucket$/.test(name) ? 's' : null;
}

/** With a separate counter of failures, no label marks the failures among the times. */
function withFailures(timer: Timer | null, failures: PrometheusPreset['failures']): Timer | null {
  const isUnmarked = timer?.failures === 'by-label' && (failures === null || failures.counter !== null);
  return timer && isUnmarked ? { ...timer, failures: 'mixed' } : timer;
}

function customFailures(
  failures: PrometheusPreset['failures'],
  name: Name,
  label: LabelNames['error'],
): PrometheusPreset['failures'] {
  if (typeof label === 'object' && label !== null) {
    const means = new RegExp(`^(?!(?:${label.success.join('|')})$)`);
    return { counter: null, labels: [label.label], means, keepsNames: true };
  }
  const counter = renamed(failures?.counter ?? null, name);
  if (name === null || (label === null && counter === null)) return null;
  const labels = relabelled(failures?.labels ?? [], label);
  if (counter !== null) return { counter, labels, means: ANY_VALUE };
  return failures && { ...failures, labels };
}

function customTokens(tokens: PrometheusPreset['tokens'], series: SeriesNames): PrometheusPreset['tokens'] {
  const { input_tokens, output_tokens, cached_input_tokens } = series;
  const areSeparate = Boolean(input_tokens && output_tokens && input_tokens !== output_tokens);
  const own = (counter: Counter | null, name: Name) => renamed(areSeparate && name ? null : counter, name);
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
