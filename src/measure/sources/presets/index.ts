/** The metrics of known exporters. */
import type { PresetName } from '../../../config/schema/prometheus.ts';
import type { Counter } from '../counters.ts';
import type { Matchers } from '../prometheus-api.ts';
import { ANY_VALUE, type PrometheusPreset, type Timer } from './preset.ts';

/** @param names alternatives */
const counter = (names: string | readonly string[], matchers: Matchers = {}): Counter => ({
  names: [names].flat(),
  matchers,
});

/** A histogram in seconds. */
const seconds = (
  names: string | readonly string[],
  failures: Timer['failures'],
  matchers: Matchers = {},
): Timer => ({ ...counter(names, matchers), unit: 's', failures });

/** What a gateway counts: each request that it answers, and no other arm. */
const BY_GATEWAY = { counts: 'attempts', seenBy: 'gateway', armLabel: null } as const;

/** The exporter of OpenTelemetry's JavaScript writes no unit into a name. */
const timed = (name: string, suffix: string) => [`${name}_seconds${suffix}`, `${name}${suffix}`];

/** OpenTelemetry writes a unit of `token` into the name, but not one of `{token}`. */
const TOKEN_USAGE = ['gen_ai_client_token_usage', 'gen_ai_client_token_usage_token'];

/**
 * Tokens by OpenTelemetry's conventions for generative AI: a histogram, whose sum is tokens and whose count is the
 * requests that reported them.
 * @param matchers other labels that its series must have
 */
function genAiTokens(matchers: Matchers = {}): NonNullable<PrometheusPreset['tokens']> {
  const usage = (suffix: '_sum' | '_count', type: string) =>
    counter(
      TOKEN_USAGE.map((name) => name + suffix),
      { ...matchers, gen_ai_token_type: type },
    );
  return {
    input: usage('_sum', 'input'),
    output: usage('_sum', 'output'),
    cachedInput: usage('_sum', 'cached_input'),
    known: usage('_count', 'input'),
  };
}

/** The team's own programs may write metrics of the same names; only Envoy AI Gateway knows an original model. */
const OF_ENVOY = { gen_ai_original_model: null };

/** Agents, workflows and tools are timed by the same metric as the calls of models. */
const MODEL_CALLS = {
  gen_ai_operation_name: { exceptPattern: '(invoke|create)_.*|execute_tool|retrieval|plan' },
};

/** LiteLLM counts its own health checks, too. */
const TRAFFIC = { api_key_alias: { exceptPattern: 'litellm-internal-health-check' } };

/** Python's client library appends `_total` to the names of LiteLLM's counters. */
const total = (name: string, matchers: Matchers = {}) =>
  counter([`${name}_total`, name], { ...TRAFFIC, ...matchers });

/** Calls of models, by the end of their path; older versions have no such label. Others are refused `/key/info` and the like. */
const CALLS = {
  route: {
    pattern:
      'None||.*/(completions|embeddings|responses|messages|moderations|rerank|generations|edits|variations|speech|transcriptions|translations)',
  },
};

/** Kong's AI metrics have neither a service nor a route. */
const ai = (name: string, matchers = {}) => ({ ...counter(name, matchers), lacks: ['service', 'route'] });

/** By their names in the config. */
export const PRESETS = {
  /**
   * What OpenTelemetry's instrumentations of the OpenAI clients record in the team's own programs, by the semantic
   * conventions for generative AI: the call of the client's function, retries included. `server_address` is the host of
   * the base URL, so it names the arm without any work.
   */
  'otel-genai': {
    name: 'otel-genai',
    counts: 'tasks',
    seenBy: 'client',
    armLabel: 'server_address',
    requests: counter(timed('gen_ai_client_operation_duration', '_count'), MODEL_CALLS),
    failures: { counter: null, labels: ['error_type'], means: /./ },
    latency: seconds(timed('gen_ai_client_operation_duration', '_bucket'), 'by-label', MODEL_CALLS),
    ttft: seconds(
      [
        ...timed('gen_ai_client_operation_time_to_first_chunk', '_bucket'),
        ...timed('gen_ai_server_time_to_first_token', '_bucket'),
      ],
      'never',
    ),
    tokens: genAiTokens(MODEL_CALLS),
    cost: null,
    labels: { model: ['gen_ai_request_model', 'gen_ai_response_model'], key: [], member: [] },
  },

  /** LiteLLM's proxy: the clients' requests as the proxy saw them. Its latencies are those of served requests. */
  litellm: {
    name: 'litellm',
    ...BY_GATEWAY,
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
  },

  /** Envoy AI Gateway: the server side of OpenTelemetry's conventions. The original model is the client's. */
  'envoy-ai-gateway': {
    name: 'envoy-ai-gateway',
    ...BY_GATEWAY,
    requests: counter('gen_ai_server_request_duration_seconds_count', OF_ENVOY),
    failures: { counter: null, labels: ['error_type'], means: /./ },
    latency: seconds('gen_ai_server_request_duration_seconds_bucket', 'by-label', OF_ENVOY),
    ttft: seconds('gen_ai_server_time_to_first_token_seconds_bucket', 'never', OF_ENVOY),
    tokens: genAiTokens(OF_ENVOY),
    cost: null,
    labels: { model: ['gen_ai_original_model', 'gen_ai_request_model'], key: [], member: [] },
  },

  /** Bifrost: requests to the providers behind it, fallbacks included. */
  bifrost: {
    name: 'bifrost',
    ...BY_GATEWAY,
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
  },

  /**
   * Kong with its Prometheus plugin (`status_code_metrics`, `latency_metrics`, `ai_metrics`). Its requests and
   * latencies cover all services: select the AI ones by `labels: { service: … }`. They do not name the model; its tokens
   * and costs do, but not the service.
   */
  kong: {
    name: 'kong',
    ...BY_GATEWAY,
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
  },
} as const satisfies Record<PresetName, PrometheusPreset>;
