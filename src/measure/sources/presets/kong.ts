import { counter, type PrometheusPreset } from './preset.ts';

/** The AI metrics have neither a service nor a route. */
const ai = (name: string, matchers = {}) => ({ ...counter(name, matchers), lacks: ['service', 'route'] });

/**
 * Kong with its Prometheus plugin (`status_code_metrics`, `latency_metrics`, `ai_metrics`). Its requests and
 * latencies cover all services: select the AI ones by `labels: { service: … }`. They do not name the model; its tokens
 * and costs do, but not the service.
 */
export const kong: PrometheusPreset = {
  name: 'kong',
  counts: 'attempts',
  seenBy: 'gateway',
  armLabel: null,
  requests: counter('kong_http_requests_total'),
  failures: { counter: null, labels: ['code'], means: /^(?![123]\d\d$)/ },
  latency: { ...counter('kong_request_latency_ms_bucket'), unit: 'ms', failures: 'mixed' },
  ttft: { ...ai('kong_ai_llm_ttft_latency_ms_bucket'), unit: 'ms', failures: 'never' },
  tokens: {
    input: ai('kong_ai_llm_tokens_total', { token_type: 'prompt_tokens' }),
    output: ai('kong_ai_llm_tokens_total', { token_type: 'completion_tokens' }),
    cachedInput: null,
    known: null,
  },
  cost: ai('kong_ai_llm_cost_total'),
  labels: { model: ['ai_model'], key: [], member: ['consumer'] },
};
