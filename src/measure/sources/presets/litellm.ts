import type { PrometheusPreset } from './preset.ts';

/** Python's client library appends `_total` to the names of counters. */
const counter = (name: string) => ({ names: [`${name}_total`, name], matchers: {} });

/** LiteLLM's proxy: requests of clients, as the proxy saw them. Its latencies are those of served requests. */
export const litellm: PrometheusPreset = {
  name: 'litellm',
  counts: 'attempts',
  seenBy: 'gateway',
  armLabel: null,
  requests: counter('litellm_proxy_total_requests_metric'),
  failures: {
    counter: counter('litellm_proxy_failed_requests_metric'),
    labels: ['exception_status', 'exception_class'],
    means: /(?:)/,
  },
  latency: {
    names: ['litellm_request_total_latency_metric_bucket'],
    matchers: {},
    unit: 's',
    failures: 'never',
  },
  ttft: {
    names: ['litellm_llm_api_time_to_first_token_metric_bucket'],
    matchers: {},
    unit: 's',
    failures: 'never',
  },
  tokens: {
    input: counter('litellm_input_tokens_metric'),
    output: counter('litellm_output_tokens_metric'),
    cachedInput: counter('litellm_input_cached_tokens_metric'),
    known: null,
  },
  cost: counter('litellm_spend_metric'),
  labels: { model: ['requested_model', 'model'], key: ['api_key_alias'], member: ['user'] },
};
