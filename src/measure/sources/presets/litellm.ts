import type { Matchers } from '../prometheus-api.ts';
import { ANY_VALUE, counter, type PrometheusPreset, seconds } from './preset.ts';

/** LiteLLM counts its own health checks, too. */
const TRAFFIC = { api_key_alias: { except: 'litellm-internal-health-check' } };

/** Python's client library appends `_total` to the names of counters. */
const total = (name: string, matchers: Matchers = {}) =>
  counter([`${name}_total`, name], { ...TRAFFIC, ...matchers });

/** Calls of models, by the end of their path; older versions have no such label. Others are refused `/key/info` and the like. */
const CALLS = {
  route: {
    pattern:
      'None||.*/(completions|embeddings|responses|messages|moderations|rerank|generations|edits|variations|speech|transcriptions|translations)',
  },
};

/** LiteLLM's proxy: the clients' requests as the proxy saw them. Its latencies are those of served requests. */
export const litellm: PrometheusPreset = {
  name: 'litellm',
  counts: 'attempts',
  seenBy: 'gateway',
  armLabel: null,
  requests: total('litellm_proxy_total_requests_metric', CALLS),
  failures: {
    counter: total('litellm_proxy_failed_requests_metric', CALLS),
    labels: ['exception_status', 'exception_class'],
    means: ANY_VALUE,
  },
  latency: seconds('litellm_request_total_latency_metric_bucket', 'never', TRAFFIC),
  ttft: seconds('litellm_llm_api_time_to_first_token_metric_bucket', 'never', TRAFFIC),
  tokens: {
    input: total('litellm_input_tokens_metric'),
    output: total('litellm_output_tokens_metric'),
    cachedInput: total('litellm_input_cached_tokens_metric'),
    known: null,
  },
  cost: total('litellm_spend_metric'),
  labels: { model: ['requested_model', 'model'], key: ['api_key_alias'], member: ['user'] },
};
