import type { PrometheusPreset } from './preset.ts';

const counter = (name: string, matchers = {}) => ({ names: [name], matchers });

/**
 * Kong with its Prometheus plugin (`status_code_metrics`, `latency_metrics`, `ai_metrics`). Its requests and
 * latencies are of all services: name the AI ones by `labels: { service: … }`. They do not name the model, and its
 * tokens and costs do not name the service, so only requests and latencies carry the configured labels.
 */
export const kong: PrometheusPreset = {
  name: 'kong',
  counts: 'attempts',
  seenBy: 'gateway',
  armLabel: null,
  requests: counter('kong_http_requests_total'),
  failures: { counter: null, label: 'code', means: /^(?![123]\d\d$)/ },
  latency: { names: ['kong_request_latency_ms_bucket'], matchers: {}, unit: 'ms', failures: 'mixed' },
  ttft: null,
  tokens: {
    input: counter('kong_ai_llm_tokens_total', { token_type: 'prompt_tokens' }),
    output: counter('kong_ai_llm_tokens_total', { token_type: 'completion_tokens' }),
    cachedInput: null,
    known: null,
  },
  cost: counter('kong_ai_llm_cost_total'),
  labels: { model: 'ai_model', key: null, member: 'consumer' },
};
