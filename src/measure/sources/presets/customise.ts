import type { Counter } from '../counters.ts';
import type { PrometheusPreset, Timer } from './preset.ts';

type Metric =
  | 'requests'
  | 'failures'
  | 'latency'
  | 'ttft'
  | 'input_tokens'
  | 'output_tokens'
  | 'cached_input_tokens'
  | 'cost';
type Label = 'arm' | 'model' | 'key' | 'member' | 'error';

/** Names and labels in place of a preset's; null takes one out. */
export interface PresetOverrides {
  /** Names of series as Prometheus shows them, with `_total`, `_count`, `_bucket` or `_sum`. */
  readonly metrics?: { readonly [Name in Metric]?: string | null };
  readonly labels?: { readonly [Name in Label]?: string | null };
}

/**
 * A preset under other names. A metric whose name is overridden keeps the labels that the preset asks of it.
 * Requests cannot be taken out: without them there is nothing to count.
 */
export function customise(
  preset: PrometheusPreset,
  { metrics = {}, labels = {} }: PresetOverrides,
): PrometheusPreset {
  const { requests, failures, latency, ttft, tokens, cost } = preset;
  const input = renamed(tokens?.input ?? null, metrics.input_tokens);
  const output = renamed(tokens?.output ?? null, metrics.output_tokens);
  const cachedInput = renamed(tokens?.cachedInput ?? null, metrics.cached_input_tokens);
  return {
    ...preset,
    armLabel: labels.arm === undefined ? preset.armLabel : labels.arm,
    requests: renamed(requests, metrics.requests) ?? requests,
    failures: customFailures(failures, metrics.failures, labels.error),
    latency: renamedTimer(latency, metrics.latency),
    ttft: renamedTimer(ttft, metrics.ttft),
    tokens:
      input === null || output === null
        ? null
        : {
            input,
            output,
            cachedInput,
            known: metrics.input_tokens === undefined ? (tokens?.known ?? null) : null,
          },
    cost: renamed(cost, metrics.cost),
    labels: {
      model: relabelled(preset.labels.model, labels.model),
      key: relabelled(preset.labels.key, labels.key),
      member: relabelled(preset.labels.member, labels.member),
    },
  };
}

function renamed(counter: Counter | null, name: string | null | undefined): Counter | null {
  if (name === undefined) return counter;
  return name === null ? null : { matchers: {}, ...counter, names: [name] };
}

/** The unit stands in the name, as Prometheus's conventions ask for. */
function renamedTimer(timer: Timer | null, name: string | null | undefined): Timer | null {
  if (name === undefined) return timer;
  if (name === null) return null;
  const unit = /_(ms|milliseconds)(_bucket)?$/.test(name) ? 'ms' : 's';
  return { matchers: {}, failures: 'mixed', ...timer, names: [name], unit };
}

function customFailures(
  failures: PrometheusPreset['failures'],
  name: string | null | undefined,
  label: string | null | undefined,
): PrometheusPreset['failures'] {
  if (name === null || label === null) return null;
  const labels = label === undefined ? (failures?.labels ?? []) : [label];
  const means = failures?.means ?? /./;
  // Every series of a counter of failures is of failures.
  if (name !== undefined) return { counter: { names: [name], matchers: {} }, labels, means: /(?:)/ };
  return failures && { ...failures, labels, means };
}

function relabelled(labels: readonly string[], label: string | null | undefined): readonly string[] {
  if (label === undefined) return labels;
  return label === null ? [] : [label];
}
