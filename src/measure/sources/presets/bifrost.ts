import { ANY_VALUE, counter, type PrometheusPreset, seconds } from './preset.ts';

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
    means: ANY_VALUE,
  },
  latency: seconds('bifrost_upstream_latency_seconds_bucket', 'never', { is_success: 'true' }),
  ttft: seconds('bifrost_stream_first_token_latency_seconds_bucket', 'never'),
  tokens: {
    input: counter('bifrost_input_tokens_total'),
    output: counter('bifrost_output_tokens_total'),
    cachedInput: counter('bifrost_cache_read_input_tokens_total'),
    known: null,
  },
  cost: counter('bifrost_cost_total'),
  labels: { model: ['model'], key: ['virtual_key_name'], member: ['user_name'] },
};
