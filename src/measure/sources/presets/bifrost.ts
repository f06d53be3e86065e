import type { PrometheusPreset } from './preset.ts';

const counter = (name: string) => ({ names: [name], matchers: {} });

/** Bifrost: requests to the providers behind it, fallbacks included. */
export const bifrost: PrometheusPreset = {
  name: 'bifrost',
  counts: 'attempts',
  seenBy: 'gateway',
  armLabel: null,
  requests: counter('bifrost_upstream_requests_total'),
  failures: {
    counter: counter('bifrost_error_requests_total'),
    labels: ['status_code', 'error_type'],
    means: /(?:)/,
  },
  latency: {
    names: ['bifrost_upstream_latency_seconds_bucket'],
    matchers: { is_success: 'true' },
    unit: 's',
    failures: 'never',
  },
  ttft: {
    names: ['bifrost_stream_first_token_latency_seconds_bucket'],
    matchers: {},
    unit: 's',
    failures: 'never',
  },
  tokens: {
    input: counter('bifrost_input_tokens_total'),
    output: counter('bifrost_output_tokens_total'),
    cachedInput: counter('bifrost_cache_read_input_tokens_total'),
    known: null,
  },
  cost: counter('bifrost_cost_total'),
  labels: { model: ['model'], key: ['virtual_key_name'], member: ['user_name'] },
};
